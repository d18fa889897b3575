// One row: the tie of two people, made if it was not there, with what was said of it.
MATCH (first:Record:Person {id: $first_id})
MATCH (second:Record:Person {id: $second_id})
MERGE (first)-[tie:KNOWS {key: $key}]->(second)
  ON CREATE SET tie.id = $tie_id,
                tie.out = 0.0,
                tie.in = 0.0,
                tie.mutual = 0.0,
                tie.at = $stated_at,
                tie.count = 0,
                first.degree = coalesce(first.degree, 0) + 1,
                second.degree = coalesce(second.degree, 0) + 1
SET tie.stated_level = $level,
    tie.stated_at = $stated_at,
    tie.stated_by = $stated_by,
    tie.note = $note,
    tie.visibility = $visibility,
    tie.owner_id = $owner_id
RETURN tie.id AS id
