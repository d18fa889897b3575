// One row per contact or account that has a newer last interaction now.
UNWIND $interaction_ids AS interaction_id
MATCH (interaction:Record:Interaction {id: interaction_id})
WHERE interaction.status = 'HELD' AND interaction.occurred_at <= $now
CALL (interaction) {
  MATCH (record:Contact)-[:TOOK_PART_IN|ABOUT]-(interaction)
  RETURN record
  UNION
  MATCH (interaction)-[:ABOUT]->(record:Account)
  RETURN record
  UNION
  MATCH (interaction)-[:ABOUT]->(:Opportunity)-[:FOR_ACCOUNT]->(record:Account)
  RETURN record
  UNION
  MATCH (interaction)-[:TOOK_PART_IN|ABOUT]-(:Contact)-[employment:WORKS_AT]->(record:Account)
  WHERE (employment.valid_from IS NULL OR employment.valid_from <= date(interaction.occurred_at))
    AND (employment.valid_to IS NULL OR employment.valid_to > date(interaction.occurred_at))
  RETURN record
}
WITH record, max(interaction.occurred_at) AS at
ORDER BY record.id
WHERE record.last_interaction_at IS NULL OR record.last_interaction_at < at
SET record.last_interaction_at = at
RETURN record.id AS id
