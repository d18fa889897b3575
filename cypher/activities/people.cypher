// One row per person who may be named: by id, or by an e-mail address of theirs.
CALL () {
  MATCH (person:Record:Person)
  WHERE person.id IN $person_ids
  RETURN person, person.id AS asked
  UNION
  MATCH (person:User)
  WHERE person.email IN $addresses
  RETURN person, person.email AS asked
  UNION
  MATCH (address:EmailAddress)<-[:HAS_EMAIL]-(person:Contact)
  WHERE address.value IN $addresses
  RETURN person, address.value AS asked
}
WITH person, asked
WHERE person:User OR any(group IN person.readers WHERE group IN $viewer_groups)
RETURN asked,
       person.id AS person_id,
       person:User AS is_ours
ORDER BY asked, person_id
