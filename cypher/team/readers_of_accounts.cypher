// One row: how many accounts have other readers now, with the contacts and opportunities that take theirs from each.
MATCH (organisation:Organisation {name: 'ours'})
UNWIND $account_ids AS account_id
MATCH (account:Record:Account {id: account_id})
REMOVE account._lock
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
SET account.readers = readers
RETURN count(*) AS count,
       collect(COLLECT {
         MATCH (account)<-[:WORKS_AT]-(contact:Contact)
         RETURN DISTINCT contact.id
       }) AS contact_ids,
       collect(COLLECT {
         MATCH (account)<-[:FOR_ACCOUNT]-(opportunity:Opportunity)
         RETURN DISTINCT opportunity.id
       }) AS opportunity_ids
