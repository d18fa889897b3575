// One row: how many receipts, too old to be asked for again, were forgotten.
MATCH (receipt:Receipt)
WHERE receipt.at < $before
WITH receipt
LIMIT $limit
DETACH DELETE receipt
RETURN count(*) AS count
