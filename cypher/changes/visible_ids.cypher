// One row per record among these that the viewer may see.
MATCH (record:Record)
WHERE record.id IN $ids
  AND (record:User OR record:Team OR record:Territory OR record:Pipeline OR record:Stage
       OR any(group IN record.readers WHERE group IN $viewer_groups))
RETURN record.id AS id
