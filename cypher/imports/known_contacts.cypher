// One row: the contacts with one of these ids that the viewer may see, with whom they work for now.
MATCH (contact:Record:Contact)
WHERE contact.id IN $contact_ids
  AND any(group IN contact.readers WHERE group IN $viewer_groups)
WITH contact,
     COLLECT {
       MATCH (contact)-[employment:WORKS_AT]->(account:Account)
       WHERE (employment.valid_to IS NULL OR employment.valid_to > $today)
         AND any(group IN account.readers WHERE group IN $viewer_groups)
       RETURN {id: account.id, name: account.name, title: employment.title, department: employment.department}
       ORDER BY coalesce(employment.is_primary, false) DESC, employment.id
     } AS employments
RETURN collect({
  id: contact.id,
  version: contact.version + reduce(changes = 0, job IN COLLECT {
    MATCH (contact)-[employment:WORKS_AT]->() RETURN coalesce(employment.version, 1) } | changes + job),
  name: contact.display_name,
  name_key: contact.name_key,
  given_name: contact.given_name,
  family_name: contact.family_name,
  civility: contact.civility,
  emails: COLLECT { MATCH (contact)-[:HAS_EMAIL]->(address:EmailAddress) RETURN address.value },
  employer_as_given: contact.employer_as_given,
  account_ids: [employment IN employments | employment.id],
  account_names: [employment IN employments | employment.name],
  title: head([employment IN employments | employment.title]),
  department: head([employment IN employments | employment.department])
}) AS found
