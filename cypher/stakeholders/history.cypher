// One row per version ever recorded of the given parts, oldest first.
MATCH (stakeholder:Record:Stakeholder)-[:ASSESSED]->(assessment:Assessment)
WHERE stakeholder.id IN $stakeholder_ids
RETURN assessment.id AS id,
       stakeholder.id AS stakeholder_id,
       assessment.roles AS roles,
       assessment.stance AS stance,
       assessment.influence_level AS influence_level,
       assessment.is_primary AS is_primary,
       assessment.confidence AS confidence,
       assessment.note AS note,
       assessment.basis AS basis,
       assessment.author_id AS author_id,
       assessment.review_by AS review_by,
       assessment.source_label AS source_label,
       assessment.valid_from AS valid_from,
       assessment.valid_to AS valid_to,
       assessment.recorded_at AS recorded_at,
       assessment.superseded_at AS superseded_at
ORDER BY recorded_at, valid_from, id
