// One row: how many parts have several open assessments, or a CURRENT that leads elsewhere, and the first of them.
MATCH (stakeholder:Stakeholder)
WITH stakeholder,
     COLLECT {
       MATCH (stakeholder)-[:ASSESSED]->(assessment:Assessment)
       WHERE assessment.superseded_at IS NULL
         AND assessment.valid_to IS NULL
       RETURN assessment.id ORDER BY assessment.id
     } AS open,
     COLLECT {
       MATCH (stakeholder)-[:CURRENT]->(assessment)
       RETURN assessment.id ORDER BY assessment.id
     } AS current
WHERE size(open) > 1 OR open <> current
WITH stakeholder.id AS id
ORDER BY id
RETURN count(id) AS count,
       collect(id)[..10] AS first
