// One row per note: whether this write made it.
UNWIND $notes AS wanted
MERGE (note:Record:Note {external_id: wanted.external_id})
  ON CREATE SET note.id = wanted.id,
                note.kind = wanted.kind,
                note.text = wanted.text,
                note.author_id = wanted.author_id,
                note.version = 1,
                note.created_at = wanted.created_at,
                note.updated_at = $now,
                note.source = wanted.source
WITH note, wanted, note.id = wanted.id AS made
CALL (note, wanted, made) {
  WITH note, wanted, made
  WHERE made
  UNWIND wanted.about_ids AS about_id
  MATCH (record:Record {id: about_id})
  CREATE (note)-[:ABOUT]->(record)
}
RETURN note.id AS id,
       made
