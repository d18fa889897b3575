// One row: how many contacts can be reached under these addresses and numbers from now on.
UNWIND $rows AS row
MATCH (contact:Record:Contact {id: row.id})
FOREACH (given IN CASE WHEN row.email IS NULL THEN [] ELSE [row.email] END |
  MERGE (address:EmailAddress {value: given.value})
    ON CREATE SET address:Record,
                  address.id = given.id,
                  address.as_given = given.as_given,
                  address.created_at = $now,
                  address.updated_at = $now,
                  address.version = 1,
                  address.source = $system
  MERGE (contact)-[has:HAS_EMAIL]->(address)
    ON CREATE SET has.position = given.position, has.as_given = given.as_given
)
FOREACH (given IN row.phones |
  MERGE (phone:Phone {value: given.value})
    ON CREATE SET phone:Record,
                  phone.id = given.id,
                  phone.as_given = given.as_given,
                  phone.created_at = $now,
                  phone.updated_at = $now,
                  phone.version = 1,
                  phone.source = $system
  MERGE (contact)-[has:HAS_PHONE]->(phone)
    ON CREATE SET has.position = given.position, has.as_given = given.as_given
)
RETURN count(*) AS count
