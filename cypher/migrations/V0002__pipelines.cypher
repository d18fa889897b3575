// The three pipelines that are shipped, each with its stages and the role template of its maps.
UNWIND [
  {id: '01900000-0000-7000-8000-000000000100', name: 'SPANCO', key: 'spanco', kind: 'SALES', order: 1, stages: [
    {id: '01900000-0000-7000-8000-000000000101', key: 'SUSPECT', name: 'Suspect', probability: 0.05, won: false, lost: false},
    {id: '01900000-0000-7000-8000-000000000102', key: 'PROSPECT', name: 'Prospect', probability: 0.15, won: false, lost: false},
    {id: '01900000-0000-7000-8000-000000000103', key: 'ANALYSE', name: 'Analyse', probability: 0.35, won: false, lost: false},
    {id: '01900000-0000-7000-8000-000000000104', key: 'NEGOCIATION', name: 'Négociation', probability: 0.60, won: false, lost: false},
    {id: '01900000-0000-7000-8000-000000000105', key: 'CONCLUSION', name: 'Conclusion', probability: 0.80, won: false, lost: false},
    {id: '01900000-0000-7000-8000-000000000106', key: 'ORDRE_D_ACHAT', name: 'Ordre d’achat', probability: 1.0, won: true, lost: false},
    {id: '01900000-0000-7000-8000-000000000107', key: 'PERDU', name: 'Perdu', probability: 0.0, won: false, lost: true}]},
  {id: '01900000-0000-7000-8000-000000000200', name: 'Standard', key: 'standard', kind: 'SALES', order: 0, stages: [
    {id: '01900000-0000-7000-8000-000000000201', key: 'QUALIFICATION', name: 'Qualification', probability: 0.10, won: false, lost: false},
    {id: '01900000-0000-7000-8000-000000000202', key: 'DISCOVERY', name: 'Discovery', probability: 0.25, won: false, lost: false},
    {id: '01900000-0000-7000-8000-000000000203', key: 'PROPOSAL', name: 'Proposal', probability: 0.50, won: false, lost: false},
    {id: '01900000-0000-7000-8000-000000000204', key: 'NEGOTIATION', name: 'Negotiation', probability: 0.75, won: false, lost: false},
    {id: '01900000-0000-7000-8000-000000000205', key: 'WON', name: 'Won', probability: 1.0, won: true, lost: false},
    {id: '01900000-0000-7000-8000-000000000206', key: 'LOST', name: 'Lost', probability: 0.0, won: false, lost: true}]},
  {id: '01900000-0000-7000-8000-000000000300', name: 'Delivery', key: 'delivery', kind: 'DELIVERY', order: 2, stages: [
    {id: '01900000-0000-7000-8000-000000000301', key: 'KICK_OFF', name: 'Kick-off', probability: null, won: false, lost: false},
    {id: '01900000-0000-7000-8000-000000000302', key: 'IN_PROGRESS', name: 'In progress', probability: null, won: false, lost: false},
    {id: '01900000-0000-7000-8000-000000000303', key: 'ACCEPTED', name: 'Accepted', probability: null, won: true, lost: false}]}
] AS shipped
MERGE (pipeline:Record:Pipeline {id: shipped.id})
  ON CREATE SET pipeline:Vocabulary,
                pipeline.name = shipped.name,
                pipeline.name_key = shipped.key,
                pipeline.kind = shipped.kind,
                pipeline.order = shipped.order,
                pipeline.created_at = datetime(),
                pipeline.updated_at = datetime(),
                pipeline.version = 1,
                pipeline.source = 'graph_crm'
WITH pipeline, shipped
UNWIND range(0, size(shipped.stages) - 1) AS position
WITH pipeline, position, shipped.stages[position] AS described
MERGE (stage:Record:Stage {id: described.id})
  ON CREATE SET stage:Vocabulary,
                stage.key = described.key,
                stage.name = described.name,
                stage.order = position,
                stage.probability = described.probability,
                stage.is_won = described.won,
                stage.is_lost = described.lost,
                stage.created_at = datetime(),
                stage.updated_at = datetime(),
                stage.version = 1,
                stage.source = 'graph_crm'
MERGE (pipeline)-[:HAS_STAGE]->(stage);
MATCH (pipeline:Record:Pipeline)
WHERE pipeline.kind = 'SALES'
MERGE (pipeline)-[:HAS_ROLE_TEMPLATE]->(template:RoleTemplate)
  ON CREATE SET template:Vocabulary,
                template.roles = ['ECONOMIC_BUYER', 'CHAMPION', 'TECHNICAL_BUYER', 'END_USER', 'PROCUREMENT'],
                template.weights = [3.0, 3.0, 2.0, 1.0, 1.0],
                template.from_probability = [0.0, 0.0, 0.0, 0.0, 0.6];
