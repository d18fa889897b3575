// One row: the accounts of before, each with the users who own it or work on it.
MATCH (account:Record:Account)
WHERE account.id IN $account_ids
  AND any(group IN account.readers WHERE group IN $viewer_groups)
WITH account, COLLECT { MATCH (user:User)-[:OWNS|WORKS_ON]->(account) RETURN DISTINCT user.id } AS user_ids
WHERE size(user_ids) > 0
RETURN collect({account_id: account.id, user_ids: user_ids}) AS found
