// One row per key that was revoked because its user left.
MATCH (user:Record:User)-[:HAS_KEY]->(key:ApiKey)
WHERE user.id IN $user_ids
  AND key.revoked_at IS NULL
SET key.revoked_at = $now
RETURN user.id AS user_id,
       key.prefix AS prefix
