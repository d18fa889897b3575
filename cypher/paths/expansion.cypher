// One row: all ties of some people and, of others, those to our users, and who stands at their other end.
// Each node and relationship is read once, into a map: a third faster than reading one property after the other.
CALL () {
  UNWIND $asked AS asked
  MATCH (person:Record:Person {id: asked.id})
  WHERE any(group IN person.readers WHERE group IN $viewer_groups) OR person:User
  MATCH (person)-[tie:KNOWS]-(other)
  WHERE asked.all_ties OR other:User
  WITH person, other, tie {.visibility, .owner_id, .out, .in, .mutual, .at, .last_at, .stated_level, .stated_at,
         .latent_months, .latent_until, .override} AS fact
  WHERE fact.visibility <> 'PRIVATE' OR fact.owner_id = $viewer_id
  WITH person, other, fact,
       2.0 ^ ((fact.at - $as_of) / $weights.half_life_days) AS fade,
       coalesce(fact.out, 0.0) AS outbound,
       coalesce(fact.in, 0.0) AS inbound
  WITH person, other, fact,
       fade * (fact.mutual + $weights.both_ways * CASE WHEN outbound < inbound THEN outbound ELSE inbound END) AS balanced,
       fade * $weights.one_way * abs(outbound - inbound) AS one_way
  WITH person, other, fact,
       coalesce(1.0 - exp(-(balanced + CASE WHEN one_way < $weights.most_one_way THEN one_way
         ELSE $weights.most_one_way END) / $weights.saturation), 0.0) AS observed,
       CASE WHEN fact.stated_at <= $as_of
         THEN $weights.stated[fact.stated_level] * 2.0 ^ ((fact.stated_at - $as_of) / $weights.stated_half_life_days)
         ELSE 0.0 END AS stated,
       CASE WHEN fact.latent_until <= $as_of AND fact.latent_months >= $weights.latent_least_months
         THEN $weights.latent * CASE WHEN fact.latent_months < $weights.latent_full_months
             THEN fact.latent_months / $weights.latent_full_months ELSE 1.0 END
           * 2.0 ^ ((fact.latent_until - $as_of) / $weights.latent_half_life_days)
         ELSE 0.0 END AS latent
  WITH person, other, fact, coalesce(fact.override, CASE WHEN observed >= stated AND observed >= latent THEN observed
         WHEN stated >= latent THEN stated ELSE latent END) AS strength, coalesce(fact.at > $as_of, false) AS fed_since
  WHERE fed_since OR strength > 0.0 AND strength >= $min_strength
    AND ($fresh_since IS NULL OR fact.last_at >= $fresh_since OR fact.stated_at >= $fresh_since)
  WITH person, other, fact, strength, fed_since, other:User AS is_user,
       other {.id, .readers, .active, .leaves_on, .opted_out, .do_not_contact} AS known
  WHERE CASE WHEN is_user THEN coalesce(known.leaves_on > $day OR known.leaves_on = $day AND (known.active OR $day < $today), known.active)
               AND NOT coalesce(known.opted_out, false)
             ELSE NOT coalesce(known.do_not_contact, false)
               AND any(group IN known.readers WHERE group IN $viewer_groups) END
  WITH person, other, is_user, known, fact, strength, fed_since
  ORDER BY fed_since DESC, strength DESC
  LIMIT $limit + 1
  RETURN collect([person.id, known.id, strength]) AS ties,
         collect(DISTINCT [other, is_user]) AS others,
         collect(CASE WHEN fed_since OR fact.visibility <> 'SHARED' THEN {
           first_id: person.id,
           second_id: known.id,
           visibility: fact.visibility,
           owner_id: fact.owner_id,
           groups: CASE WHEN fact.visibility = 'EXISTS_BUT_ASK' AND fact.owner_id <> $viewer_id THEN COLLECT {
             MATCH (:Record:User {id: fact.owner_id})-[:MEMBER_OF]->(team:Team)
             WITH team, COUNT { (team)<-[:MEMBER_OF]-(:User {active: true}) } AS active_members
             WHERE active_members >= $least_named_group
             RETURN {id: team.id, name: team.name, active_members: active_members} } END,
           at: fact.at,
           fed: CASE WHEN fed_since THEN {
             last_at: fact.last_at,
             stated_level: fact.stated_level,
             stated_at: fact.stated_at,
             latent_months: fact.latent_months,
             latent_until: fact.latent_until,
             override: fact.override} END} END) AS special
}
RETURN ties, special, COLLECT {
         UNWIND others AS standing
         WITH standing[0] AS person, standing[1] AS is_user
         RETURN [person.id, is_user, coalesce(person.degree, 0),
           $judgements AND NOT is_user AND EXISTS { (person)<-[:IS]-() },
           CASE WHEN $with_teams AND is_user
             THEN COLLECT { MATCH (person)-[:MEMBER_OF]->(team:Team) RETURN team.id } ELSE [] END] } AS people
