// One row: how many new accounts there are, each with its address and the key of its source.
UNWIND $rows AS row
CREATE (account:Record:Account {
  id: row.id,
  name: row.name,
  name_key: row.name_key,
  is_person: false,
  domain: row.domain,
  website: row.website,
  industry: row.industry,
  industry_key: row.industry_key,
  employee_count: row.employee_count,
  annual_revenue: row.annual_revenue,
  annual_revenue_currency: row.annual_revenue_currency,
  description: row.description,
  lifecycle_stage: 'PROSPECT',
  is_competitor: false,
  search_text: row.search_text,
  search_folded: row.search_folded,
  creator_id: $actor_id,
  readers: [],
  created_at: $now,
  updated_at: $now,
  version: 1,
  source: $system
})
CREATE (account)-[:FROM_SOURCE]->(:Record:SourceRecord {
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
  CREATE (account)-[:HAS_ADDRESS]->(:Record:PostalAddress {
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
