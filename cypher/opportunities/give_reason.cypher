// One row: the lost opportunity with the reason given for it.
MATCH (opportunity:Record:Opportunity {id: $opportunity_id})
SET opportunity.lost_reason = $lost_reason
RETURN opportunity.id AS id
