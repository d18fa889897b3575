// One row per change of a record that the viewer may see, the newest first.
MATCH (record:Record {id: $record_id})
WHERE record:User OR record:Team OR record:Territory
   OR any(group IN record.readers WHERE group IN $viewer_groups)
MATCH (change:ChangeEvent {record_id: $record_id})
WHERE change.sequence < $before
  AND ($reads_judgements OR NOT any(judging IN $judging WHERE change.action STARTS WITH judging))
  AND NOT EXISTS {
    UNWIND change.also_about AS other_id
    OPTIONAL MATCH (other:Record {id: other_id})
    WHERE any(group IN other.readers WHERE group IN $viewer_groups)
    WITH other WHERE other IS NULL
    RETURN 1
  }
WITH change
ORDER BY change.sequence DESC
LIMIT $limit
OPTIONAL MATCH (change)-[:HAS_VALUES]->(kept)
RETURN change.id AS id,
       change.sequence AS sequence,
       change.at AS at,
       change.actor_id AS actor_id,
       change.action AS action,
       change.record_id AS record_id,
       change.fields AS fields,
       kept.values AS values
ORDER BY sequence DESC
