// One row: the versions that these records have now.
UNWIND $ids AS id
MATCH (record:Record {id: id})
RETURN collect({id: record.id, version: record.version}) AS found
