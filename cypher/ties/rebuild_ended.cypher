// No row: the rebuild is over.
MATCH (rebuild:Rebuild {name: 'ties'})
DELETE rebuild
