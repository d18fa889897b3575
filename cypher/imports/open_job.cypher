// One row: the import that begins now.
CREATE (job:Record:ImportJob {
  id: $id,
  key: $key,
  digest: $digest,
  number: $number,
  status: 'RUNNING',
  preset: $preset,
  files: $files,
  rows: $rows,
  created_by_id: $actor_id,
  started_at: $now,
  created_at: $now,
  updated_at: $now,
  version: 1,
  source: 'graph_crm'
})
RETURN job.id AS id
