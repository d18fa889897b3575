// One row per account, contact or opportunity that something may be about and the viewer may see.
MATCH (record:Record)
WHERE record.id IN $ids
  AND (record:Account OR record:Contact OR record:Opportunity)
  AND any(group IN record.readers WHERE group IN $viewer_groups)
RETURN record.id AS id
