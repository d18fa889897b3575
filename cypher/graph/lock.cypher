// One row per record found, locked in the order given, with its version.
UNWIND $ids AS id
MATCH (record:Record {id: id})
REMOVE record._lock
RETURN record.id AS id,
       record.version AS version
