// No row: the contact has these e-mail addresses, which others may share.
MATCH (contact:Record:Contact {id: $contact_id})
UNWIND $addresses AS given
MERGE (address:EmailAddress {value: given.value})
  ON CREATE SET address:Record,
                address.id = given.id,
                address.as_given = given.as_given,
                address.created_at = $now,
                address.updated_at = $now,
                address.version = 1,
                address.source = $source
MERGE (contact)-[has:HAS_EMAIL]->(address)
  ON CREATE SET has.position = given.position, has.as_given = given.as_given
