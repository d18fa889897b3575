// One row: all ties of the given people, the strongest first, and everybody at an end of one.
CALL () {
  UNWIND $people AS person_id
  MATCH (person:Record:Person {id: person_id})
  WHERE person:User OR any(group IN person.readers WHERE group IN $viewer_groups)
  MATCH (person)-[tie:KNOWS]-(other:Person)
  WHERE (other:User OR any(group IN other.readers WHERE group IN $viewer_groups))
    AND (tie.visibility <> 'PRIVATE' OR tie.owner_id = $viewer_id)
  WITH person, other, tie,
       2.0 ^ ((tie.at - $as_of) / $weights.half_life_days) AS fade,
       coalesce(tie.out, 0.0) AS outbound,
       coalesce(tie.in, 0.0) AS inbound
  WITH person, other, tie,
       fade * (tie.mutual + $weights.both_ways * CASE WHEN outbound < inbound THEN outbound ELSE inbound END) AS balanced,
       fade * $weights.one_way * abs(outbound - inbound) AS one_way
  WITH person, other, tie,
       coalesce(1.0 - exp(-(balanced + CASE WHEN one_way < $weights.most_one_way THEN one_way
         ELSE $weights.most_one_way END) / $weights.saturation), 0.0) AS observed,
       CASE WHEN tie.stated_at <= $as_of
         THEN $weights.stated[tie.stated_level] * 2.0 ^ ((tie.stated_at - $as_of) / $weights.stated_half_life_days)
         ELSE 0.0 END AS stated,
       CASE WHEN tie.latent_until <= $as_of AND tie.latent_months >= $weights.latent_least_months
         THEN $weights.latent * CASE WHEN tie.latent_months < $weights.latent_full_months
             THEN tie.latent_months / $weights.latent_full_months ELSE 1.0 END
           * 2.0 ^ ((tie.latent_until - $as_of) / $weights.latent_half_life_days)
         ELSE 0.0 END AS latent
  WITH person, other, tie, observed, stated, latent,
       CASE WHEN observed >= stated AND observed >= latent THEN observed
            WHEN stated >= latent THEN stated ELSE latent END AS greatest
  WITH person, other, tie, observed, stated, coalesce(tie.override, greatest) AS strength, greatest
  WHERE tie.at > $as_of OR strength > 0.0 AND strength >= $min_strength AND ($fresh_since IS NULL OR tie.last_at >= $fresh_since OR tie.stated_at >= $fresh_since)
  WITH person, other, {
    first_id: startNode(tie).id,
    second_id: endNode(tie).id,
    strength: strength,
    basis: CASE WHEN tie.override IS NOT NULL THEN 'OVERRIDE' WHEN observed = greatest THEN 'OBSERVED'
                WHEN stated = greatest THEN 'STATED' ELSE 'LATENT' END,
    last_at: tie.last_at,
    stated_at: tie.stated_at,
    interaction_count: coalesce(tie.count, 0),
    unanswered_from: CASE WHEN tie.out > 0.0 AND tie.in = 0.0 AND tie.mutual = 0.0 THEN startNode(tie).id
                          WHEN tie.in > 0.0 AND tie.out = 0.0 AND tie.mutual = 0.0 THEN endNode(tie).id END,
    visibility: tie.visibility,
    owner_id: tie.owner_id,
    fed_since: CASE WHEN tie.at > $as_of THEN {
      last_at: tie.last_at,
      stated_level: tie.stated_level,
      stated_at: tie.stated_at,
      latent_months: tie.latent_months,
      latent_until: tie.latent_until,
      override: tie.override } END } AS tie
  ORDER BY tie.strength DESC
  LIMIT $limit + 1
  RETURN collect(tie) AS ties, collect(person) + collect(other) AS people
}
WITH ties[..$limit] AS ties,
     CASE WHEN size(ties) > $limit THEN ties[$limit].strength END AS cut,
     people
CALL (people) {
  UNWIND people AS person
  WITH DISTINCT person
  RETURN collect({
         id: person.id,
         name: person.name,
         given_name: person.given_name,
         is_user: person:User,
         active: coalesce(person.active, true),
         opted_out: coalesce(person.opted_out, false),
         do_not_contact: coalesce(person.do_not_contact, false),
         restricted: coalesce(person.processing_restricted, false),
         at_competitor: person:Contact AND EXISTS {
           MATCH (person)-[employment:WORKS_AT]->(:Account {is_competitor: true})
           WHERE employment.valid_to IS NULL OR employment.valid_to > $day },
         degree: coalesce(person.degree, 0),
         leaves_on: person.leaves_on,
         seniority: coalesce(COLLECT {
           MATCH (person)-[employment:WORKS_AT]->(:Account)
           WHERE person:Contact
             AND (employment.valid_from IS NULL OR employment.valid_from <= $day)
             AND (employment.valid_to IS NULL OR employment.valid_to > $day)
             AND employment.seniority IS NOT NULL
           RETURN employment.seniority
           ORDER BY coalesce(employment.is_primary, false) DESC, employment.valid_from DESC
           LIMIT 1 }[0], 'UNKNOWN'),
         teams: COLLECT {
           MATCH (person)-[:MEMBER_OF]->(team:Team)
           RETURN {
             id: team.id,
             name: team.name,
             active_members: COUNT { (team)<-[:MEMBER_OF]-(:User {active: true}) } } },
         standings: COLLECT {
           MATCH (person)<-[:IS]-(stakeholder:Stakeholder)<-[:HAS_STAKEHOLDER]-(scope:Record)
           WHERE $judgements AND any(group IN scope.readers WHERE group IN $viewer_groups)
           MATCH (stakeholder)-[:ASSESSED]->(assessment:Assessment)
           WHERE assessment.superseded_at IS NULL
             AND assessment.valid_from <= $moment
             AND (assessment.valid_to IS NULL OR assessment.valid_to > $moment)
           OPTIONAL MATCH (scope)-[:FOR_ACCOUNT]->(account:Account)
           WITH assessment, scope, coalesce(account, scope) AS place
           RETURN {
             stance: assessment.stance,
             at_target: coalesce(place.id = $to_account, false) OR EXISTS {
               MATCH (place)<-[employment:WORKS_AT]-(:Record:Contact {id: $to_contact})
               WHERE employment.valid_to IS NULL OR employment.valid_to > $day },
             account: place.name,
             deal: CASE WHEN scope:Opportunity THEN scope.name END } } }) AS facts
}
RETURN ties, cut, facts AS people
