// One row per team among these.
MATCH (team:Record:Team)
WHERE team.id IN $ids
RETURN team.id AS id,
       team.name AS name
