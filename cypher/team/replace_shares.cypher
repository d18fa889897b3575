// One row: with whom the record was shared before.
MATCH (record:Record {id: $record_id})
WITH record,
     COLLECT {
       MATCH (record)-[:SHARED_WITH]->(shared:Record)
       RETURN shared.id ORDER BY shared.id
     } AS before
CALL (record) {
  MATCH (record)-[share:SHARED_WITH]->(shared:Record)
  WHERE NOT shared.id IN $with_ids
  DELETE share
}
CALL (record) {
  MATCH (shared:Record)
  WHERE shared.id IN $with_ids
    AND NOT EXISTS { (record)-[:SHARED_WITH]->(shared) }
  CREATE (record)-[:SHARED_WITH]->(shared)
}
RETURN before
