// One row per contact of a few with ties, whichever come first, to make the database warm with.
MATCH (contact:Contact)
WHERE contact.degree > 0
RETURN contact.id AS id
LIMIT 2
