// One row: the new opportunity, in its stage, attached to its account and contact.
MATCH (stage:Record:Stage {id: $stage_id})
CREATE (opportunity:Record:Opportunity {
  id: $opportunity_id,
  name: $name,
  name_key: $name_key,
  search_text: $search_text,
  search_folded: $search_folded,
  kind: $kind,
  amount: $amount,
  currency: $currency,
  close_date: $close_date,
  closed_at: $closed_at,
  next_step: $next_step,
  next_step_due_at: $next_step_due_at,
  lost_reason: $lost_reason,
  readers: [],
  version: 1,
  created_at: $now,
  updated_at: $now,
  creator_id: $creator_id,
  source: $source
})-[:IN_STAGE {entered_at: $entered_at}]->(stage)
WITH opportunity
CALL (opportunity) {
  MATCH (account:Record:Account {id: $account_id})
  CREATE (opportunity)-[:FOR_ACCOUNT]->(account)
}
CALL (opportunity) {
  MATCH (contact:Record:Contact {id: $primary_contact_id})
  CREATE (opportunity)-[:HAS_PRIMARY_CONTACT]->(contact)
}
RETURN opportunity.id AS id
