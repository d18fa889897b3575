// One row: how many territories the team covers now.
MATCH (team:Record:Team {id: $team_id})
CALL (team) {
  MATCH (team)-[coverage:COVERS]->(territory:Territory)
  WHERE NOT territory.id IN $territory_ids
  DELETE coverage
}
CALL (team) {
  MATCH (territory:Record:Territory)
  WHERE territory.id IN $territory_ids
    AND NOT EXISTS { (team)-[:COVERS]->(territory) }
  CREATE (team)-[:COVERS]->(territory)
}
RETURN COUNT { (team)-[:COVERS]->(:Territory) } AS count
