// One row: how many accounts have other readers than they derive, and the first of them.
MATCH (organisation:Organisation {name: 'ours'})
MATCH (account:Record:Account)
WITH account,
     CASE organisation.visibility
       WHEN 'OPEN' THEN ['everyone']
       ELSE COLLECT {
         CALL (account) {
           RETURN 'all-records' AS group
           UNION
           MATCH (user:User)-[assignment:OWNS|WORKS_ON]->(account)
           WHERE assignment.valid_to IS NULL OR assignment.valid_to > $today
           RETURN user.id AS group
           UNION
           MATCH (team:Team)<-[:MEMBER_OF]-(:User)-[assignment:OWNS|WORKS_ON]->(account)
           WHERE assignment.valid_to IS NULL OR assignment.valid_to > $today
           RETURN team.id AS group
           UNION
           MATCH (account)-[:IN]->(territory:Territory)
           RETURN territory.id AS group
           UNION
           MATCH (account)-[:SHARED_WITH]->(shared:Record)
           RETURN shared.id AS group
         }
         RETURN DISTINCT group ORDER BY group
       }
     END AS readers
WHERE account.readers IS NULL OR account.readers <> readers
WITH account.id AS id
ORDER BY id
RETURN count(id) AS count,
       collect(id)[..10] AS first
