// One row: the keys that an earlier import knew, each with its record and what the file said of it then.
UNWIND $keys AS key
MATCH (source:SourceRecord {key: key})<-[:FROM_SOURCE]-(record:Record)
RETURN collect({
  key: source.key,
  record_id: record.id,
  version: record.version + reduce(changes = 0, job IN COLLECT {
    MATCH (record:Contact)-[employment:WORKS_AT]->() RETURN coalesce(employment.version, 1) } | changes + job),
  values: source.values,
  visible: any(group IN record.readers WHERE group IN $viewer_groups),
  account_ids: COLLECT { MATCH (record)-[:WORKS_AT|FOR_ACCOUNT]->(account:Account) RETURN DISTINCT account.id },
  contact_ids: COLLECT { MATCH (record)-[:HAS_PRIMARY_CONTACT]->(contact:Contact) RETURN contact.id }
}) AS found
