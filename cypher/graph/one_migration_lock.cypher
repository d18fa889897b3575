// No row: there is one lock for migrations; without this, processes that start at once would each make their own.
CREATE CONSTRAINT migration_lock_name IF NOT EXISTS FOR (lock:MigrationLock) REQUIRE lock.name IS UNIQUE
