// One row: how many accounts or opportunities have this owner from now on; an owner of before ends today.
UNWIND $rows AS row
MATCH (record:Record {id: row.id})
WHERE record:Account OR record:Opportunity
MATCH (owner:Record:User {id: row.ownership.user_id})
CALL (record, owner) {
  MATCH (other:User)-[assignment:OWNS]->(record)
  WHERE other <> owner
    AND (assignment.valid_to IS NULL OR assignment.valid_to > $today)
  SET assignment.valid_to = $today
}
CALL (record, owner, row) {
  WITH record, owner, row
  WHERE NOT EXISTS {
    MATCH (owner)-[assignment:OWNS]->(record)
    WHERE assignment.valid_to IS NULL OR assignment.valid_to > $today
  }
  CREATE (owner)-[:OWNS {
    id: row.ownership.id,
    function: CASE WHEN record:Account THEN 'ACCOUNT_MANAGER' ELSE 'ACCOUNT_EXECUTIVE' END
  }]->(record)
}
RETURN count(*) AS count
