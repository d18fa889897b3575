// One row: how many sources hold what their file says of their record now.
UNWIND $rows AS row
MATCH (record:Record {id: row.id})
MERGE (source:SourceRecord {key: row.source.key})
  ON CREATE SET source:Record,
                source.id = row.source.id,
                source.system = $system,
                source.record_type = $record_type,
                source.external_key = row.source.external_key,
                source.created_at = $now,
                source.version = 1,
                source.source = $system
SET source.values = row.source.values,
    source.file = row.source.file,
    source.row = row.source.row,
    source.import_job_id = $job_id,
    source.imported_at = $now,
    source.updated_at = $now
MERGE (record)-[:FROM_SOURCE]->(source)
RETURN count(*) AS count
