// One row per record that has an owner from today on.
UNWIND $ownerships AS ownership
MATCH (record:Record {id: ownership.record_id})
WHERE record:Account OR record:Opportunity
MATCH (user:Record:User {id: ownership.user_id})
CREATE (user)-[assignment:OWNS {
  id: ownership.id,
  function: CASE WHEN record:Account THEN 'ACCOUNT_MANAGER' ELSE 'ACCOUNT_EXECUTIVE' END,
  valid_from: $today
}]->(record)
RETURN assignment.id AS id
