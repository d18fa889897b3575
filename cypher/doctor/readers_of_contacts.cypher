// One row: how many contacts have other readers than they derive, and the first of them.
MATCH (organisation:Organisation {name: 'ours'})
MATCH (contact:Record:Contact)
WITH contact,
     CASE organisation.visibility
       WHEN 'OPEN' THEN ['everyone']
       ELSE COLLECT {
         CALL (contact) {
           RETURN 'all-records' AS group
           UNION
           MATCH (contact)-[:WORKS_AT]->(account:Account)
           UNWIND account.readers AS group
           RETURN group
           UNION
           MATCH (creator:Record:User {id: contact.creator_id})
           WHERE NOT EXISTS { (contact)-[:WORKS_AT]->(:Account) }
           RETURN creator.id AS group
           UNION
           MATCH (creator:Record:User {id: contact.creator_id})-[:MEMBER_OF]->(team:Team)
           WHERE NOT EXISTS { (contact)-[:WORKS_AT]->(:Account) }
           RETURN team.id AS group
           UNION
           MATCH (contact)-[:SHARED_WITH]->(shared:Record)
           RETURN shared.id AS group
         }
         RETURN DISTINCT group ORDER BY group
       }
     END AS readers
WHERE contact.readers IS NULL OR contact.readers <> readers
WITH contact.id AS id
ORDER BY id
RETURN count(id) AS count,
       collect(id)[..10] AS first
