// One row per person after an id, in the order of ids: the next batch of a rebuild.
MATCH (person:Record:Person)
WHERE person.id > $after_id
RETURN person.id AS id
ORDER BY id
LIMIT $limit
