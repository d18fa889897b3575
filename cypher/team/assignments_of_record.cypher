// One row per person who owns a record or works on it today or later.
MATCH (record:Record {id: $record_id})
MATCH (user:User)-[assignment:OWNS|WORKS_ON]->(record)
WHERE assignment.valid_to IS NULL OR assignment.valid_to > $today
RETURN assignment.id AS id,
       user.id AS user_id,
       type(assignment) = 'OWNS' AS owns,
       assignment.function AS function,
       assignment.valid_from AS valid_from,
       assignment.valid_to AS valid_to
ORDER BY id
