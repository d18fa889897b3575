// One row: how many accounts somebody of ours owns or works on today that the viewer may see.
MATCH (user:Record:User {id: $user_id})-[assignment:OWNS|WORKS_ON]->(account:Account)
WHERE (assignment.valid_from IS NULL OR assignment.valid_from <= $today)
  AND (assignment.valid_to IS NULL OR assignment.valid_to > $today)
  AND any(group IN account.readers WHERE group IN $viewer_groups)
RETURN count(DISTINCT account) AS count
