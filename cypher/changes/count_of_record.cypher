// One row: how many changes of a record the viewer may see.
MATCH (record:Record {id: $record_id})
WHERE record:User OR record:Team OR record:Territory
   OR any(group IN record.readers WHERE group IN $viewer_groups)
MATCH (change:ChangeEvent {record_id: $record_id})
WHERE ($reads_judgements OR NOT any(judging IN $judging WHERE change.action STARTS WITH judging))
  AND NOT EXISTS {
    UNWIND change.also_about AS other_id
    OPTIONAL MATCH (other:Record {id: other_id})
    WHERE any(group IN other.readers WHERE group IN $viewer_groups)
    WITH other WHERE other IS NULL
    RETURN 1
  }
RETURN count(change) AS count
