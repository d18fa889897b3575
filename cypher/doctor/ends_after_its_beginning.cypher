// One row: how many dated facts end before or when they begin, and the first of them.
CALL () {
  MATCH (assessment:Assessment)
  WHERE assessment.valid_to <= assessment.valid_from
  RETURN assessment.id AS id
  UNION ALL
  MATCH ()-[dated]->()
  WHERE dated.valid_to <= dated.valid_from
  RETURN coalesce(dated.id, elementId(dated)) AS id
}
WITH id
ORDER BY id
RETURN count(id) AS count,
       collect(id)[..10] AS first
