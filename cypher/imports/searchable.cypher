// One row: the records with these ids, each with all that the full-text index reads of it.
UNWIND $ids AS id
MATCH (record:Record {id: id})
RETURN collect({
  id: record.id,
  parts: CASE
    WHEN record:Account THEN [record.name, record.legal_name, record.domain]
    WHEN record:Contact THEN [record.display_name] + COLLECT {
      MATCH (record)-[has:HAS_EMAIL]->(address:EmailAddress)
      RETURN address.value
      ORDER BY has.position, address.value
    }
    ELSE [record.name] END
}) AS found
