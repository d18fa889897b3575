// One row per person who may be named: a contact that the viewer sees, or one of ours.
MATCH (person:Record:Person)
WHERE person.id IN $person_ids
  AND (person:User OR any(group IN person.readers WHERE group IN $viewer_groups))
RETURN person.id AS id,
       person.name AS name,
       person:User AS is_ours,
       coalesce(person.active, true) AS active,
       coalesce(person.opted_out, false) AS opted_out,
       COLLECT {
         MATCH (person:User)-[:MEMBER_OF]->(team:Team)
         RETURN team.id
         ORDER BY team.id
       } AS team_ids
