// No row: versions appended to their parts.
UNWIND $assessments AS appended
MATCH (stakeholder:Record:Stakeholder {id: appended.stakeholder_id})
CREATE (stakeholder)-[:ASSESSED]->(assessment:Record:Assessment {
  id: appended.id,
  roles: appended.roles,
  stance: appended.stance,
  influence_level: appended.influence_level,
  is_primary: appended.is_primary,
  confidence: appended.confidence,
  note: appended.note,
  basis: appended.basis,
  author_id: appended.author_id,
  review_by: appended.review_by,
  source_label: appended.source_label,
  valid_from: appended.valid_from,
  valid_to: appended.valid_to,
  recorded_at: appended.recorded_at,
  created_at: $now,
  updated_at: $now,
  version: 1,
  source: 'graph_crm'
})
