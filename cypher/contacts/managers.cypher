// One row per contact of these with somebody they report to that moment whom the viewer may see.
MATCH (contact:Record:Contact)-[line:REPORTS_TO]->(manager:Contact)
WHERE contact.id IN $contact_ids
  AND line.kind = 'SOLID'
  AND (line.valid_from IS NULL OR line.valid_from <= $as_of)
  AND (line.valid_to IS NULL OR line.valid_to > $as_of)
  AND any(group IN contact.readers WHERE group IN $viewer_groups)
  AND any(group IN manager.readers WHERE group IN $viewer_groups)
RETURN contact.id AS contact_id,
       manager.id AS manager_id
ORDER BY contact_id, manager_id
