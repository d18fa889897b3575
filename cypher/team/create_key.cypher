// One row: the new key of a user.
MATCH (user:Record:User {id: $user_id})
CREATE (user)-[:HAS_KEY]->(key:Record:ApiKey {
  id: $id,
  prefix: $prefix,
  digest: $digest,
  scopes: $scopes,
  expires_at: $expires_at,
  created_at: $now,
  updated_at: $now,
  version: 1,
  source: 'graph_crm'
})
SET user.active = true
RETURN key.id AS id
