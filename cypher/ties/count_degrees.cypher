// One row: how many of these people were said to have another number of ties than they have.
MATCH (person:Record:Person)
WHERE person.id IN $person_ids
WITH person, COUNT { (person)-[:KNOWS]-() } AS degree
WHERE person.degree IS NULL OR person.degree <> degree
SET person.degree = degree
RETURN count(person) AS corrected
