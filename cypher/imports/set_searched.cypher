// One row: how many records are found by these words from now on.
UNWIND $rows AS row
MATCH (record:Record {id: row.id})
SET record.search_text = row.search_text,
    record.search_folded = row.search_folded
RETURN count(*) AS count
