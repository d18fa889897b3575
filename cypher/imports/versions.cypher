// One row: the versions that these records have now; a contact's count what became of their employments, too.
UNWIND $ids AS id
MATCH (record:Record {id: id})
RETURN collect({
  id: record.id,
  version: record.version + reduce(changes = 0, job IN COLLECT {
    MATCH (record:Contact)-[employment:WORKS_AT]->() RETURN coalesce(employment.version, 1) } | changes + job)
}) AS found
