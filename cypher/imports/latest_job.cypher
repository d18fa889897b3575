// At most one row: the latest import of just these files, whatever became of it.
MATCH (job:ImportJob {digest: $digest})
RETURN job.id AS id,
       job.number AS number,
       job.status AS status
ORDER BY number DESC
LIMIT 1
