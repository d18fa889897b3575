// One row: how many contacts report, in the end, to themselves at one instant, and the first of them.
MATCH (contact:Contact)
WHERE EXISTS {
  MATCH (contact)-[lines:REPORTS_TO*1..50]->(contact)
  WHERE all(line IN lines
            WHERE line.kind = 'SOLID'
              AND all(other IN lines
                      WHERE line.valid_to IS NULL OR other.valid_from IS NULL OR other.valid_from < line.valid_to))
}
WITH contact.id AS id
ORDER BY id
RETURN count(id) AS count,
       collect(id)[..10] AS first
