// One row per territory that each of these teams covers, by name.
MATCH (team:Record:Team)-[:COVERS]->(territory:Territory)
WHERE team.id IN $team_ids
RETURN team.id AS team_id,
       territory.id AS id,
       territory.name AS name
ORDER BY territory.name_key
