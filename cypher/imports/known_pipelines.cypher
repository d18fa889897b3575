// One row per pipeline, with its stages in order.
MATCH (pipeline:Record:Pipeline)
RETURN pipeline.id AS id,
       pipeline.version AS version,
       pipeline.name AS name,
       pipeline.name_key AS name_key,
       pipeline.order AS order,
       COLLECT {
         MATCH (pipeline)-[:HAS_STAGE]->(stage:Stage)
         RETURN stage { .id, .key, .name, .order, .probability, .is_won, .is_lost }
         ORDER BY stage.order
       } AS stages
ORDER BY order, name
