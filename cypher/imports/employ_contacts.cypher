// One row: how many contacts work for an account from now on.
UNWIND $rows AS row
MATCH (contact:Record:Contact {id: row.id})
MATCH (account:Record:Account {id: row.employment.account_id})
CREATE (contact)-[:WORKS_AT {
  id: row.employment.id,
  title: row.employment.title,
  title_key: row.employment.title_key,
  department: row.employment.department,
  seniority: row.employment.seniority,
  seniority_derived: true,
  is_primary: true,
  version: 1
}]->(account)
REMOVE contact.employer_as_given, contact.title_as_given
RETURN count(*) AS count
