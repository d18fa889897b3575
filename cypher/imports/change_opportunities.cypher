// One row: how many opportunities of before were set to what the file says now; what it leaves blank stays.
UNWIND $rows AS row
MATCH (opportunity:Record:Opportunity {id: row.id})
WITH opportunity, row,
     CASE WHEN row.opened_at IS NOT NULL THEN datetime({epochMillis: row.opened_at}) END AS opened_at,
     CASE WHEN row.closed_at IS NOT NULL THEN datetime({epochMillis: row.closed_at}) END AS closed_at,
     datetime({epochMillis: row.entered_at}) AS entered_at
SET opportunity.name = coalesce(row.name, opportunity.name),
    opportunity.name_key = coalesce(row.name_key, opportunity.name_key),
    opportunity.amount = coalesce(row.amount, opportunity.amount),
    opportunity.currency = coalesce(row.currency, opportunity.currency),
    opportunity.close_date = coalesce(row.close_date, opportunity.close_date),
    opportunity.opened_at = coalesce(opened_at, opportunity.opened_at),
    opportunity.lost_reason = coalesce(row.lost_reason, opportunity.lost_reason),
    opportunity.next_step = coalesce(row.next_step, opportunity.next_step)
WITH opportunity, row, entered_at, closed_at
CALL (opportunity, row, entered_at, closed_at) {
  MATCH (stage:Record:Stage {id: row.stage_id})
  MATCH (opportunity)-[stay:IN_STAGE]->(old:Stage)
  WHERE old <> stage
  WITH opportunity, closed_at, stage, stay, old,
       CASE WHEN entered_at > stay.entered_at THEN entered_at ELSE $now END AS moved_at
  CREATE (opportunity)-[:WAS_IN_STAGE {entered_at: stay.entered_at, left_at: moved_at}]->(old)
  CREATE (opportunity)-[:IN_STAGE {entered_at: moved_at}]->(stage)
  SET opportunity.closed_at = closed_at
  DELETE stay
}
RETURN count(*) AS count
