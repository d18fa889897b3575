// One row per note that the viewer may see.
MATCH (note:Record:Note)
WHERE note.id IN $note_ids
  AND EXISTS {
    MATCH (note)-[:ABOUT]->(record:Record)
    WHERE any(group IN record.readers WHERE group IN $viewer_groups)
  }
RETURN note.id AS id,
       note.kind AS kind,
       note.text AS text,
       note.author_id AS author_id,
       note.created_at AS created_at
