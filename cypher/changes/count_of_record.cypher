// One row: how many changes of a record the viewer may see.
MATCH (record:Record {id: $record_id})
WHERE record:User OR record:Team OR record:Territory
   OR any(group IN record.readers WHERE group IN $viewer_groups)
MATCH (change:ChangeEvent {record_id: $record_id})
WHERE $reads_judgements OR NOT any(judging IN $judging WHERE change.action STARTS WITH judging)
RETURN count(change) AS count
