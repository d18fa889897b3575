// One row: the deal with its own role template.
MATCH (opportunity:Record:Opportunity {id: $opportunity_id})
MERGE (opportunity)-[:HAS_ROLE_TEMPLATE]->(template:RoleTemplate)
SET template.roles = $roles,
    template.weights = $weights,
    template.from_probability = $from_probability
RETURN opportunity.id AS id
