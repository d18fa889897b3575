// One row per id that exists: the label of the node, or the type of the relationship, that carries it.
UNWIND $ids AS id
CALL (id) {
  MATCH (record:Record {id: id})
  RETURN [label IN labels(record) WHERE NOT label IN ['Record', 'Person', 'Vocabulary']][0] AS kind
  UNION
  MATCH ()-[employment:WORKS_AT {id: id}]->()
  RETURN type(employment) AS kind
  UNION
  MATCH ()-[assignment:OWNS {id: id}]->()
  RETURN type(assignment) AS kind
  UNION
  MATCH ()-[assignment:WORKS_ON {id: id}]->()
  RETURN type(assignment) AS kind
  UNION
  MATCH ()-[line:REPORTS_TO {id: id}]->()
  RETURN type(line) AS kind
  UNION
  MATCH ()-[link:INFLUENCES {id: id}]->()
  RETURN type(link) AS kind
  UNION
  MATCH ()-[link:IN_CONFLICT_WITH {id: id}]->()
  RETURN type(link) AS kind
  UNION
  MATCH ()-[tie:KNOWS {id: id}]->()
  RETURN type(tie) AS kind
}
RETURN id, kind
