// One row: how many opportunities have other readers now.
MATCH (organisation:Organisation {name: 'ours'})
CALL (organisation) {
  WITH organisation
  WHERE organisation.visibility <> 'OPEN'
  MATCH (sold:Record:Opportunity)-[:FOR_ACCOUNT|HAS_PRIMARY_CONTACT]->(source:Record)
  WHERE sold.id IN $opportunity_ids
  WITH DISTINCT source ORDER BY source.id
  REMOVE source._lock
  RETURN count(source) AS locked
}
UNWIND $opportunity_ids AS opportunity_id
MATCH (opportunity:Record:Opportunity {id: opportunity_id})
REMOVE opportunity._lock
WITH opportunity,
     CASE organisation.visibility
       WHEN 'OPEN' THEN ['everyone']
       ELSE COLLECT {
         CALL (opportunity) {
           RETURN 'all-records' AS group
           UNION
           MATCH (opportunity)-[:FOR_ACCOUNT]->(account:Account)
           UNWIND account.readers AS group
           RETURN group
           UNION
           MATCH (opportunity)-[:HAS_PRIMARY_CONTACT]->(contact:Contact)
           WHERE NOT EXISTS { (opportunity)-[:FOR_ACCOUNT]->(:Account) }
           UNWIND contact.readers AS group
           RETURN group
           UNION
           MATCH (user:User)-[assignment:OWNS|WORKS_ON]->(opportunity)
           WHERE assignment.valid_to IS NULL OR assignment.valid_to > $today
           RETURN user.id AS group
           UNION
           MATCH (team:Team)<-[:MEMBER_OF]-(:User)-[assignment:OWNS|WORKS_ON]->(opportunity)
           WHERE assignment.valid_to IS NULL OR assignment.valid_to > $today
           RETURN team.id AS group
           UNION
           MATCH (opportunity)-[:SHARED_WITH]->(shared:Record)
           RETURN shared.id AS group
         }
         RETURN DISTINCT group ORDER BY group
       }
     END AS readers
WHERE opportunity.readers IS NULL OR opportunity.readers <> readers
SET opportunity.readers = readers
RETURN count(*) AS count
