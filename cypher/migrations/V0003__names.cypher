// The names that statements read are known from the first day: a plan goes stale each time that one appears.
// One row: how many labels.
UNWIND [
  'Assessment', 'Evidence', 'Person', 'PostalAddress'
] AS name
CALL db.createLabel(name)
RETURN count(*) AS count;
// One row: how many types of relationships.
UNWIND [
  'ABOUT', 'ASSESSED', 'COVERS', 'CURRENT', 'FOR_ACCOUNT', 'FROM_SOURCE', 'HAS_ADDRESS', 'HAS_EMAIL', 'HAS_KEY',
  'HAS_PHONE', 'HAS_PRIMARY_CONTACT', 'HAS_STAKEHOLDER', 'HAS_VALUES', 'IN', 'IN_STAGE', 'IS', 'MEMBER_OF',
  'PART_OF', 'SHARED_WITH', 'SUCCEEDED_BY', 'SUPPORTED_BY', 'TOOK_PART_IN', 'WAS_IN_STAGE'
] AS name
CALL db.createRelationshipType(name)
RETURN count(*) AS count;
// One row: how many properties.
UNWIND [
  'acquisition_source', 'action', 'active', 'actor_id', 'after_id', 'also_about', 'author_id', 'basis', 'city',
  'civility', 'closed_at', 'confidence', 'consensus_count', 'consensus_needed_ids', 'consensus_veto_ids',
  'count', 'country', 'country_key', 'date_only', 'degree', 'department', 'digest', 'display_name',
  'do_not_contact', 'done', 'employee_band', 'employee_count', 'employer_as_given', 'entered_at', 'expires_at',
  'external_key', 'family_name', 'fields', 'function', 'given_name', 'grade', 'imported_at', 'in', 'industry',
  'industry_key', 'influence_level', 'interaction_id', 'is_automated', 'is_competitor', 'is_person',
  'is_primary', 'kept_up_to', 'language', 'last_at', 'last_in_at', 'last_mutual_at', 'last_out_at',
  'latent_months', 'latent_until', 'latitude', 'leaves_on', 'left_at', 'legal_name', 'lifecycle_stage',
  'longitude', 'lost_reason', 'mutual', 'next_step', 'next_step_due_at', 'note', 'number', 'observed_at',
  'opportunity_id', 'opted_out', 'out', 'override', 'owner_id', 'position', 'postal_code',
  'processing_restricted', 'readers', 'rebuilding', 'record_type', 'recorded_at', 'region', 'responded',
  'review_by', 'revoked_at', 'role', 'satisfaction', 'scopes', 'seniority', 'seniority_derived', 'source_label',
  'stance', 'stated_at', 'stated_level', 'status', 'street', 'subject', 'superseded_at', 'system', 'text',
  'title', 'title_key', 'type', 'url', 'valid_to', 'values', 'website', 'weight', 'willing_to_introduce'
] AS name
CALL db.createProperty(name)
RETURN count(*) AS count;
