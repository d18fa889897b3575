// One row: how many records have a first postal address as their file says.
UNWIND $rows AS row
MATCH (record:Record {id: row.id})
WHERE row.address IS NOT NULL
CALL (record, row) {
  WITH record, row
  WHERE NOT EXISTS { (record)-[:HAS_ADDRESS]->(:PostalAddress) }
  CREATE (record)-[:HAS_ADDRESS]->(:Record:PostalAddress {
    id: row.address.id,
    created_at: $now,
    version: 1,
    source: $system
  })
}
WITH record, row,
     head(COLLECT {
       MATCH (record)-[:HAS_ADDRESS]->(first:PostalAddress)
       RETURN first
       ORDER BY first.created_at, first.id
     }) AS address
SET address.street = coalesce(row.address.street, address.street),
    address.city = coalesce(row.address.city, address.city),
    address.region = coalesce(row.address.region, address.region),
    address.postal_code = coalesce(row.address.postal_code, address.postal_code),
    address.country = coalesce(row.address.country, address.country),
    address.country_key = coalesce(row.address.country_key, address.country_key),
    address.updated_at = $now
RETURN count(*) AS count
