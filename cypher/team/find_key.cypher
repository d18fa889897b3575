// At most one row: the key with this prefix, unless it was revoked or its user has left.
MATCH (key:ApiKey {prefix: $prefix})<-[:HAS_KEY]-(user:User)
WHERE key.revoked_at IS NULL
  AND user.active
  AND (user.leaves_on IS NULL OR user.leaves_on >= $today)
RETURN key.prefix AS prefix,
       key.digest AS digest,
       user.id AS user_id,
       key.scopes AS scopes,
       key.expires_at AS expires_at
