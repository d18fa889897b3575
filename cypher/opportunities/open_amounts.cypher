// One row per account and currency: what the visible open deals of the account amount to.
MATCH (account:Record:Account)
WHERE account.id IN $account_ids
  AND any(group IN account.readers WHERE group IN $viewer_groups)
MATCH (account)<-[:FOR_ACCOUNT]-(opportunity:Opportunity)-[:IN_STAGE]->(stage:Stage)
WHERE NOT stage.is_won AND NOT stage.is_lost
  AND opportunity.amount IS NOT NULL
  AND any(group IN opportunity.readers WHERE group IN $viewer_groups)
RETURN account.id AS account_id,
       opportunity.currency AS currency,
       sum(opportunity.amount) AS amount_units
ORDER BY account_id, currency
