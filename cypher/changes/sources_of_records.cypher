// One row per source of a record that the viewer may see.
MATCH (record:Record)-[:FROM_SOURCE]->(source:SourceRecord)
WHERE record.id IN $record_ids
  AND any(group IN record.readers WHERE group IN $viewer_groups)
RETURN record.id AS record_id,
       source.system AS system,
       source.record_type AS record_type,
       source.external_key AS key,
       source.imported_at AS imported_at
ORDER BY imported_at, system, key
