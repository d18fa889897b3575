// One row per administrator who may sign in today and has no last day.
MATCH (user:User {role: 'ADMINISTRATOR'})
WHERE user.active
  AND user.leaves_on IS NULL
RETURN user.id AS id
ORDER BY id
