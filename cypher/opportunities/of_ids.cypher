// One row per opportunity that the viewer may see.
MATCH (opportunity:Record:Opportunity)
WHERE opportunity.id IN $opportunity_ids
  AND any(group IN opportunity.readers WHERE group IN $viewer_groups)
RETURN opportunity.id AS id,
       opportunity.version AS version,
       opportunity.created_at AS created_at,
       opportunity.updated_at AS updated_at,
       opportunity.name AS name,
       opportunity.kind AS kind,
       head(COLLECT {
         MATCH (opportunity)-[:FOR_ACCOUNT]->(account:Account)
         WHERE any(group IN account.readers WHERE group IN $viewer_groups)
         RETURN account.id
       }) AS account_id,
       head(COLLECT {
         MATCH (opportunity)-[:HAS_PRIMARY_CONTACT]->(contact:Contact)
         WHERE any(group IN contact.readers WHERE group IN $viewer_groups)
         RETURN contact.id
       }) AS attached_contact_id,
       COLLECT {
         MATCH (opportunity)-[:HAS_STAKEHOLDER]->(stakeholder:Stakeholder)-[:IS]->(contact:Contact)
         MATCH (stakeholder)-[:CURRENT]->(assessment:Assessment)
         WHERE any(group IN contact.readers WHERE group IN $viewer_groups)
           AND (assessment.is_primary OR 'DECISION_MAKER' IN assessment.roles)
         RETURN {
           contact_id: contact.id,
           is_primary: coalesce(assessment.is_primary, false),
           decides: 'DECISION_MAKER' IN assessment.roles }
         ORDER BY contact.id
       } AS parts,
       head(COLLECT {
         MATCH (opportunity)-[:IN_STAGE]->(stage:Stage)
         RETURN stage { .id, .key, .name, .order, .probability, .is_won, .is_lost }
       }) AS stage,
       opportunity.amount AS amount_units,
       opportunity.currency AS currency,
       opportunity.close_date AS close_date,
       opportunity.closed_at AS closed_at,
       head(COLLECT {
         MATCH (owner:User)-[ownership:OWNS]->(opportunity)
         WHERE (ownership.valid_from IS NULL OR ownership.valid_from <= $today)
           AND (ownership.valid_to IS NULL OR ownership.valid_to > $today)
         RETURN owner.id
         ORDER BY ownership.valid_from DESC, owner.id
       }) AS owner_id,
       opportunity.lost_reason AS lost_reason,
       opportunity.next_step AS next_step,
       opportunity.next_step_due_at AS next_step_due_at
