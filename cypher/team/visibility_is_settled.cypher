// No row: every record is in line with how records are shared.
MATCH (organisation:Organisation {name: 'ours'})
REMOVE organisation.rebuilding
