// No row: a reporting line between two people.
MATCH (source:Record:Contact {id: $from_id})
MATCH (target:Record:Contact {id: $to_id})
CREATE (source)-[link:REPORTS_TO {
  id: $link_id,
  kind: $kind,
  note: $note,
  author_id: $author_id,
  valid_from: $valid_from,
  recorded_at: $now
}]->(target)
