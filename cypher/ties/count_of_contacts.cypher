// One row per contact: how many ties of theirs the viewer may see.
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
  WHERE strength > 0.0
  RETURN count(tie) AS ties
}
RETURN contact.id AS id, ties AS total
