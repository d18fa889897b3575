// One row per user, team or territory among these.
MATCH (group:Record)
WHERE group.id IN $ids
  AND (group:User OR group:Team OR group:Territory)
RETURN group.id AS id
