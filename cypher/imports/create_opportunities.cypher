// One row: how many new opportunities there are, each in its stage.
UNWIND $rows AS row
MATCH (stage:Record:Stage {id: row.stage_id})
CREATE (opportunity:Record:Opportunity {
  id: row.id,
  name: row.name,
  name_key: row.name_key,
  kind: 'NEW',
  amount: row.amount,
  currency: row.currency,
  close_date: row.close_date,
  closed_at: CASE WHEN row.closed_at IS NOT NULL THEN datetime({epochMillis: row.closed_at}) END,
  opened_at: CASE WHEN row.opened_at IS NOT NULL THEN datetime({epochMillis: row.opened_at}) END,
  lost_reason: row.lost_reason,
  next_step: row.next_step,
  search_text: row.search_text,
  search_folded: row.search_folded,
  creator_id: $actor_id,
  readers: [],
  created_at: $now,
  updated_at: $now,
  version: 1,
  source: $system
})-[:IN_STAGE {entered_at: datetime({epochMillis: row.entered_at})}]->(stage)
CREATE (opportunity)-[:FROM_SOURCE]->(:Record:SourceRecord {
  id: row.source.id,
  key: row.source.key,
  system: $system,
  record_type: $record_type,
  external_key: row.source.external_key,
  file: row.source.file,
  row: row.source.row,
  values: row.source.values,
  import_job_id: $job_id,
  imported_at: $now,
  created_at: $now,
  updated_at: $now,
  version: 1,
  source: $system
})
WITH opportunity, row
CALL (opportunity, row) {
  MATCH (earlier:Record:Stage {id: row.first_stage_id})
  CREATE (opportunity)-[:WAS_IN_STAGE {
    entered_at: datetime({epochMillis: row.opened_at}),
    left_at: datetime({epochMillis: row.entered_at}),
    assumed: true
  }]->(earlier)
}
RETURN count(*) AS count
