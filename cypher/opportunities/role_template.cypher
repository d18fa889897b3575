// One row: the seats that a deal needs filled, its own or those of its pipeline.
MATCH (opportunity:Record:Opportunity {id: $opportunity_id})
WHERE any(group IN opportunity.readers WHERE group IN $viewer_groups)
OPTIONAL MATCH (opportunity)-[:HAS_ROLE_TEMPLATE]->(own:RoleTemplate)
OPTIONAL MATCH (opportunity)-[:IN_STAGE]->(:Stage)<-[:HAS_STAGE]-(:Pipeline)-[:HAS_ROLE_TEMPLATE]->(usual:RoleTemplate)
WITH coalesce(own, usual) AS template
RETURN coalesce(template.roles, []) AS roles,
       coalesce(template.weights, []) AS weights,
       coalesce(template.from_probability, []) AS from_probability
