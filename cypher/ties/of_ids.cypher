// One row per tie that the viewer may see, with the teams that may stand for its hidden end.
MATCH (first:Person)-[tie:KNOWS]->(second:Person)
WHERE tie.id IN $tie_ids
  AND (first:User OR any(group IN first.readers WHERE group IN $viewer_groups))
  AND (second:User OR any(group IN second.readers WHERE group IN $viewer_groups))
  AND (tie.visibility <> 'PRIVATE' OR tie.owner_id = $viewer_id)
RETURN tie.id AS id,
       first.id AS first_id,
       second.id AS second_id,
       first:User AS first_is_ours,
       second:User AS second_is_ours,
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
