// One row: how many members the team has now.
MATCH (team:Record:Team {id: $team_id})
CALL (team) {
  MATCH (team)<-[membership:MEMBER_OF]-(user:User)
  WHERE NOT user.id IN $member_ids
  DELETE membership
}
CALL (team) {
  MATCH (user:Record:User)
  WHERE user.id IN $member_ids
    AND NOT EXISTS { (user)-[:MEMBER_OF]->(team) }
  CREATE (user)-[:MEMBER_OF]->(team)
}
RETURN COUNT { (team)<-[:MEMBER_OF]-(:User) } AS count
