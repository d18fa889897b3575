// One row per piece of evidence of the given versions, oldest first.
MATCH (assessment:Record:Assessment)-[:SUPPORTED_BY]->(evidence:Evidence)
WHERE assessment.id IN $assessment_ids
RETURN assessment.id AS assessment_id,
       evidence.id AS id,
       evidence.grade AS grade,
       evidence.text AS text,
       evidence.url AS url,
       evidence.interaction_id AS interaction_id,
       evidence.observed_at AS observed_at,
       evidence.author_id AS author_id
ORDER BY evidence.created_at, id
