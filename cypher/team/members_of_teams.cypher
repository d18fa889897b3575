// One row per member of each of these teams, by name.
MATCH (team:Record:Team)<-[:MEMBER_OF]-(user:User)
WHERE team.id IN $team_ids
RETURN team.id AS team_id,
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
ORDER BY user.name_key, user.id
