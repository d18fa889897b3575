// One row per record the viewer may see: whether it is the viewer's, their team's, or nobody's who is still here.
UNWIND $record_ids AS record_id
MATCH (record:Record {id: record_id})
WHERE any(group IN record.readers WHERE group IN $viewer_groups)
WITH record,
     COLLECT {
       MATCH (record)-[:FOR_ACCOUNT|WORKS_AT]->(account:Account)
       WHERE any(group IN account.readers WHERE group IN $viewer_groups)
       RETURN DISTINCT account
     } AS accounts
WITH record,
     COLLECT {
       CALL (record, accounts) {
         UNWIND [record] + accounts AS held
         MATCH (holder:User)-[assignment:OWNS|WORKS_ON]->(held)
         WHERE assignment.valid_to IS NULL OR assignment.valid_to > $today
         RETURN holder
         UNION
         MATCH (holder:Record:User {id: record.creator_id})
         WHERE record:Contact AND size(accounts) = 0
         RETURN holder
       }
       WITH DISTINCT holder
       WHERE holder.active
       RETURN holder
     } AS holders
RETURN record.id AS id,
       size(holders) = 0
       OR any(holder IN holders
              WHERE holder.id = $viewer_id
                 OR EXISTS {
                      MATCH (holder)-[:MEMBER_OF]->(team:Team)
                      WHERE team.id IN $viewer_groups
                    }) AS writable
