// At most one row: the key with this prefix and whose it is.
MATCH (key:ApiKey {prefix: $prefix})<-[:HAS_KEY]-(user:User)
RETURN key.id AS id,
       user.id AS user_id,
       user.role AS role,
       key.revoked_at AS revoked_at
