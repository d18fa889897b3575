// One row: how many accounts are, in the end, a part of themselves, and the first of them.
MATCH (account:Account)
WHERE EXISTS { (account)-[:PART_OF*1..50]->(account) }
WITH account.id AS id
ORDER BY id
RETURN count(id) AS count,
       collect(id)[..10] AS first
