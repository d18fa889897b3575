// One row: the records of a private organisation whose readers name these users or their teams.
MATCH (organisation:Organisation {name: 'ours', visibility: 'PRIVATE'})
RETURN COLLECT {
         MATCH (user:Record:User)-[:OWNS|WORKS_ON]->(account:Account)
         WHERE user.id IN $user_ids
         RETURN DISTINCT account.id
       } AS account_ids,
       COLLECT {
         MATCH (contact:Contact)
         WHERE contact.creator_id IN $user_ids
           AND NOT EXISTS { (contact)-[:WORKS_AT]->(:Account) }
         RETURN contact.id
       } AS contact_ids,
       COLLECT {
         MATCH (user:Record:User)-[:OWNS|WORKS_ON]->(opportunity:Opportunity)
         WHERE user.id IN $user_ids
         RETURN DISTINCT opportunity.id
       } AS opportunity_ids
