// No row: this migration has been applied.
MERGE (migration:Migration {version: $version})
SET migration.name = $name,
    migration.checksum = $checksum,
    migration.applied_at = $now
