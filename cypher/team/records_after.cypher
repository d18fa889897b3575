// One row per account, contact or opportunity after an id, in the order of ids.
MATCH (record:Record)
WHERE record.id > $after
  AND $label IN labels(record)
RETURN record.id AS id
ORDER BY record.id
LIMIT $limit
