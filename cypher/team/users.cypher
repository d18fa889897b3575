// One row per user of ours after the one that the cursor names, by name.
MATCH (user:User)
WHERE user.name_key >= $name_key
  AND CASE WHEN user.name_key = $name_key THEN user.id > $id ELSE true END
WITH user
ORDER BY user.name_key, user.id
LIMIT $limit
RETURN user.id AS id,
       user.name AS name,
       user.email AS email,
       user.role AS role,
       user.active AND (user.leaves_on IS NULL OR user.leaves_on >= $today) AS active,
       user.language AS language,
       user.leaves_on AS leaves_on,
       COLLECT { MATCH (user)-[:SUCCEEDED_BY]->(successor:User) RETURN successor.id }[0] AS successor_id
ORDER BY user.name_key, user.id
