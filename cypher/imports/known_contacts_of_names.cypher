// One row: the contacts with one of these folded names that the viewer may see.
MATCH (contact:Contact)
WHERE contact.name_key IN $name_keys
  AND contact.id IS NOT NULL
  AND any(group IN contact.readers WHERE group IN $viewer_groups)
RETURN collect(contact.id) AS found
