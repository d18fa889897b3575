// One row per account or contact that is a customer from now on and was not before.
UNWIND $record_ids AS record_id
MATCH (record:Record {id: record_id})
WHERE (record:Account OR record:Contact)
  AND (record.lifecycle_stage IS NULL OR record.lifecycle_stage <> 'CUSTOMER')
WITH record, record.lifecycle_stage AS before
SET record.lifecycle_stage = 'CUSTOMER'
RETURN record.id AS id,
       before,
       record:Account AS is_account
