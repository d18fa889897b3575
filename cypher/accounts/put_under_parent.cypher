// One row when the account is now part of its parent, which the viewer may see and which is not below it.
MATCH (parent:Record:Account {id: $parent_id})
WHERE any(group IN parent.readers WHERE group IN $viewer_groups)
MATCH (account:Record:Account {id: $account_id})
WHERE account <> parent
  AND NOT EXISTS { (parent)-[:PART_OF*1..50]->(account) }
CREATE (account)-[:PART_OF {id: $id, valid_from: $today}]->(parent)
RETURN account.id AS id
