// One row: the assignment with its new dates.
MATCH (record:Record {id: $record_id})
MATCH (:User)-[assignment:OWNS|WORKS_ON {id: $id}]->(record)
SET assignment.valid_from = $valid_from,
    assignment.valid_to = $valid_to
RETURN assignment.id AS id
