// One row per interaction: whether this write made it, and everybody who took part.
UNWIND $interactions AS wanted
MERGE (interaction:Record:Interaction {external_id: wanted.external_id})
  ON CREATE SET interaction.id = wanted.id,
                interaction.type = wanted.type,
                interaction.status = wanted.status,
                interaction.occurred_at = wanted.occurred_at,
                interaction.date_only = wanted.date_only,
                interaction.subject = wanted.subject,
                interaction.is_automated = wanted.is_automated,
                interaction.shared_mailboxes = wanted.shared_mailboxes,
                interaction.version = 1,
                interaction.created_at = $now,
                interaction.updated_at = $now,
                interaction.creator_id = $actor_id,
                interaction.source = wanted.source
WITH interaction, wanted, interaction.id = wanted.id AS made
CALL (interaction, wanted, made) {
  WITH interaction, wanted, made
  WHERE made
  UNWIND wanted.participants AS participant
  MATCH (person:Record:Person {id: participant.person_id})
  CREATE (person)-[:TOOK_PART_IN {role: participant.role}]->(interaction)
}
CALL (interaction, wanted, made) {
  WITH interaction, wanted, made
  WHERE made
  UNWIND wanted.about_ids AS about_id
  MATCH (record:Record {id: about_id})
  CREATE (interaction)-[:ABOUT]->(record)
}
RETURN interaction.id AS id,
       made,
       interaction.type AS type,
       interaction.occurred_at AS occurred_at,
       interaction.status AS status,
       interaction.is_automated AS is_automated,
       CASE WHEN made THEN COLLECT {
         MATCH (person:Person)-[part:TOOK_PART_IN]->(interaction)
         RETURN {
           person_id: person.id,
           role: part.role,
           is_ours: person:User,
           opted_out: coalesce(person.opted_out, false) }
       } ELSE [] END AS participants
