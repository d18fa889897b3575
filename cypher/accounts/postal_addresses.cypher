// One row per postal address of an account or contact that the viewer may see, the first one first.
MATCH (record:Record)-[:HAS_ADDRESS]->(address:PostalAddress)
WHERE record.id IN $record_ids
  AND any(group IN record.readers WHERE group IN $viewer_groups)
RETURN record.id AS record_id,
       address.kind AS kind,
       address.street AS street,
       address.city AS city,
       address.region AS region,
       address.postal_code AS postal_code,
       address.country AS country
ORDER BY record_id, address.created_at, address.id
