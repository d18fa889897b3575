// One row per user of ours.
MATCH (user:Record:User)
RETURN user.id AS id,
       user.name AS name,
       user.name_key AS name_key,
       user.email AS email,
       coalesce(user.opted_out, false) AS opted_out
