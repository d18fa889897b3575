// One row per stay of these opportunities in a stage, the earliest first.
MATCH (opportunity:Record:Opportunity)
WHERE opportunity.id IN $opportunity_ids
  AND any(group IN opportunity.readers WHERE group IN $viewer_groups)
MATCH (opportunity)-[stay:IN_STAGE|WAS_IN_STAGE]->(stage:Stage)
RETURN opportunity.id AS opportunity_id,
       stage { .id, .key, .name, .order, .probability, .is_won, .is_lost } AS stage,
       stay.entered_at AS entered_at,
       stay.left_at AS left_at
ORDER BY opportunity_id, entered_at
