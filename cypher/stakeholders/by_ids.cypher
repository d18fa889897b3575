// One row per part that the viewer may see, with the version in force now, else the one that was held last.
MATCH (stakeholder:Record:Stakeholder)-[:IS]->(contact:Contact),
      (scope:Record)-[:HAS_STAKEHOLDER]->(stakeholder)
WHERE stakeholder.id IN $stakeholder_ids
  AND any(group IN contact.readers WHERE group IN $viewer_groups)
  AND any(group IN scope.readers WHERE group IN $viewer_groups)
CALL (stakeholder) {
  MATCH (stakeholder)-[:ASSESSED]->(assessment:Assessment)
  RETURN assessment
  ORDER BY coalesce(assessment.superseded_at, datetime({year: 9999})) DESC, assessment.valid_from DESC
  LIMIT 1
}
RETURN stakeholder.id AS id,
       stakeholder.version AS version,
       CASE WHEN scope:Account THEN 'ACCOUNT' ELSE 'OPPORTUNITY' END AS scope_kind,
       scope.id AS scope_id,
       contact.id AS contact_id,
       assessment {
         .id, .roles, .stance, .influence_level, .is_primary, .confidence, .note, .basis, .author_id, .review_by,
         .source_label, .valid_from, .valid_to, .recorded_at, .superseded_at, stakeholder_id: stakeholder.id
       } AS assessment
