// One row per record with an assignment that ended after one day and until another.
MATCH (:User)-[assignment:OWNS|WORKS_ON]->(record:Record)
WHERE assignment.valid_to > $since
  AND assignment.valid_to <= $today
RETURN DISTINCT record.id AS id,
       record:Account AS is_account
