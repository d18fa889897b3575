// One row per contact of one of these folded names that the viewer may see, the oldest first, a few at most.
UNWIND $name_keys AS name_key
MATCH (contact:Contact)
USING INDEX SEEK contact:Contact(name_key, id)
WHERE contact.name_key = name_key
  AND contact.id IS NOT NULL
  AND any(group IN contact.readers WHERE group IN $viewer_groups)
RETURN contact.id AS id
ORDER BY id
LIMIT 20
