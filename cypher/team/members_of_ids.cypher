// One row per assignment among these, on a record that the viewer may see.
UNWIND $ids AS wanted
CALL (wanted) {
  MATCH (user:User)-[assignment:OWNS {id: wanted}]->(record:Record)
  RETURN user, assignment, record
  UNION
  MATCH (user:User)-[assignment:WORKS_ON {id: wanted}]->(record:Record)
  RETURN user, assignment, record
}
WITH user, assignment, record
WHERE any(group IN record.readers WHERE group IN $viewer_groups)
RETURN record.id AS record_id,
       assignment.id AS id,
       type(assignment) = 'OWNS' AS owns,
       assignment.function AS function,
       assignment.valid_from AS valid_from,
       assignment.valid_to AS valid_to,
       user {
         .id,
         .name,
         .email,
         .role,
         active: user.active AND (user.leaves_on IS NULL OR user.leaves_on >= $today),
         .language,
         .leaves_on,
         successor_id: COLLECT { MATCH (user)-[:SUCCEEDED_BY]->(successor:User) RETURN successor.id }[0]
       } AS user
