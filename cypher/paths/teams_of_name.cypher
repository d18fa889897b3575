// One row per team of that name; without a name, per team of whoever asks.
MATCH (team:Team)
WHERE team.name_key = $name_key
  OR $name_key IS NULL AND EXISTS { (:Record:User {id: $viewer_id})-[:MEMBER_OF]->(team) }
RETURN team.id AS id,
       team.name AS name
ORDER BY name, id
