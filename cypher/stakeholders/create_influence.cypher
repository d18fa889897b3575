// No row: an influence between two people.
MATCH (source:Record:Contact {id: $from_id})
MATCH (target:Record:Contact {id: $to_id})
CREATE (source)-[link:INFLUENCES {
  id: $link_id,
  weight: $weight,
  opportunity_id: $opportunity_id,
  grade: $grade,
  confidence: $confidence,
  note: $note,
  author_id: $author_id,
  valid_from: $valid_from,
  recorded_at: $now
}]->(target)
