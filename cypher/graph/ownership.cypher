// One row: whether the database holds any node, and whether graph_crm was here before.
RETURN EXISTS { MATCH (anything) } AS nodes,
       EXISTS { MATCH (mark:MigrationLock|Migration) } AS ours
