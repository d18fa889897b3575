// One row per team of each of these users, by name.
MATCH (user:Record:User)-[:MEMBER_OF]->(team:Team)
WHERE user.id IN $user_ids
RETURN user.id AS user_id,
       team.id AS id,
       team.name AS name
ORDER BY team.name_key
