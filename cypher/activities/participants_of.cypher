// One row per person who took part in these interactions, as far as visible; those in copy last.
MATCH (interaction:Record:Interaction)
WHERE interaction.id IN $interaction_ids
  AND EXISTS {
    MATCH (interaction)-[:ABOUT|TOOK_PART_IN]-(known:Record)
    WHERE any(group IN known.readers WHERE group IN $viewer_groups)
  }
MATCH (person:Person)-[part:TOOK_PART_IN]->(interaction)
WHERE person:User OR any(group IN person.readers WHERE group IN $viewer_groups)
RETURN interaction.id AS interaction_id,
       person.id AS person_id,
       person:User AS is_ours,
       part.role AS role
ORDER BY interaction_id, role = 'CC', NOT is_ours, person.name_key, person_id
