// One row: the id of the new contact.
CREATE (contact:Record:Person:Contact {
  id: $id,
  created_at: $now,
  updated_at: $now,
  version: 1,
  source: $source,
  creator_id: $creator_id,
  readers: [],
  civility: $civility,
  given_name: $given_name,
  family_name: $family_name,
  name: $display_name,
  display_name: $display_name,
  name_key: $name_key,
  lifecycle_stage: $lifecycle_stage,
  acquisition_source: $acquisition_source,
  title_as_given: $title_as_given,
  do_not_contact: $do_not_contact,
  processing_restricted: false,
  degree: 0,
  search_text: $search_text,
  search_folded: $search_folded
})
RETURN contact.id AS id
