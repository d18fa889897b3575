// No row: the rebuild has come this far, and goes on here if it is cut off.
MERGE (rebuild:Rebuild {name: 'ties'})
SET rebuild.after_id = $after_id,
    rebuild.done = $done,
    rebuild.parameters_version = $parameters_version,
    rebuild.at = $now
