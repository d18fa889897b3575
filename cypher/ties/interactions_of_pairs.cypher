// One row per interaction that fed one of these ties up to a moment, with everybody who took part.
UNWIND $pairs AS pair
MATCH (:Record:Person {id: pair.first_id})-[:TOOK_PART_IN]->(interaction:Interaction)<-[:TOOK_PART_IN]-(:Record:Person {id: pair.second_id})
WHERE interaction.occurred_at <= $as_of
  AND interaction.status = 'HELD'
WITH DISTINCT interaction
RETURN interaction.id AS id,
       interaction.type AS type,
       interaction.occurred_at AS occurred_at,
       interaction.status AS status,
       coalesce(interaction.is_automated, false) AS is_automated,
       COLLECT {
         MATCH (person:Person)-[part:TOOK_PART_IN]->(interaction)
         RETURN {
           person_id: person.id,
           role: part.role,
           is_ours: person:User,
           declined: coalesce(part.responded = 'DECLINED', false),
           opted_out: coalesce(person.opted_out, false) }
       } AS participants
