// One row per user whose last day has passed and who is no longer active from now on.
MATCH (user:User)
WHERE user.active
  AND user.leaves_on < $today
SET user.active = false
RETURN user.id AS id
