// One row: how many contacts report to two people at the same instant, dotted lines aside, and the first of them.
MATCH (contact:Contact)-[line:REPORTS_TO {kind: 'SOLID'}]->(:Contact)
MATCH (contact)-[other:REPORTS_TO {kind: 'SOLID'}]->(:Contact)
WHERE elementId(line) < elementId(other)
  AND (line.valid_to IS NULL OR other.valid_from IS NULL OR other.valid_from < line.valid_to)
  AND (other.valid_to IS NULL OR line.valid_from IS NULL OR line.valid_from < other.valid_to)
WITH DISTINCT contact.id AS id
ORDER BY id
RETURN count(id) AS count,
       collect(id)[..10] AS first
