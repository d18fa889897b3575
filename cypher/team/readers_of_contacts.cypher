// One row: how many contacts have other readers now, with the opportunities that take theirs from each.
MATCH (organisation:Organisation {name: 'ours'})
CALL (organisation) {
  WITH organisation
  WHERE organisation.visibility <> 'OPEN'
  MATCH (employed:Record:Contact)-[:WORKS_AT]->(employer:Account)
  WHERE employed.id IN $contact_ids
  WITH DISTINCT employer ORDER BY employer.id
  REMOVE employer._lock
  RETURN count(employer) AS locked
}
UNWIND $contact_ids AS contact_id
MATCH (contact:Record:Contact {id: contact_id})
REMOVE contact._lock
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
SET contact.readers = readers
RETURN count(*) AS count,
       collect(COLLECT {
         MATCH (contact)<-[:HAS_PRIMARY_CONTACT]-(opportunity:Opportunity)
         WHERE NOT EXISTS { (opportunity)-[:FOR_ACCOUNT]->(:Account) }
         RETURN DISTINCT opportunity.id
       }) AS opportunity_ids
