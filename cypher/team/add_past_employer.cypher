// At most one row: one of ours worked at an account that the viewer may see.
MATCH (user:Record:User {id: $user_id})
MATCH (account:Record:Account {id: $account_id})
WHERE any(group IN account.readers WHERE group IN $viewer_groups)
CREATE (user)-[employment:WORKS_AT {
  id: $id,
  title: $title,
  department: $department,
  is_primary: false,
  valid_from: $valid_from,
  valid_to: $valid_to
}]->(account)
RETURN employment.id AS id
