// One row per version ever recorded of the parts in a deal or an account, with its contact, as far as visible.
MATCH (scope:Record {id: $scope_id})-[:HAS_STAKEHOLDER]->(stakeholder:Stakeholder)-[:IS]->(contact:Contact)
WHERE any(group IN scope.readers WHERE group IN $viewer_groups)
  AND any(group IN contact.readers WHERE group IN $viewer_groups)
MATCH (stakeholder)-[:ASSESSED]->(assessment:Assessment)
WHERE assessment.recorded_at <= $known_at
RETURN contact.id AS contact_id,
       assessment {
         .id, .roles, .stance, .influence_level, .is_primary, .confidence, .note, .basis, .author_id, .review_by,
         .source_label, .valid_from, .valid_to, .recorded_at, .superseded_at, stakeholder_id: stakeholder.id
       } AS assessment
ORDER BY assessment.recorded_at, assessment.id
LIMIT 10000
