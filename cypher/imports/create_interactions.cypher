// One row: how many new interactions there are whose people were all found.
UNWIND $rows AS row
CREATE (interaction:Record:Interaction {
  id: row.id,
  external_id: row.external_id,
  type: row.type,
  status: row.status,
  occurred_at: datetime({epochMillis: row.occurred_at}),
  date_only: row.date_only,
  direction: row.direction,
  subject: row.subject,
  description: row.description,
  duration_minutes: row.duration_minutes,
  is_automated: false,
  shared_mailboxes: [],
  creator_id: $actor_id,
  import_job_id: $job_id,
  created_at: $now,
  updated_at: $now,
  version: 1,
  source: $system
})
WITH interaction, row
CALL (interaction, row) {
  MATCH (owner:Record:User {id: row.owner_id})
  CREATE (owner)-[:TOOK_PART_IN {role: row.owner_role}]->(interaction)
}
CALL (interaction, row) {
  MATCH (contact:Record:Contact {id: row.contact_id})
  CREATE (contact)-[:TOOK_PART_IN {role: row.contact_role}]->(interaction)
}
CALL (interaction, row) {
  MATCH (account:Record:Account {id: row.account_id})
  CREATE (interaction)-[:ABOUT]->(account)
}
WITH interaction, row
WHERE COUNT { (interaction)<-[:TOOK_PART_IN]-() } = row.people
RETURN count(*) AS count
