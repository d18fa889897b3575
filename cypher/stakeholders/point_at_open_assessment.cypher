// No row: CURRENT leads to the version in force, or nowhere when the part has ended.
MATCH (stakeholder:Record:Stakeholder)
WHERE stakeholder.id IN $stakeholder_ids
OPTIONAL MATCH (stakeholder)-[current:CURRENT]->()
DELETE current
WITH DISTINCT stakeholder
MATCH (stakeholder)-[:ASSESSED]->(assessment:Assessment)
WHERE assessment.superseded_at IS NULL AND assessment.valid_to IS NULL
CREATE (stakeholder)-[:CURRENT]->(assessment)
