// One row: how many parts are not one contact's in one deal or account, or carry another key, and the first of them.
MATCH (stakeholder:Stakeholder)
WITH stakeholder,
     COLLECT { MATCH (stakeholder)-[:IS]->(contact:Contact) RETURN contact.id } AS contact_ids,
     COLLECT {
       MATCH (scope:Record)-[:HAS_STAKEHOLDER]->(stakeholder)
       WHERE scope:Opportunity OR scope:Account
       RETURN scope.id
     } AS scope_ids
WHERE size(contact_ids) <> 1
   OR size(scope_ids) <> 1
   OR COUNT { (stakeholder)-[:IS]->() } <> 1
   OR stakeholder.key <> scope_ids[0] + ':' + contact_ids[0]
WITH stakeholder.id AS id
ORDER BY id
RETURN count(id) AS count,
       collect(id)[..10] AS first
