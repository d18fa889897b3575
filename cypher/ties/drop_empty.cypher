// One row: how many ties of these people held nothing any more and are gone.
UNWIND $person_ids AS person_id
MATCH (first:Record:Person {id: person_id})-[tie:KNOWS]->(second:Person)
WHERE tie.count = 0
  AND tie.stated_level IS NULL
  AND tie.latent_months IS NULL
  AND tie.override IS NULL
SET second.degree = second.degree - 1
DELETE tie
RETURN count(*) AS dropped
