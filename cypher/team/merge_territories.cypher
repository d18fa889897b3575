// One row per territory: those that had no node have one now.
UNWIND $territories AS given
MERGE (territory:Territory {name_key: given.name_key})
  ON CREATE SET territory:Record,
                territory.id = given.id,
                territory.name = given.name,
                territory.created_at = $now,
                territory.updated_at = $now,
                territory.version = 1,
                territory.source = 'graph_crm'
RETURN territory.id AS id,
       territory.name AS name,
       territory.id = given.id AS made
