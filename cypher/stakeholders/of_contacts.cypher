// One row per part in force on a date of the given contacts, as far as the viewer may see it.
MATCH (contact:Record:Contact)<-[:IS]-(stakeholder:Stakeholder)<-[:HAS_STAKEHOLDER]-(scope:Record)
WHERE contact.id IN $contact_ids
  AND any(group IN contact.readers WHERE group IN $viewer_groups)
  AND any(group IN scope.readers WHERE group IN $viewer_groups)
MATCH (stakeholder)-[:ASSESSED]->(assessment:Assessment)
WHERE assessment.superseded_at IS NULL
  AND assessment.valid_from <= $as_of
  AND (assessment.valid_to IS NULL OR assessment.valid_to > $as_of)
RETURN stakeholder.id AS id,
       stakeholder.version AS version,
       CASE WHEN scope:Account THEN 'ACCOUNT' ELSE 'OPPORTUNITY' END AS scope_kind,
       scope.id AS scope_id,
       contact.id AS contact_id,
       assessment {
         .id, .roles, .stance, .influence_level, .is_primary, .confidence, .note, .basis, .author_id, .review_by,
         .source_label, .valid_from, .valid_to, .recorded_at, .superseded_at, stakeholder_id: stakeholder.id
       } AS assessment
ORDER BY assessment.valid_from, id
