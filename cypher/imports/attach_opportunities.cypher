// One row: how many opportunities are attached to their account and their contact.
UNWIND $rows AS row
MATCH (opportunity:Record:Opportunity {id: row.id})
CALL (opportunity, row) {
  MATCH (account:Record:Account {id: row.account_id})
  WHERE NOT EXISTS { (opportunity)-[:FOR_ACCOUNT]->(:Account) }
  CREATE (opportunity)-[:FOR_ACCOUNT]->(account)
}
CALL (opportunity, row) {
  MATCH (contact:Record:Contact {id: row.contact_id})
  WHERE NOT EXISTS { (opportunity)-[:HAS_PRIMARY_CONTACT]->(:Contact) }
  CREATE (opportunity)-[:HAS_PRIMARY_CONTACT]->(contact)
}
WITH opportunity, row
WHERE (row.account_id IS NULL OR EXISTS { (opportunity)-[:FOR_ACCOUNT]->(:Account) })
  AND (row.contact_id IS NULL OR EXISTS { (opportunity)-[:HAS_PRIMARY_CONTACT]->(:Contact) })
RETURN count(*) AS count
