// One row: the opportunities with one of these folded names that the viewer may see.
MATCH (opportunity:Opportunity)
WHERE opportunity.name_key IN $name_keys
  AND opportunity.id IS NOT NULL
  AND any(group IN opportunity.readers WHERE group IN $viewer_groups)
RETURN collect({
  id: opportunity.id,
  version: opportunity.version,
  name_key: opportunity.name_key,
  account_ids: COLLECT { MATCH (opportunity)-[:FOR_ACCOUNT]->(account:Account) RETURN account.id },
  contact_ids: COLLECT { MATCH (opportunity)-[:HAS_PRIMARY_CONTACT]->(contact:Contact) RETURN contact.id }
}) AS found
