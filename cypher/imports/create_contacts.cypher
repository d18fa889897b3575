// One row: how many new contacts there are, each with the key of their source.
UNWIND $rows AS row
CREATE (contact:Record:Person:Contact {
  id: row.id,
  civility: row.civility,
  given_name: row.given_name,
  family_name: row.family_name,
  name: row.name,
  display_name: row.name,
  name_key: row.name_key,
  employer_as_given: CASE WHEN row.employment IS NULL THEN row.employer_as_given END,
  title_as_given: CASE WHEN row.employment IS NULL THEN row.title END,
  lifecycle_stage: 'PROSPECT',
  do_not_contact: false,
  processing_restricted: false,
  degree: 0,
  search_text: row.search_text,
  search_folded: row.search_folded,
  creator_id: $actor_id,
  readers: [],
  created_at: $now,
  updated_at: $now,
  version: 1,
  source: $system
})
CREATE (contact)-[:FROM_SOURCE]->(:Record:SourceRecord {
  id: row.source.id,
  key: row.source.key,
  system: $system,
  record_type: $record_type,
  external_key: row.source.external_key,
  file: row.source.file,
  row: row.source.row,
  values: row.source.values,
  import_job_id: $job_id,
  imported_at: $now,
  created_at: $now,
  updated_at: $now,
  version: 1,
  source: $system
})
FOREACH (address IN CASE WHEN row.address IS NULL THEN [] ELSE [row.address] END |
  CREATE (contact)-[:HAS_ADDRESS]->(:Record:PostalAddress {
    id: address.id,
    street: address.street,
    city: address.city,
    region: address.region,
    postal_code: address.postal_code,
    country: address.country,
    country_key: address.country_key,
    created_at: $now,
    updated_at: $now,
    version: 1,
    source: $system
  })
)
RETURN count(*) AS count
