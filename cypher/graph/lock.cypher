// One row: the records found, locked in the order given, each with its version.
UNWIND $ids AS id
MATCH (record:Record {id: id})
REMOVE record._lock
RETURN collect({id: record.id, version: record.version}) AS records
