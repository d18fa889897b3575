// One row per territory in which each of these accounts lies, by name.
MATCH (account:Record:Account)-[:IN]->(territory:Territory)
WHERE account.id IN $account_ids
  AND any(group IN account.readers WHERE group IN $viewer_groups)
RETURN account.id AS account_id,
       territory.id AS id,
       territory.name AS name
ORDER BY territory.name_key
