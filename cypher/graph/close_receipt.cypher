// No row: the answer that a repeat of this request will get.
MATCH (receipt:Receipt {key: $key})
SET receipt.result = $result
