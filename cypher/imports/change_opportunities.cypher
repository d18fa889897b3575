// One row: how many opportunities of before were set to what the file says now; what it leaves blank stays.
UNWIND $rows AS row
MATCH (opportunity:Record:Opportunity {id: row.id})
SET opportunity.amount = coalesce(row.amount, opportunity.amount),
    opportunity.currency = coalesce(row.currency, opportunity.currency),
    opportunity.close_date = coalesce(row.close_date, opportunity.close_date),
    opportunity.opened_at = coalesce(row.opened_at, opportunity.opened_at),
    opportunity.lost_reason = coalesce(row.lost_reason, opportunity.lost_reason),
    opportunity.next_step = coalesce(row.next_step, opportunity.next_step)
WITH opportunity, row
CALL (opportunity, row) {
  MATCH (stage:Record:Stage {id: row.stage_id})
  MATCH (opportunity)-[stay:IN_STAGE]->(old:Stage)
  WHERE old <> stage
  WITH opportunity, row, stage, stay, old,
       CASE WHEN row.entered_at > stay.entered_at THEN row.entered_at ELSE $now END AS moved_at
  CREATE (opportunity)-[:WAS_IN_STAGE {entered_at: stay.entered_at, left_at: moved_at}]->(old)
  CREATE (opportunity)-[:IN_STAGE {entered_at: moved_at}]->(stage)
  SET opportunity.closed_at = row.closed_at
  DELETE stay
}
RETURN count(*) AS count
