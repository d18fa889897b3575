// One row per record that holds the words and that the viewer may see, the best first; a hit on the name is better.
CALL db.index.fulltext.queryNodes('names_and_addresses', $searched) YIELD node AS record
WHERE record:User OR any(group IN record.readers WHERE group IN $viewer_groups)
WITH record, split(record.name_key, ' ') AS names
WITH record,
     CASE
       WHEN $similar THEN 0.3
       WHEN record.name_key = $text THEN 1.0
       WHEN record.name_key STARTS WITH $text THEN 0.9
       WHEN all(word IN $words WHERE word IN names) THEN 0.8
       WHEN all(word IN $words WHERE any(name IN names WHERE name STARTS WITH word)) THEN 0.7
       ELSE 0.5
     END AS score
WHERE $after_id IS NULL
   OR score < $after_score
   OR (score = $after_score AND record.name_key > $after_name)
   OR (score = $after_score AND record.name_key = $after_name AND record.id > $after_id)
RETURN record.id AS id,
       head([label IN labels(record) WHERE label IN ['Account', 'Contact', 'Opportunity', 'User']]) AS kind,
       record.name_key AS name_key,
       score
ORDER BY score DESC, name_key, id
LIMIT $limit
