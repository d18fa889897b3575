// One row: the records locked in the order given, and of those among them that the viewer may see the versions.
UNWIND $ids AS id
MATCH (record:Record {id: id})
REMOVE record._lock
WITH record
WHERE record:User OR record:Team OR record:Territory OR record:Pipeline OR record:Stage
   OR any(group IN record.readers WHERE group IN $viewer_groups)
   OR (record:Stakeholder AND EXISTS {
        MATCH (scope:Record)-[:HAS_STAKEHOLDER]->(record)-[:IS]->(contact:Contact)
        WHERE any(group IN scope.readers WHERE group IN $viewer_groups)
          AND any(group IN contact.readers WHERE group IN $viewer_groups)
      })
RETURN collect({id: record.id, version: coalesce(record.version, 0)}) AS visible
