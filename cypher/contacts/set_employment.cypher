// No row: the employment as it is known now.
MATCH (contact:Record:Contact {id: $contact_id})-[employment:WORKS_AT {id: $id}]->(:Account)
SET employment.title = $title,
    employment.title_key = $title_key,
    employment.department = $department,
    employment.seniority = $seniority,
    employment.seniority_derived = $seniority_derived,
    employment.is_primary = $is_primary,
    employment.valid_from = $valid_from,
    employment.valid_to = $valid_to,
    employment.version = coalesce(employment.version, 1) + 1
