// One row: how many numbers are missing from the audit trail, and the first changes that follow or end without one.
MATCH (counter:Sequence {name: 'changes'})
CALL (counter) {
  MATCH (change:ChangeEvent)
  WHERE change.sequence > 1
    AND NOT EXISTS { MATCH (:ChangeEvent {sequence: change.sequence - 1}) }
  RETURN toString(change.sequence) AS number
  UNION ALL
  WITH counter
  WHERE counter.value > 0
    AND NOT EXISTS { MATCH (:ChangeEvent {sequence: counter.value}) }
  RETURN toString(counter.value) AS number
  UNION ALL
  MATCH (change:ChangeEvent)
  WHERE change.sequence > counter.value
  RETURN toString(change.sequence) AS number
}
RETURN count(number) AS count,
       collect(number)[..10] AS first
