// At most one row: the contact, when the viewer may see it.
MATCH (contact:Record:Contact {id: $contact_id})
WHERE any(group IN contact.readers WHERE group IN $viewer_groups)
RETURN contact.id AS id
