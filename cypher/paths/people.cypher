// One row: what a path's score and words take from these people, what some ties are made of, and the newest contact.
WITH CASE WHEN $to_account IS NULL THEN [] ELSE [$to_account] END + COLLECT {
       MATCH (:Record:Contact {id: $to_contact})-[employment:WORKS_AT]->(account:Account)
       WHERE (employment.valid_from IS NULL OR employment.valid_from <= $day)
         AND (employment.valid_to IS NULL OR employment.valid_to > $day)
         AND any(group IN account.readers WHERE group IN $viewer_groups)
       RETURN account.id } AS target_accounts
RETURN COLLECT {
  UNWIND $people AS person_id
  MATCH (person:Record:Person {id: person_id})
  WHERE person:User OR any(group IN person.readers WHERE group IN $viewer_groups)
  WITH person, target_accounts, person {.name, .display_name, .given_name, .family_name, .active, .opted_out,
         .do_not_contact, .leaves_on} AS known
  RETURN {
    id: person.id,
    name: known.name,
    display_name: known.display_name,
    given_name: known.given_name,
    family_name: known.family_name,
    is_user: person:User,
    active: coalesce(known.leaves_on > $day OR known.leaves_on = $day AND (known.active OR $day < $today), known.active, true),
    opted_out: coalesce(known.opted_out, false),
    do_not_contact: coalesce(known.do_not_contact, false),
    restricted: coalesce(person['processing_restricted'], false),
    leaves_on: known.leaves_on,
    employments: COLLECT {
      MATCH (person)-[employment:WORKS_AT]->(account:Account)
      WHERE person:Contact
        AND (employment.valid_from IS NULL OR employment.valid_from <= $day)
        AND (employment.valid_to IS NULL OR employment.valid_to > $day)
        AND any(group IN account.readers WHERE group IN $viewer_groups)
      RETURN {seniority: employment.seniority, at_competitor: coalesce(account.is_competitor, false)}
      ORDER BY coalesce(employment.is_primary, false) DESC, employment.valid_from DESC },
    parts: COLLECT {
      MATCH (person)<-[:IS]-(stakeholder:Stakeholder)<-[:HAS_STAKEHOLDER]-(scope:Record)
      WHERE $judgements AND (scope:Account OR scope:Opportunity) AND any(group IN scope.readers WHERE group IN $viewer_groups)
      MATCH (stakeholder)-[:ASSESSED]->(assessment:Assessment)
      WHERE assessment.superseded_at IS NULL
        AND assessment.valid_from <= $moment
        AND (assessment.valid_to IS NULL OR assessment.valid_to > $moment)
      OPTIONAL MATCH (scope)-[:FOR_ACCOUNT]->(account:Account)
      WITH stakeholder, scope, assessment, CASE WHEN scope:Account THEN scope ELSE account END AS place
      WITH stakeholder, scope, assessment,
           CASE WHEN any(group IN place.readers WHERE group IN $viewer_groups) THEN place END AS place
      RETURN {
        stance: assessment.stance,
        at_target: coalesce(place.id IN target_accounts, false),
        account: place.name,
        deal: CASE WHEN scope:Opportunity THEN scope.name END,
        willing_to_introduce: stakeholder.willing_to_introduce } } } } AS people,
  COLLECT {
    MATCH (first:Person)-[tie:KNOWS]->(second:Person)
    WHERE tie.key IN $keys
      AND all(person IN [first, second] WHERE person:User OR any(group IN person.readers WHERE group IN $viewer_groups))
    WITH first, second, tie {.*} AS fact
    WHERE fact.visibility <> 'PRIVATE' OR fact.owner_id = $viewer_id
    RETURN {
      first_id: first.id,
      second_id: second.id,
      outbound: fact.out,
      inbound: fact.in,
      mutual: fact.mutual,
      at: fact.at,
      last_at: fact.last_at,
      interaction_count: coalesce(fact.count, 0),
      stated_level: fact.stated_level,
      stated_at: fact.stated_at,
      latent_months: fact.latent_months,
      latent_until: fact.latent_until,
      override: fact.override,
      visibility: fact.visibility,
      owner_id: fact.owner_id } } AS ties,
  COLLECT {
    MATCH (interaction:Interaction)
    WHERE interaction.occurred_at <= $moment
      AND interaction.status = 'HELD'
      AND (EXISTS {
          MATCH (interaction)<-[:TOOK_PART_IN]-(contact:Contact)
          WHERE any(group IN contact.readers WHERE group IN $viewer_groups) }
        OR EXISTS {
          MATCH (interaction)-[:ABOUT]->(record:Record)
          WHERE any(group IN record.readers WHERE group IN $viewer_groups) })
    RETURN interaction.occurred_at
    ORDER BY interaction.occurred_at DESC
    LIMIT 1 }[0] AS newest_interaction
