// One row: the accounts and contacts that are customers because a deal with them was won.
MATCH (opportunity:Record:Opportunity)-[:IN_STAGE]->(stage:Stage)
WHERE opportunity.id IN $opportunity_ids
  AND stage.is_won
MATCH (opportunity)-[:FOR_ACCOUNT|HAS_PRIMARY_CONTACT]->(customer:Record)
WHERE customer.lifecycle_stage IN ['SUSPECT', 'PROSPECT']
WITH DISTINCT customer ORDER BY customer.id
SET customer.lifecycle_stage = 'CUSTOMER'
RETURN collect(customer.id) AS ids
