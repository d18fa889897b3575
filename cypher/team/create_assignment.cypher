// One row: the assignment of somebody who works on the record.
MATCH (user:Record:User {id: $user_id})
MATCH (record:Record {id: $record_id})
CREATE (user)-[assignment:WORKS_ON {
  id: $id,
  function: $function,
  valid_from: $valid_from,
  valid_to: $valid_to
}]->(record)
RETURN assignment.id AS id
