// One row per account with one of these ids that the viewer may see.
MATCH (account:Record:Account)
WHERE account.id IN $account_ids
  AND any(group IN account.readers WHERE group IN $viewer_groups)
RETURN account.id AS id,
       account.version AS version,
       account.created_at AS created_at,
       account.updated_at AS updated_at,
       account.name AS name,
       account.legal_name AS legal_name,
       coalesce(account.is_person, false) AS is_person,
       account.domain AS domain,
       account.website AS website,
       account.industry AS industry,
       account.employee_count AS employee_count,
       account.employee_band AS employee_band,
       account.lifecycle_stage AS lifecycle_stage,
       account.satisfaction AS satisfaction,
       account.latitude AS latitude,
       account.longitude AS longitude,
       account.last_interaction_at AS last_interaction_at,
       head(COLLECT {
         MATCH (account)-[part:PART_OF]->(parent:Account)
         WHERE (part.valid_to IS NULL OR part.valid_to > $today)
           AND any(group IN parent.readers WHERE group IN $viewer_groups)
         RETURN parent.id LIMIT 1
       }) AS parent_id
