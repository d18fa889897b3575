// One row per key, the newest first.
MATCH (key:ApiKey)<-[:HAS_KEY]-(user:User)
RETURN key.prefix AS prefix,
       user.name AS user_name,
       user.email AS user_email,
       key.scopes AS scopes,
       key.created_at AS created_at,
       key.expires_at AS expires_at,
       key.revoked_at AS revoked_at
ORDER BY created_at DESC, prefix
