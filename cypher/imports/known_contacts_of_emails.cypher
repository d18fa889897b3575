// One row: the contacts with one of these e-mail addresses that the viewer may see.
MATCH (address:EmailAddress)<-[:HAS_EMAIL]-(contact:Contact)
WHERE address.value IN $emails
  AND any(group IN contact.readers WHERE group IN $viewer_groups)
WITH DISTINCT contact
RETURN collect(contact.id) AS found
