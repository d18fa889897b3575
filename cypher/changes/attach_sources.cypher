// One row per source key with the id of the record it stands for, which is another one when it was taken before.
UNWIND $sources AS given
MATCH (record:Record {id: given.record_id})
MERGE (source:SourceRecord {key: given.key})
  ON CREATE SET source:Record,
                source.id = given.id,
                source.system = given.system,
                source.record_type = given.record_type,
                source.external_key = given.external_key,
                source.imported_at = $now,
                source.created_at = $now,
                source.updated_at = $now,
                source.version = 1,
                source.source = given.system
WITH record, source
CALL (record, source) {
  WITH record, source
  WHERE NOT EXISTS { (:Record)-[:FROM_SOURCE]->(source) }
  CREATE (record)-[:FROM_SOURCE]->(source)
}
WITH DISTINCT source
MATCH (holder:Record)-[:FROM_SOURCE]->(source)
RETURN source.key AS key,
       holder.id AS record_id
