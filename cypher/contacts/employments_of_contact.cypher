// One row per employment of the contact at an account the viewer may see, whenever it was.
MATCH (contact:Record:Contact {id: $contact_id})-[employment:WORKS_AT]->(account:Account)
WHERE any(group IN contact.readers WHERE group IN $viewer_groups)
  AND any(group IN account.readers WHERE group IN $viewer_groups)
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
ORDER BY id
