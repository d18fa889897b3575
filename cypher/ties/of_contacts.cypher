// One row per tie of these contacts that the viewer may see, the strongest first, some for each contact.
MATCH (contact:Record:Contact)
WHERE contact.id IN $contact_ids
  AND any(group IN contact.readers WHERE group IN $viewer_groups)
CALL (contact) {
  MATCH (contact)-[tie:KNOWS]-(other:Person)
  WHERE (other:User OR any(group IN other.readers WHERE group IN $viewer_groups))
    AND (tie.visibility <> 'PRIVATE' OR tie.owner_id = $viewer_id)
  WITH contact, other, tie,
       2.0 ^ ((tie.at - $as_of) / $weights.half_life_days) AS fade,
       abs(coalesce(tie.out, 0.0) - coalesce(tie.in, 0.0)) AS unanswered,
       CASE WHEN tie.out < tie.in THEN tie.out ELSE tie.in END AS answered
  WITH contact, other, tie, fade * (tie.mutual + $weights.both_ways * answered) AS balanced,
       fade * $weights.one_way * unanswered AS one_way
  WITH contact, other, tie,
       1.0 - exp(-(balanced + CASE WHEN one_way < $weights.most_one_way THEN one_way
                                   ELSE $weights.most_one_way END) / $weights.saturation) AS observed,
       CASE WHEN tie.stated_at <= $as_of
         THEN $weights.stated[tie.stated_level] * 2.0 ^ ((tie.stated_at - $as_of) / $weights.stated_half_life_days)
         ELSE 0.0 END AS stated,
       CASE WHEN tie.latent_until <= $as_of AND tie.latent_months >= $weights.latent_least_months
         THEN $weights.latent * CASE WHEN tie.latent_months < $weights.latent_full_months
             THEN tie.latent_months / $weights.latent_full_months ELSE 1.0 END
           * 2.0 ^ ((tie.latent_until - $as_of) / $weights.latent_half_life_days)
         ELSE 0.0 END AS latent
  WITH contact, other, tie,
       coalesce(tie.override, reduce(most = 0.0, one IN [observed, stated, latent] |
         CASE WHEN one > most THEN one ELSE most END)) AS strength
  WITH tie, strength, coalesce(tie.last_at, 0.0) AS last_at
  WHERE strength > 0.0
    AND ($after_strength IS NULL OR strength < $after_strength
      OR strength = $after_strength AND (last_at < $after_last_at
        OR last_at = $after_last_at AND tie.id > $after_id))
  ORDER BY strength DESC, last_at DESC, tie.id
  LIMIT $limit
  RETURN tie, strength, startNode(tie) AS first, endNode(tie) AS second
}
RETURN contact.id AS contact_id,
       strength,
       tie.id AS id,
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
ORDER BY contact_id, strength DESC, coalesce(tie.last_at, 0.0) DESC, id
