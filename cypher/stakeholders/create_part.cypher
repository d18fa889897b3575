// No row: a contact's part in a deal or an account, without any assessment yet.
MATCH (scope:Record {id: $scope_id})
MATCH (contact:Record:Contact {id: $contact_id})
CREATE (scope)-[:HAS_STAKEHOLDER]->(stakeholder:Record:Stakeholder {
  id: $stakeholder_id,
  key: scope.id + ':' + contact.id,
  created_at: $now,
  updated_at: $now,
  version: 1,
  source: 'graph_crm'
})-[:IS]->(contact)
