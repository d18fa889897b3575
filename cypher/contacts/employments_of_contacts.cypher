// One row per employment of these contacts in force that day, or ended before it, at an account the viewer may see.
MATCH (contact:Record:Contact)-[employment:WORKS_AT]->(account:Account)
WHERE contact.id IN $contact_ids
  AND any(group IN contact.readers WHERE group IN $viewer_groups)
  AND any(group IN account.readers WHERE group IN $viewer_groups)
  AND (employment.valid_from IS NULL OR employment.valid_from <= $day)
  AND ($include_former OR employment.valid_to IS NULL OR employment.valid_to > $day)
RETURN employment.id AS id,
       contact.id AS contact_id,
       account.id AS account_id,
       employment.title AS title,
       employment.department AS department,
       coalesce(employment.seniority, 'UNKNOWN') AS seniority,
       coalesce(employment.seniority_derived, false) AS seniority_derived,
       coalesce(employment.is_primary, false) AS is_primary,
       employment.valid_from AS valid_from,
       employment.valid_to AS valid_to
ORDER BY is_primary DESC, coalesce(valid_to, date('9999-12-31')) DESC, coalesce(valid_from, date('0001-01-01')) DESC, id
