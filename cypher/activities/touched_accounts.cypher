// One row per account whose last interaction this one may be.
CALL () {
  MATCH (contact:Record:Contact)-[employment:WORKS_AT]->(account:Account)
  WHERE contact.id IN $ids
    AND (employment.valid_from IS NULL OR employment.valid_from <= $day)
    AND (employment.valid_to IS NULL OR employment.valid_to > $day)
  RETURN account
  UNION
  MATCH (opportunity:Record:Opportunity)-[:FOR_ACCOUNT]->(account:Account)
  WHERE opportunity.id IN $ids
  RETURN account
}
RETURN account.id AS id
