// At most one row: somebody of ours who may sign in today, with the groups they belong to.
MATCH (user:Record:User {id: $user_id})
WHERE user.active
  AND (user.leaves_on IS NULL OR user.leaves_on >= $today)
RETURN user.id AS user_id,
       user.name AS name,
       user.role AS role,
       user.language AS language,
       COLLECT {
         MATCH (user)-[:MEMBER_OF]->(team:Team)
         RETURN team.id ORDER BY team.id
       } AS team_ids,
       COLLECT {
         MATCH (user)-[:MEMBER_OF]->(:Team)-[:COVERS]->(territory:Territory)
         WITH DISTINCT territory.id AS territory_id
         RETURN territory_id ORDER BY territory_id
       } AS territory_ids
