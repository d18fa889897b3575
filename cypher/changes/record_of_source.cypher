// One row when this key of another system stands for a record that the viewer may see.
MATCH (source:SourceRecord {key: $key})<-[:FROM_SOURCE]-(record:Record)
WHERE any(group IN record.readers WHERE group IN $viewer_groups)
RETURN source.key AS key,
       record.id AS record_id
