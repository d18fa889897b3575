// One row when the contact works from now on for that account, which the viewer may see.
MATCH (account:Record:Account {id: $account_id})
WHERE any(group IN account.readers WHERE group IN $viewer_groups)
MATCH (contact:Record:Contact {id: $contact_id})
CREATE (contact)-[employment:WORKS_AT {
  id: $id,
  title: $title,
  title_key: $title_key,
  department: $department,
  seniority: $seniority,
  seniority_derived: $seniority_derived,
  is_primary: $is_primary,
  valid_from: $valid_from,
  version: 1
}]->(account)
REMOVE contact.employer_as_given, contact.title_as_given
RETURN employment.id AS id
