// One row per account of that folded name that the viewer may see, the oldest first, a few at most.
MATCH (account:Account)
USING INDEX SEEK account:Account(name_key, id)
WHERE account.name_key = $name_key
  AND account.id IS NOT NULL
  AND any(group IN account.readers WHERE group IN $viewer_groups)
RETURN account.id AS id
ORDER BY id
LIMIT 20
