// One row: how many records lack a field that every record of their kind has, and the first of them.
MATCH (record:Record)
WHERE record.id IS NULL
   OR (NOT record:ChangeEvent
       AND (record.created_at IS NULL OR record.updated_at IS NULL OR record.version IS NULL OR record.source IS NULL))
   OR (record:Account
       AND (record.name IS NULL OR record.name_key IS NULL OR record.lifecycle_stage IS NULL
            OR record.is_person IS NULL OR record.readers IS NULL))
   OR (record:Contact
       AND (record.display_name IS NULL OR record.name_key IS NULL OR record.lifecycle_stage IS NULL
            OR record.do_not_contact IS NULL OR record.degree IS NULL OR record.readers IS NULL))
   OR (record:User
       AND (record.name IS NULL OR record.name_key IS NULL OR record.role IS NULL OR record.active IS NULL
            OR record.language IS NULL OR record.do_not_contact IS NULL OR record.degree IS NULL))
   OR (record:Opportunity
       AND (record.name IS NULL OR record.name_key IS NULL OR record.kind IS NULL OR record.readers IS NULL
            OR (record.amount IS NOT NULL AND record.currency IS NULL)))
   OR (record:Interaction
       AND (record.type IS NULL OR record.occurred_at IS NULL OR record.status IS NULL))
   OR (record:Assessment
       AND (record.valid_from IS NULL OR record.recorded_at IS NULL))
   OR (record:ChangeEvent
       AND (record.sequence IS NULL OR record.at IS NULL OR record.action IS NULL OR record.record_id IS NULL))
WITH coalesce(record.id, elementId(record)) AS id
ORDER BY id
RETURN count(id) AS count,
       collect(id)[..10] AS first
