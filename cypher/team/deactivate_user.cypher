// One row: somebody's last day, and whether they are still active today; named successors are replaced.
MATCH (user:Record:User {id: $id})
SET user.leaves_on = $leaves_on,
    user.active = $active
WITH user
CALL (user) {
  MATCH (user)-[succession:SUCCEEDED_BY]->(:User)
  WHERE $successor_id IS NOT NULL
  DELETE succession
}
CALL (user) {
  MATCH (successor:Record:User {id: $successor_id})
  CREATE (user)-[:SUCCEEDED_BY]->(successor)
}
RETURN user.id AS id
