// One row: a deal or an account with everyone who has a say in it or works there, as it was on a date and known on another.
MATCH (scope:Record {id: $scope_id})
WHERE (scope:Opportunity OR scope:Account)
  AND any(group IN scope.readers WHERE group IN $viewer_groups)
OPTIONAL MATCH (scope)-[:FOR_ACCOUNT]->(employer:Account)
WHERE any(group IN employer.readers WHERE group IN $viewer_groups)
WITH scope,
     CASE WHEN scope:Account THEN scope ELSE employer END AS account,
     [scope] + COLLECT {
    MATCH (scope)<-[:FOR_ACCOUNT]-(deal:Opportunity)-[stay:IN_STAGE|WAS_IN_STAGE]->(stage:Stage)
    WHERE scope:Account AND NOT stage.is_won AND NOT stage.is_lost
      AND stay.entered_at <= $as_of AND (stay.left_at IS NULL OR stay.left_at > $as_of)
      AND any(group IN deal.readers WHERE group IN $viewer_groups)
    RETURN DISTINCT deal
     } AS places
CALL (places) {
  UNWIND places AS place
  MATCH (place)-[:HAS_STAKEHOLDER]->(stakeholder:Stakeholder)-[:IS]->(contact:Contact)
  MATCH (stakeholder)-[:ASSESSED]->(assessment:Assessment)
  WHERE assessment.valid_from <= $as_of AND (assessment.valid_to IS NULL OR assessment.valid_to > $as_of)
    AND assessment.recorded_at <= $known_at
    AND (assessment.superseded_at IS NULL OR assessment.superseded_at > $known_at)
    AND any(group IN contact.readers WHERE group IN $viewer_groups)
  WITH contact, collect({
    id: stakeholder.id,
    version: stakeholder.version,
    scope_kind: CASE WHEN place:Account THEN 'ACCOUNT' ELSE 'OPPORTUNITY' END,
    scope_id: place.id,
    assessment: assessment {
        .id, .roles, .stance, .influence_level, .is_primary, .confidence, .note, .basis, .author_id, .review_by,
        .source_label, .valid_from, .valid_to, .recorded_at, .superseded_at, stakeholder_id: stakeholder.id } }) AS stakeholders
  RETURN collect({contact: contact, stakeholders: stakeholders}) AS parts
}
CALL (account, parts) {
  WITH account, [part IN parts | part.contact] AS counted
  MATCH (account)<-[employment:WORKS_AT]-(contact:Contact)
  WHERE (employment.valid_from IS NULL OR employment.valid_from <= $day)
    AND (employment.valid_to IS NULL OR employment.valid_to > $day)
    AND NOT contact IN counted
    AND any(group IN contact.readers WHERE group IN $viewer_groups)
  WITH contact, max(CASE employment.seniority
    WHEN 'C_LEVEL' THEN 5 WHEN 'VP' THEN 4 WHEN 'DIRECTOR' THEN 3 WHEN 'MANAGER' THEN 2
    WHEN 'INDIVIDUAL_CONTRIBUTOR' THEN 1 ELSE 0 END) AS rank
  ORDER BY rank DESC, contact.id
  RETURN collect({contact: contact, stakeholders: []}) AS others
}
WITH scope, account, places,
     size(parts) + size(others) AS people_in_all,
     (parts + others)[..$most_people] AS chosen
