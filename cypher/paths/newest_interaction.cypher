// At most one row: when the newest interaction that the viewer may know of was held.
MATCH (interaction:Interaction)
WHERE interaction.occurred_at <= $moment
  AND interaction.status = 'HELD'
  AND (EXISTS {
      MATCH (interaction)<-[:TOOK_PART_IN]-(contact:Contact)
      WHERE any(group IN contact.readers WHERE group IN $viewer_groups) }
    OR EXISTS {
      MATCH (interaction)-[:ABOUT]->(record:Record)
      WHERE any(group IN record.readers WHERE group IN $viewer_groups) })
RETURN interaction.occurred_at AS at
ORDER BY interaction.occurred_at DESC
LIMIT 1
