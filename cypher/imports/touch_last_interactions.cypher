// One row: how many accounts and contacts have a last interaction at least as late as said.
UNWIND $rows AS row
MATCH (record:Record {id: row.id})
WHERE record:Account OR record:Contact
WITH record, datetime({epochMillis: row.at}) AS at
SET record.last_interaction_at = CASE
      WHEN record.last_interaction_at > at THEN record.last_interaction_at
      ELSE at END
RETURN count(*) AS count
