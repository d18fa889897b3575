// At most one row: the contact or account a path leads to, when the viewer may see it.
MATCH (target:Record {id: $target_id})
WHERE (target:Contact OR target:Account)
  AND any(group IN target.readers WHERE group IN $viewer_groups)
WITH target, COLLECT {
  MATCH (target)-[employment:WORKS_AT]->(account:Account)
  WHERE (employment.valid_from IS NULL OR employment.valid_from <= $day)
    AND (employment.valid_to IS NULL OR employment.valid_to > $day)
    AND any(group IN account.readers WHERE group IN $viewer_groups)
  RETURN {title: employment.title, account: account.name}
  ORDER BY coalesce(employment.is_primary, false) DESC, employment.valid_from DESC
  LIMIT 1
}[0] AS employment
RETURN target.id AS id,
       target.name AS name,
       employment.title AS title,
       employment.account AS account
