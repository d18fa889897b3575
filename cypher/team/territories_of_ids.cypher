// One row per territory among these.
MATCH (territory:Record:Territory)
WHERE territory.id IN $ids
RETURN territory.id AS id,
       territory.name AS name
