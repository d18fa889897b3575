// One row per person of ours on each of these records at that day, its owner first.
MATCH (record:Record)
WHERE record.id IN $record_ids
  AND any(group IN record.readers WHERE group IN $viewer_groups)
MATCH (user:User)-[assignment:OWNS|WORKS_ON]->(record)
WHERE (assignment.valid_from IS NULL OR assignment.valid_from <= $as_of)
  AND (assignment.valid_to IS NULL OR assignment.valid_to > $as_of)
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
ORDER BY owns DESC, valid_from, user.name_key, id
