// One row: how many contacts of before were set to what the file says now; what it leaves blank stays.
UNWIND $rows AS row
MATCH (contact:Record:Contact {id: row.id})
SET contact.civility = coalesce(row.civility, contact.civility),
    contact.given_name = coalesce(row.given_name, contact.given_name),
    contact.family_name = coalesce(row.family_name, contact.family_name),
    contact.name = coalesce(row.name, contact.name),
    contact.display_name = coalesce(row.name, contact.display_name),
    contact.name_key = coalesce(row.name_key, contact.name_key)
WITH contact, row
CALL (contact, row) {
  MATCH (contact)-[employment:WORKS_AT]->(:Account)
  WHERE employment.valid_to IS NULL OR employment.valid_to > $today
  WITH employment, row
  ORDER BY coalesce(employment.is_primary, false) DESC, employment.id
  LIMIT 1
  SET employment.title = coalesce(row.title, employment.title),
      employment.title_key = coalesce(row.title_key, employment.title_key),
      employment.department = coalesce(row.department, employment.department),
      employment.seniority = CASE
        WHEN row.seniority IS NOT NULL AND coalesce(employment.seniority_derived, true) THEN row.seniority
        ELSE employment.seniority END,
      employment.version = coalesce(employment.version, 1) + 1
}
RETURN count(*) AS count
