// One row: the deal without a role template of its own.
MATCH (opportunity:Record:Opportunity {id: $opportunity_id})
CALL (opportunity) {
  MATCH (opportunity)-[:HAS_ROLE_TEMPLATE]->(template:RoleTemplate)
  DETACH DELETE template
}
RETURN opportunity.id AS id
