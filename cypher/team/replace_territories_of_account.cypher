// At most one row: in which territories the account lay before.
MATCH (account:Record:Account {id: $account_id})
WITH account,
     COLLECT {
       MATCH (account)-[:IN]->(territory:Territory)
       RETURN territory.id ORDER BY territory.id
     } AS before
CALL (account) {
  MATCH (account)-[place:IN]->(territory:Territory)
  WHERE NOT territory.id IN $territory_ids
  DELETE place
}
CALL (account) {
  MATCH (territory:Record:Territory)
  WHERE territory.id IN $territory_ids
    AND NOT EXISTS { (account)-[:IN]->(territory) }
  CREATE (account)-[:IN]->(territory)
}
RETURN before
