// One row: the id of the contact who is this account.
MATCH (account:Record:Account {id: $account_id})
CREATE (contact:Record:Person:Contact {
  id: $id,
  created_at: $now,
  updated_at: $now,
  version: 1,
  source: account.source,
  creator_id: $creator_id,
  readers: [],
  name: account.name,
  display_name: account.name,
  name_key: account.name_key,
  lifecycle_stage: account.lifecycle_stage,
  do_not_contact: false,
  processing_restricted: false,
  degree: 0,
  search_text: account.search_text,
  search_folded: account.search_folded
})-[:WORKS_AT {id: $employment_id, is_primary: true, seniority: 'UNKNOWN', seniority_derived: false}]->(account)
RETURN contact.id AS id
