// At most one row: a deal or an account and a contact, both visible, with the part that joins them, if any.
MATCH (scope:Record {id: $scope_id})
WHERE (scope:Opportunity OR scope:Account)
  AND any(group IN scope.readers WHERE group IN $viewer_groups)
MATCH (contact:Record:Contact {id: $contact_id})
WHERE any(group IN contact.readers WHERE group IN $viewer_groups)
OPTIONAL MATCH (scope)-[:HAS_STAKEHOLDER]->(stakeholder:Stakeholder)-[:IS]->(contact)
RETURN scope.id AS scope_id,
       contact.id AS contact_id,
       stakeholder.id AS stakeholder_id,
       stakeholder.version AS version
