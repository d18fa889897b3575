// One row per record that these interactions were about, as far as visible.
MATCH (interaction:Record:Interaction)-[:ABOUT]->(record:Record)
WHERE interaction.id IN $interaction_ids
  AND any(group IN record.readers WHERE group IN $viewer_groups)
RETURN interaction.id AS interaction_id,
       record.id AS record_id,
       CASE WHEN record:Account THEN 'Account' WHEN record:Contact THEN 'Contact' ELSE 'Opportunity' END AS kind
ORDER BY interaction_id, record_id
