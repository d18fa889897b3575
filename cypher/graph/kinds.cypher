// One row per id that the viewer may see: the label of the node, or the type of the relationship, that carries it.
UNWIND $ids AS id
CALL (id) {
  MATCH (record:Record {id: id})
  WHERE record:User OR record:Team OR record:Territory OR record:Pipeline OR record:Stage
     OR any(group IN record.readers WHERE group IN $viewer_groups)
     OR (record:Stakeholder AND EXISTS {
          MATCH (scope:Record)-[:HAS_STAKEHOLDER]->(record)-[:IS]->(contact:Contact)
          WHERE any(group IN scope.readers WHERE group IN $viewer_groups)
            AND any(group IN contact.readers WHERE group IN $viewer_groups)
        })
     OR ((record:Interaction OR record:Note) AND EXISTS {
          MATCH (record)-[:ABOUT|TOOK_PART_IN]-(concerned:Record)
          WHERE any(group IN concerned.readers WHERE group IN $viewer_groups)
        })
     OR (record:ChangeEvent AND EXISTS {
          MATCH (changed:Record {id: record.record_id})
          WHERE changed:User OR changed:Team OR changed:Territory
             OR any(group IN changed.readers WHERE group IN $viewer_groups)
        } AND NOT EXISTS {
          UNWIND record.also_about AS other_id
          OPTIONAL MATCH (other:Record {id: other_id})
          WHERE any(group IN other.readers WHERE group IN $viewer_groups)
          WITH other WHERE other IS NULL
          RETURN 1
        })
  RETURN [label IN labels(record) WHERE NOT label IN ['Record', 'Person', 'Vocabulary']][0] AS kind
  UNION
  MATCH (contact)-[employment:WORKS_AT {id: id}]->(account)
  WHERE any(group IN contact.readers WHERE group IN $viewer_groups)
    AND any(group IN account.readers WHERE group IN $viewer_groups)
  RETURN type(employment) AS kind
  UNION
  MATCH ()-[assignment:OWNS {id: id}]->(record)
  WHERE any(group IN record.readers WHERE group IN $viewer_groups)
  RETURN type(assignment) AS kind
  UNION
  MATCH ()-[assignment:WORKS_ON {id: id}]->(record)
  WHERE any(group IN record.readers WHERE group IN $viewer_groups)
  RETURN type(assignment) AS kind
  UNION
  MATCH (source)-[line:REPORTS_TO {id: id}]->(target)
  WHERE any(group IN source.readers WHERE group IN $viewer_groups)
    AND any(group IN target.readers WHERE group IN $viewer_groups)
  RETURN type(line) AS kind
  UNION
  MATCH (source)-[link:INFLUENCES {id: id}]->(target)
  WHERE any(group IN source.readers WHERE group IN $viewer_groups)
    AND any(group IN target.readers WHERE group IN $viewer_groups)
    AND (link.opportunity_id IS NULL OR EXISTS {
      MATCH (deal:Record:Opportunity {id: link.opportunity_id})
      WHERE any(group IN deal.readers WHERE group IN $viewer_groups)
    })
  RETURN type(link) AS kind
  UNION
  MATCH (source)-[link:IN_CONFLICT_WITH {id: id}]->(target)
  WHERE any(group IN source.readers WHERE group IN $viewer_groups)
    AND any(group IN target.readers WHERE group IN $viewer_groups)
    AND (link.opportunity_id IS NULL OR EXISTS {
      MATCH (deal:Record:Opportunity {id: link.opportunity_id})
      WHERE any(group IN deal.readers WHERE group IN $viewer_groups)
    })
  RETURN type(link) AS kind
  UNION
  MATCH (first)-[tie:KNOWS {id: id}]->(second)
  WHERE (first:User OR any(group IN first.readers WHERE group IN $viewer_groups))
    AND (second:User OR any(group IN second.readers WHERE group IN $viewer_groups))
    AND (tie.visibility <> 'PRIVATE' OR tie.owner_id = $viewer_id)
  RETURN type(tie) AS kind
}
RETURN id, kind
