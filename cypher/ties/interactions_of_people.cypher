// One row per interaction that these people took part in, with everybody who was there.
UNWIND $person_ids AS person_id
MATCH (:Record:Person {id: person_id})-[:TOOK_PART_IN]->(interaction:Interaction)
WHERE interaction.status = 'HELD'
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
