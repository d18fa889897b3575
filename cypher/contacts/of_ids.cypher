// One row per contact with one of these ids that the viewer may see.
MATCH (contact:Record:Contact)
WHERE contact.id IN $contact_ids
  AND any(group IN contact.readers WHERE group IN $viewer_groups)
RETURN contact.id AS id,
       contact.version AS version,
       contact.created_at AS created_at,
       contact.updated_at AS updated_at,
       contact.display_name AS display_name,
       contact.civility AS civility,
       contact.given_name AS given_name,
       contact.family_name AS family_name,
       contact.lifecycle_stage AS lifecycle_stage,
       contact.acquisition_source AS acquisition_source,
       contact.employer_as_given AS employer_as_given,
       coalesce(contact.do_not_contact, false) AS do_not_contact,
       contact.last_interaction_at AS last_interaction_at,
       COLLECT {
         MATCH (contact)-[has:HAS_EMAIL]->(address:EmailAddress)
         RETURN address.value ORDER BY coalesce(has.position, 0), address.value
       } AS email_addresses,
       COLLECT {
         MATCH (contact)-[has:HAS_PHONE]->(phone:Phone)
         RETURN phone.value ORDER BY coalesce(has.position, 0), phone.value
       } AS phone_numbers
