// One row per person whom the viewer may name and who is called so, or has that id or e-mail address.
CALL () {
  MATCH (person:Record:Person {id: $text})
  RETURN person
  UNION
  MATCH (person:User)
  WHERE person.email = $address
  RETURN person
  UNION
  MATCH (address:EmailAddress {value: $address})<-[:HAS_EMAIL]-(person:Contact)
  RETURN person
  UNION
  MATCH (person:User)
  WHERE person.name_key = $name_key
  RETURN person
  UNION
  MATCH (person:Contact)
  WHERE person.name_key = $name_key
  RETURN person
}
WITH person
WHERE person:User OR any(group IN person.readers WHERE group IN $viewer_groups)
RETURN person.id AS id,
       person.name AS name
ORDER BY id
LIMIT 10
