// No row: the lease is free again, if it is still ours.
MATCH (lock:MigrationLock {name: 'schema', owner: $owner})
REMOVE lock.owner
