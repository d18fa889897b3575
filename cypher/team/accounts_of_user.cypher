// One row per account that somebody of ours owns or works on today and that the viewer may see, by name.
MATCH (user:Record:User {id: $user_id})-[assignment:OWNS|WORKS_ON]->(account:Account)
WHERE (assignment.valid_from IS NULL OR assignment.valid_from <= $today)
  AND (assignment.valid_to IS NULL OR assignment.valid_to > $today)
  AND any(group IN account.readers WHERE group IN $viewer_groups)
WITH DISTINCT account
WHERE account.name_key > $name_key
   OR (account.name_key = $name_key AND account.id > $id)
RETURN account.id AS id,
       account.name_key AS name_key
ORDER BY name_key, id
LIMIT $limit
