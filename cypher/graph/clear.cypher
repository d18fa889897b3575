// No row: everything is gone but what migrations made; only the demo does this, to a database of its own.
MATCH (node)
WHERE NOT node:Migration AND NOT node:MigrationLock AND NOT node:Sequence AND NOT node:Vocabulary
  AND NOT node:Organisation
DETACH DELETE node
