// One row: the import that is done, with what it did.
MATCH (job:Record:ImportJob {id: $job_id})
SET job.status = 'DONE',
    job.finished_at = $now,
    job.created = $created,
    job.changed = $changed,
    job.unchanged = $unchanged,
    job.rejected = $rejected,
    job.ambiguous = $ambiguous
RETURN job.id AS id
