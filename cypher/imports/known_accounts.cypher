// One row: the accounts with one of these folded names that the viewer may see.
MATCH (account:Account)
WHERE account.name_key IN $name_keys
  AND account.id IS NOT NULL
  AND any(group IN account.readers WHERE group IN $viewer_groups)
WITH account,
     head(COLLECT {
       MATCH (account)-[:HAS_ADDRESS]->(address:PostalAddress)
       RETURN address
       ORDER BY address.created_at, address.id
     }) AS address
RETURN collect({
  id: account.id,
  version: account.version,
  name: account.name,
  name_key: account.name_key,
  domain: account.domain,
  website: account.website,
  industry: account.industry,
  employee_count: account.employee_count,
  street: address.street,
  city: address.city,
  postal_code: address.postal_code
}) AS found
