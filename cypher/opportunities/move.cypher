// One row: the opportunity in its new stage, its stay in the old one kept unless it had no length.
MATCH (opportunity:Record:Opportunity {id: $opportunity_id})-[stay:IN_STAGE]->(old:Stage)
MATCH (stage:Record:Stage {id: $stage_id})
CALL (opportunity, stay, old) {
  WITH opportunity, stay, old
  WHERE stay.entered_at < $at
  CREATE (opportunity)-[:WAS_IN_STAGE {entered_at: stay.entered_at, left_at: $at}]->(old)
}
DELETE stay
CREATE (opportunity)-[:IN_STAGE {entered_at: $at}]->(stage)
SET opportunity.closed_at = $closed_at,
    opportunity.lost_reason = $lost_reason
RETURN opportunity.id AS id
