// One row: how many people have another degree than their number of ties, and the first of them.
MATCH (person:Person)
WHERE coalesce(person.degree, 0) <> COUNT { (person)-[:KNOWS]-() }
WITH person.id AS id
ORDER BY id
RETURN count(id) AS count,
       collect(id)[..10] AS first
