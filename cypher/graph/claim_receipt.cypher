// One row: whether this attempt owns the receipt, whether it stands for the same request, the first answer.
MERGE (receipt:Receipt {key: $key})
  ON CREATE SET receipt.digest = $digest, receipt.claim = $claim, receipt.at = $now
RETURN receipt.claim = $claim AS mine,
       receipt.digest = $digest AS same,
       receipt.result AS result
