// One row: where an opportunity stands, its pipeline, and who becomes a customer when it is won.
MATCH (opportunity:Record:Opportunity {id: $opportunity_id})
MATCH (opportunity)-[stay:IN_STAGE]->(stage:Stage)<-[:HAS_STAGE]-(pipeline:Pipeline)
RETURN opportunity.name AS name,
       opportunity.lost_reason AS lost_reason,
       stage { .id, .key, .name, .order, .probability, .is_won, .is_lost } AS stage,
       stay.entered_at AS entered_at,
       pipeline {
         .id, .name, .kind, .order,
         stages: COLLECT {
           MATCH (pipeline)-[:HAS_STAGE]->(other:Stage)
           RETURN other { .id, .key, .name, .order, .probability, .is_won, .is_lost }
           ORDER BY other.order
         } } AS pipeline,
       head(COLLECT { MATCH (opportunity)-[:FOR_ACCOUNT]->(account:Account) RETURN account.id }) AS account_id,
       head(COLLECT {
         MATCH (opportunity)-[:HAS_PRIMARY_CONTACT]->(contact:Contact)
         RETURN contact.id
       }) AS attached_contact_id,
       COLLECT {
         MATCH (opportunity)-[:HAS_STAKEHOLDER]->(stakeholder:Stakeholder)-[:IS]->(contact:Contact)
         MATCH (stakeholder)-[:CURRENT]->(assessment:Assessment)
         WHERE assessment.is_primary
         RETURN {contact_id: contact.id, is_primary: true, decides: 'DECISION_MAKER' IN assessment.roles }
         ORDER BY contact.id
       } AS parts
