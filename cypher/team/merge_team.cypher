// One row: the team of that name, with who and what belonged to it.
MERGE (team:Team {name_key: $name_key})
  ON CREATE SET team:Record,
                team.id = $id,
                team.created_at = $now,
                team.updated_at = $now,
                team.version = 1,
                team.source = 'graph_crm'
SET team.name = $name
RETURN team.id AS id,
       team.id = $id AS made,
       COLLECT {
         MATCH (team)<-[:MEMBER_OF]-(user:User)
         RETURN user.id ORDER BY user.id
       } AS member_ids,
       COLLECT {
         MATCH (team)-[:COVERS]->(territory:Territory)
         RETURN territory.id ORDER BY territory.id
       } AS territory_ids
