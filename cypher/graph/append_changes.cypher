// No row: one change event per entry, numbered without a gap; changed records get their next version.
CALL () {
  UNWIND $events AS event
  WITH event
  WHERE event.renews
  WITH DISTINCT event.record_id AS record_id
  MATCH (record:Record {id: record_id})
  SET record.version = coalesce(record.version, 0) + 1,
      record.updated_at = $now
}
MATCH (sequence:Sequence {name: 'changes'})
SET sequence.value = sequence.value + size($events)
WITH sequence.value - size($events) AS before
UNWIND range(0, size($events) - 1) AS index
WITH before, index, $events[index] AS event
CREATE (change:Record:ChangeEvent {
  id: event.id,
  sequence: before + index + 1,
  at: $now,
  actor_id: $actor_id,
  action: event.action,
  record_id: event.record_id,
  also_about: event.also_about,
  fields: event.fields,
  digest: event.digest
})-[:HAS_VALUES]->(:ChangeValues {values: event.values})
