// One row per visible opportunity of that name, some at most.
MATCH (opportunity:Record:Opportunity)
WHERE opportunity.name_key = $name_key
  AND any(group IN opportunity.readers WHERE group IN $viewer_groups)
RETURN opportunity.id AS id
ORDER BY id
LIMIT $limit
