// At most one row: our user with this e-mail address.
MATCH (user:User {email: $email})
RETURN user.id AS id,
       user.name AS name,
       user.email AS email,
       user.role AS role,
       user.active AND (user.leaves_on IS NULL OR user.leaves_on >= $today) AS active,
       user.language AS language,
       user.leaves_on AS leaves_on,
       COLLECT { MATCH (user)-[:SUCCEEDED_BY]->(successor:User) RETURN successor.id }[0] AS successor_id