CALL (account, chosen) {
  UNWIND chosen AS one
  WITH account, one.contact AS contact, one.stakeholders AS stakeholders
  RETURN collect({
    contact_id: contact.id,
    name: contact.name,
    family_name: contact.family_name,
    title_as_given: contact.title_as_given,
    stakeholders: stakeholders,
    employments: COLLECT {
      MATCH (contact)-[employment:WORKS_AT]->(workplace:Account)
      WHERE (employment.valid_from IS NULL OR employment.valid_from <= $day)
        AND (employment.valid_to IS NULL OR employment.valid_to > $day)
        AND any(group IN workplace.readers WHERE group IN $viewer_groups)
      RETURN {
        account_id: workplace.id,
        account_name: workplace.name,
        here: workplace = account OR EXISTS {
          MATCH holdings = (workplace)-[:PART_OF*1..8]->(account)
          WHERE all(holding IN nodes(holdings) WHERE any(group IN holding.readers WHERE group IN $viewer_groups)) },
        title: employment.title,
        seniority: coalesce(employment.seniority, 'UNKNOWN'),
        is_primary: coalesce(employment.is_primary, false),
        valid_from: CASE WHEN employment.valid_from IS NOT NULL THEN datetime({date: employment.valid_from}) END }
    },
    ties: COLLECT {
      MATCH (contact)-[tie:KNOWS]-(user:User)
      WITH user, tie {.visibility, .owner_id, .out, .in, .mutual, .at, .last_at, .count, .stated_level, .stated_at,
             .latent_months, .latent_until, .override, .last_mutual_at, .last_out_at, .last_in_at} AS fact
      WHERE fact.visibility <> 'PRIVATE' OR fact.owner_id = $viewer_id
      WITH user, fact, user.id < contact.id AS user_first
      RETURN {
        user_id: user.id,
        tie: {
          accumulators: CASE WHEN fact.at IS NOT NULL THEN {
            outbound: CASE WHEN user_first THEN fact.out ELSE fact.in END,
            inbound: CASE WHEN user_first THEN fact.in ELSE fact.out END,
            mutual: fact.mutual,
            at: fact.at } END,
          last_at: fact.last_at,
          interaction_count: coalesce(fact.count, 0),
          stated_level: fact.stated_level,
          stated_at: fact.stated_at,
          latent_months: fact.latent_months,
          latent_until: fact.latent_until,
          override: fact.override,
          visibility: fact.visibility,
          owner_id: fact.owner_id },
        last_mutual_at: fact.last_mutual_at,
        last_sent_at: CASE WHEN user_first THEN fact.last_out_at ELSE fact.last_in_at END,
        last_received_at: CASE WHEN user_first THEN fact.last_in_at ELSE fact.last_out_at END }
    }
  }) AS people
}
CALL (chosen, places) {
  WITH [one IN chosen | one.contact] AS contacts, [place IN places | place.id] AS place_ids
  UNWIND contacts AS source
  MATCH (source)-[link:REPORTS_TO|INFLUENCES|IN_CONFLICT_WITH]->(target:Contact)
  WHERE target IN contacts
    AND (link.valid_from IS NULL OR link.valid_from <= $as_of)
    AND (link.valid_to IS NULL OR link.valid_to > $as_of)
    AND (link.opportunity_id IS NULL OR link.opportunity_id IN place_ids)
  RETURN collect({
    id: link.id,
    kind: CASE WHEN type(link) = 'REPORTS_TO' AND link.kind = 'DOTTED' THEN 'DOTTED_LINE' ELSE type(link) END,
    from_id: source.id,
    to_id: target.id,
    weight: link.weight,
    opportunity_id: link.opportunity_id,
    note: link.note,
    grade: link.grade,
    confidence: link.confidence,
    valid_from: link.valid_from,
    valid_to: link.valid_to }) AS links
}
CALL (people) {
  UNWIND people AS person
  UNWIND person.ties AS known
  WITH DISTINCT known.user_id AS user_id
  MATCH (user:Record:User {id: user_id})
  RETURN collect({
    id: user.id,
    name: user.name,
    active: coalesce(user.leaves_on > $day OR user.leaves_on = $day AND (user.active OR $day < $today), user.active),
    leaves_on: user.leaves_on,
    teams: COLLECT {
      MATCH (user)-[:MEMBER_OF]->(team:Team)
      RETURN {
        id: team.id,
        name: team.name,
        active_members: COUNT {
          MATCH (team)<-[:MEMBER_OF]-(member:User)
          WHERE coalesce(member.leaves_on > $day OR member.leaves_on = $day AND (member.active OR $day < $today), member.active) } }
    } }) AS users
}
CALL (places) {
  UNWIND places AS deal
  MATCH (deal)-[stay:IN_STAGE|WAS_IN_STAGE]->(stage:Stage)<-[:HAS_STAGE]-(pipeline:Pipeline)
  WHERE stay.entered_at <= $as_of AND (stay.left_at IS NULL OR stay.left_at > $as_of)
  WITH deal, stage, pipeline
  ORDER BY stage.probability DESC
  RETURN collect({deal: deal, stage: stage, pipeline: pipeline}) AS stages
}
WITH scope, account, people, people_in_all, links, users, stages,
     CASE WHEN scope:Opportunity THEN stages[0] END AS standing
OPTIONAL MATCH (scope)-[:HAS_ROLE_TEMPLATE]->(own:RoleTemplate)
OPTIONAL MATCH (described:Record:Pipeline {id: standing.pipeline.id})-[:HAS_ROLE_TEMPLATE]->(usual:RoleTemplate)
WITH scope, account, people, people_in_all, links, users, stages, standing, coalesce(own, usual) AS template
RETURN {
         kind: CASE WHEN scope:Account THEN 'ACCOUNT' ELSE 'OPPORTUNITY' END,
         id: scope.id,
         account_id: account.id,
         account_name: account.name,
         opportunity_name: CASE WHEN scope:Opportunity THEN scope.name END,
         amount_minor: scope.amount,
         currency: scope.currency,
         stage_name: standing.stage.name,
         probability: stages[0].stage.probability,
         pipeline_name: standing.pipeline.name,
         close_date: scope.close_date
       } AS scope,
       people,
       links,
       users,
       [position IN range(0, size(coalesce(template.roles, [])) - 1) | {
         role: CASE template.roles[position] WHEN 'CHAMPION' THEN null ELSE template.roles[position] END,
         weight: template.weights[position],
         required: true,
         from_probability: template.from_probability[position] }] AS role_template,
       CASE WHEN scope.consensus_needed_ids IS NOT NULL OR scope.consensus_veto_ids IS NOT NULL
              OR scope.consensus_count IS NOT NULL THEN {
         needed_contact_ids: coalesce(scope.consensus_needed_ids, []),
         needed_count: scope.consensus_count,
         veto_contact_ids: coalesce(scope.consensus_veto_ids, []) } END AS consensus_rule,
       COLLECT {
         MATCH (contact:Record:Contact)
         WHERE contact.id IN coalesce(scope.consensus_needed_ids, []) + coalesce(scope.consensus_veto_ids, [])
           AND NOT contact.id IN [person IN people | person.contact_id]
           AND any(group IN contact.readers WHERE group IN $viewer_groups)
         RETURN {contact_id: contact.id, name: contact.name, family_name: contact.family_name}
       } AS named,
       CASE WHEN people_in_all > $most_people THEN people_in_all END AS people_in_all
