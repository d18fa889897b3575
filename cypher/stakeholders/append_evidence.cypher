// No row: what a version rests on.
MATCH (assessment:Record:Assessment {id: $assessment_id})
UNWIND $evidence AS given
CREATE (assessment)-[:SUPPORTED_BY]->(evidence:Record:Evidence {
  id: given.id,
  grade: given.grade,
  text: given.text,
  url: given.url,
  interaction_id: given.interaction_id,
  observed_at: given.observed_at,
  author_id: $author_id,
  created_at: $now,
  updated_at: $now,
  version: 1,
  source: 'graph_crm'
})
