// One row: how many nodes went; only the demo and the bench do this, to a database of their own.
MATCH (node)
WHERE NOT node:Migration AND NOT node:MigrationLock AND NOT node:Sequence AND NOT node:Vocabulary
  AND NOT node:Organisation
WITH node
LIMIT 2000
DETACH DELETE node
RETURN count(*) AS gone
