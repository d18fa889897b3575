// One row per other part of the deal or account that was ever held to be the primary one.
MATCH (scope:Record {id: $scope_id})-[:HAS_STAKEHOLDER]->(stakeholder:Stakeholder)
WHERE stakeholder.id <> $stakeholder_id
  AND EXISTS {
    MATCH (stakeholder)-[:ASSESSED]->(assessment:Assessment)
    WHERE assessment.is_primary AND assessment.superseded_at IS NULL
  }
RETURN stakeholder.id AS id
