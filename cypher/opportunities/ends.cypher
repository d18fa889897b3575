// One row per account, contact or colleague that the new opportunity names and the viewer may see.
MATCH (record:Record)
WHERE record.id IN $ids
  AND (record:User AND record.active
    OR (record:Account OR record:Contact) AND any(group IN record.readers WHERE group IN $viewer_groups))
RETURN record.id AS id,
       CASE WHEN record:Account THEN 'ACCOUNT' WHEN record:Contact THEN 'CONTACT' ELSE 'USER' END AS kind
