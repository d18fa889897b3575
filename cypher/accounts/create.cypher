// One row: the id of the new account.
CREATE (account:Record:Account {
  id: $id,
  created_at: $now,
  updated_at: $now,
  version: 1,
  source: $source,
  creator_id: $creator_id,
  readers: [],
  name: $name,
  name_key: $name_key,
  legal_name: $legal_name,
  is_person: $is_person,
  domain: $domain,
  website: $website,
  industry: $industry,
  industry_key: $industry_key,
  employee_count: $employee_count,
  employee_band: $employee_band,
  lifecycle_stage: $lifecycle_stage,
  is_competitor: false,
  satisfaction: $satisfaction,
  latitude: $latitude,
  longitude: $longitude,
  search_text: $search_text,
  search_folded: $search_folded
})
RETURN account.id AS id
