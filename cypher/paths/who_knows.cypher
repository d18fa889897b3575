// One row per tie of the contact to one of ours that the viewer may see, with the teams that may stand for its hidden end.
MATCH (contact:Record:Contact {id: $contact_id})
WHERE any(group IN contact.readers WHERE group IN $viewer_groups)
MATCH (contact)-[tie:KNOWS]-(ours:User)
WHERE coalesce(ours.leaves_on > $day OR ours.leaves_on = $day AND (ours.active OR $day < $today), ours.active)
  AND NOT coalesce(ours.opted_out, false)
  AND (tie.visibility <> 'PRIVATE' OR tie.owner_id = $viewer_id)
  AND CASE $start
        WHEN 'ANYONE' THEN true
        WHEN 'ME' THEN ours.id = $viewer_id
        ELSE EXISTS {
          MATCH (:Record:User {id: $viewer_id})-[:MEMBER_OF]->(team:Team)
          MATCH (ours)-[:MEMBER_OF]->(team)
          WHERE tie.visibility = 'SHARED' OR tie.owner_id = $viewer_id
            OR COUNT { (team)<-[:MEMBER_OF]-(:User {active: true}) } >= $smallest_team } END
RETURN tie.id AS id,
       startNode(tie).id AS first_id,
       endNode(tie).id AS second_id,
       startNode(tie):User AS first_is_ours,
       endNode(tie):User AS second_is_ours,
       coalesce(tie.out, 0.0) AS outbound,
       coalesce(tie.in, 0.0) AS inbound,
       coalesce(tie.mutual, 0.0) AS mutual,
       tie.at AS at,
       tie.last_at AS last_at,
       coalesce(tie.count, 0) AS interaction_count,
       tie.stated_level AS stated_level,
       tie.stated_at AS stated_at,
       tie.latent_months AS latent_months,
       tie.latent_until AS latent_until,
       tie.override AS override,
       tie.visibility AS visibility,
       tie.owner_id AS owner_id,
       CASE WHEN tie.visibility = 'EXISTS_BUT_ASK' AND tie.owner_id <> $viewer_id THEN COLLECT {
         MATCH (:Record:User {id: tie.owner_id})-[:MEMBER_OF]->(team:Team)
         WHERE COUNT { (team)<-[:MEMBER_OF]-(:User {active: true}) } >= $smallest_team
         RETURN team.name
         ORDER BY team.name } END AS owner_teams
