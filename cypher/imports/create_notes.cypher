// One row: how many new notes there are about somebody or about an account.
UNWIND $rows AS row
CREATE (note:Record:Note {
  id: row.id,
  external_id: row.external_id,
  kind: 'NOTE',
  text: row.text,
  author_id: row.author_id,
  import_job_id: $job_id,
  created_at: datetime({epochMillis: row.written_at}),
  updated_at: $now,
  version: 1,
  source: $system
})
WITH note, row
CALL (note, row) {
  MATCH (contact:Record:Contact {id: row.contact_id})
  CREATE (note)-[:ABOUT]->(contact)
}
CALL (note, row) {
  MATCH (account:Record:Account {id: row.account_id})
  CREATE (note)-[:ABOUT]->(account)
}
WITH note
WHERE EXISTS { (note)-[:ABOUT]->(:Record) }
RETURN count(*) AS count
