// One row: the key no longer lets anybody in.
MATCH (key:Record:ApiKey {id: $id})
SET key.revoked_at = coalesce(key.revoked_at, $now)
RETURN key.id AS id
