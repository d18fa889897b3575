// One row: the accounts and primary contacts of those of these deals that stand in a won stage.
UNWIND $opportunity_ids AS opportunity_id
MATCH (opportunity:Record:Opportunity {id: opportunity_id})-[:IN_STAGE]->(stage:Stage)
WHERE stage.is_won
MATCH (opportunity)-[:FOR_ACCOUNT|HAS_PRIMARY_CONTACT]->(customer:Record)
WITH DISTINCT customer.id AS customer_id
ORDER BY customer_id
RETURN collect(customer_id) AS found
