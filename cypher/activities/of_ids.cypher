// One row per interaction that the viewer may see.
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
       coalesce(interaction.is_automated, false) AS is_automated
