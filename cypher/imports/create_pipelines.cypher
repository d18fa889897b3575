// One row: how many pipelines have got stages: all but those that are new to the file and that another import just made.
UNWIND $rows AS row
MERGE (pipeline:Pipeline {name_key: row.name_key})
  ON CREATE SET pipeline:Record,
                pipeline.id = row.id,
                pipeline.name = row.name,
                pipeline.kind = 'SALES',
                pipeline.order = row.order,
                pipeline.created_at = $now,
                pipeline.updated_at = $now,
                pipeline.version = 1,
                pipeline.source = $system
WITH pipeline, row
WHERE NOT row.is_new OR pipeline.id = row.id
CALL (pipeline, row) {
  UNWIND row.stages AS described
  CREATE (pipeline)-[:HAS_STAGE]->(:Record:Stage {
    id: described.id,
    key: described.key,
    name: described.name,
    order: described.order,
    probability: described.probability,
    is_won: described.is_won,
    is_lost: described.is_lost,
    created_at: $now,
    updated_at: $now,
    version: 1,
    source: $system
  })
}
CALL (pipeline, row) {
  WITH pipeline, row
  WHERE row.is_new
  MATCH (:Record:Pipeline {id: $usual_pipeline_id})-[:HAS_ROLE_TEMPLATE]->(usual:RoleTemplate)
  CREATE (pipeline)-[:HAS_ROLE_TEMPLATE]->(:RoleTemplate {
    roles: usual.roles,
    weights: usual.weights,
    from_probability: usual.from_probability
  })
}
RETURN count(*) AS count
