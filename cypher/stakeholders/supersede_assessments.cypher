// No row: these versions are no longer what we hold; nothing else of them changes.
MATCH (assessment:Record:Assessment)
WHERE assessment.id IN $assessment_ids
SET assessment.superseded_at = $recorded_at
