// One row: the opportunity with its own rule of who must agree; without any, the usual rule holds.
MATCH (opportunity:Record:Opportunity {id: $opportunity_id})
SET opportunity.consensus_needed_ids = $needed_contact_ids,
    opportunity.consensus_count = $needed_count,
    opportunity.consensus_veto_ids = $veto_contact_ids
RETURN opportunity.id AS id
