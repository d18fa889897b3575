// One row: how many users work on an account from now on because they look after somebody there.
UNWIND $rows AS row
MATCH (user:Record:User {id: row.works_on.user_id})
MATCH (account:Record:Account {id: row.works_on.account_id})
CREATE (user)-[:WORKS_ON {id: row.works_on.id, function: 'OTHER'}]->(account)
RETURN count(*) AS count
