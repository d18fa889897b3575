// No row: the contact has these telephone numbers, which others may share.
MATCH (contact:Record:Contact {id: $contact_id})
UNWIND $numbers AS given
MERGE (phone:Phone {value: given.value})
  ON CREATE SET phone:Record,
                phone.id = given.id,
                phone.as_given = given.as_given,
                phone.created_at = $now,
                phone.updated_at = $now,
                phone.version = 1,
                phone.source = $source
MERGE (contact)-[has:HAS_PHONE]->(phone)
  ON CREATE SET has.position = given.position, has.as_given = given.as_given
