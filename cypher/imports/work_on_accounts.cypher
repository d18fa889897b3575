// One row: how many users work on an account because they look after somebody there.
UNWIND $rows AS row
MATCH (user:Record:User {id: row.works_on.user_id})
MATCH (account:Record:Account {id: row.works_on.account_id})
CALL (user, account, row) {
  WITH user, account, row
  // From the account's side: a user may have thousands of them.
  WHERE NOT row.works_on.user_id IN COLLECT { MATCH (account)<-[:OWNS|WORKS_ON]-(other:User) RETURN other.id }
  CREATE (user)-[:WORKS_ON {id: row.works_on.id, function: 'OTHER'}]->(account)
}
RETURN count(*) AS count
