// One row: how many ties carry another key than their pair's, or lead the wrong way, and the first of them.
MATCH (smaller:Person)-[tie:KNOWS]->(larger:Person)
WHERE tie.key IS NULL
   OR tie.key <> smaller.id + ':' + larger.id
   OR smaller.id >= larger.id
WITH coalesce(tie.key, elementId(tie)) AS id
ORDER BY id
RETURN count(id) AS count,
       collect(id)[..10] AS first
