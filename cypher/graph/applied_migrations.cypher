// One row per migration that this database has had.
MATCH (migration:Migration)
RETURN migration.version AS version,
       migration.checksum AS checksum
