// At most one row: whether the record is an account, a contact or an opportunity that the viewer may see.
MATCH (record:Record {id: $record_id})
WHERE any(group IN record.readers WHERE group IN $viewer_groups)
RETURN CASE
         WHEN record:Account THEN 'ACCOUNT'
         WHEN record:Contact THEN 'CONTACT'
         ELSE 'OPPORTUNITY'
       END AS record_type
