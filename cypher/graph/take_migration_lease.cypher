// One row when the lease is ours now; none while another process holds it.
MERGE (lock:MigrationLock {name: 'schema'})
SET lock.touched = timestamp()
WITH lock
WHERE lock.owner IS NULL OR lock.owner = $owner OR lock.until < timestamp()
SET lock.owner = $owner,
    lock.until = timestamp() + $milliseconds
RETURN true AS mine
