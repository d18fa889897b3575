// One row per interaction that the viewer may see, with who took part and what it was about as far as visible.
MATCH (interaction:Record:Interaction)
WHERE interaction.id IN $interaction_ids
  AND EXISTS {
    MATCH (interaction)-[:ABOUT|TOOK_PART_IN]-(record:Record)
    WHERE any(group IN record.readers WHERE group IN $viewer_groups)
  }
RETURN interaction.id AS id,
       interaction.type AS type,
       interaction.status AS status,
       interaction.occurred_at AS occurred_at,
       coalesce(interaction.date_only, false) AS date_only,
       interaction.subject AS subject,
       coalesce(interaction.is_automated, false) AS is_automated,
       COLLECT {
         MATCH (person:Person)-[part:TOOK_PART_IN]->(interaction)
         WHERE person:User OR any(group IN person.readers WHERE group IN $viewer_groups)
         RETURN {person_id: person.id, is_ours: person:User, role: part.role}
         ORDER BY part.role = 'CC', person:Contact, person.name_key, person.id
       } AS participants,
       COLLECT {
         MATCH (interaction)-[:ABOUT]->(record:Record)
         WHERE any(group IN record.readers WHERE group IN $viewer_groups)
         RETURN {
           record_id: record.id,
           kind: CASE WHEN record:Account THEN 'Account' WHEN record:Contact THEN 'Contact' ELSE 'Opportunity' END }
         ORDER BY record.id
       } AS about
