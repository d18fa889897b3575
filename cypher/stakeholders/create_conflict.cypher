// No row: a conflict between two people.
MATCH (source:Record:Contact {id: $from_id})
MATCH (target:Record:Contact {id: $to_id})
CREATE (source)-[link:IN_CONFLICT_WITH {
  id: $link_id,
  note: $note,
  author_id: $author_id,
  valid_from: $valid_from,
  recorded_at: $now
}]->(target)
