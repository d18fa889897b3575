// One row: how many users there are.
MATCH (user:User)
RETURN count(user) AS count
