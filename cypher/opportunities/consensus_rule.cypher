// One row: who must agree to an opportunity, as it was set; the visible ones of them.
MATCH (opportunity:Record:Opportunity {id: $opportunity_id})
WHERE any(group IN opportunity.readers WHERE group IN $viewer_groups)
RETURN COLLECT {
         MATCH (contact:Record:Contact)
         WHERE contact.id IN coalesce(opportunity.consensus_needed_ids, [])
           AND any(group IN contact.readers WHERE group IN $viewer_groups)
         RETURN contact.id
         ORDER BY contact.id
       } AS needed_contact_ids,
       opportunity.consensus_count AS needed_count,
       COLLECT {
         MATCH (contact:Record:Contact)
         WHERE contact.id IN coalesce(opportunity.consensus_veto_ids, [])
           AND any(group IN contact.readers WHERE group IN $viewer_groups)
         RETURN contact.id
         ORDER BY contact.id
       } AS veto_contact_ids
