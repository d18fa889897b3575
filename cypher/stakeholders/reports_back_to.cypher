// One row: whether the second person already reports to the first on that date, at any distance.
MATCH (manager:Record:Contact {id: $manager_id})
MATCH (report:Record:Contact {id: $report_id})
RETURN EXISTS {
  MATCH (manager)-[lines:REPORTS_TO*1..50]->(report)
  WHERE all(line IN lines WHERE line.kind = 'SOLID' AND (line.valid_to IS NULL OR line.valid_to > $valid_from))
} AS loops
