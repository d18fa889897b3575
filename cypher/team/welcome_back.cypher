// One row: somebody who had left, or had never signed in, is active again.
MATCH (user:Record:User {id: $id})
OPTIONAL MATCH (user)-[succession:SUCCEEDED_BY]->(:User)
DELETE succession
SET user.name = $name,
    user.display_name = $name,
    user.name_key = $name_key,
    user.role = $role,
    user.language = $language,
    user.active = true,
    user.leaves_on = null,
    user.search_text = $search_text,
    user.search_folded = $search_folded
RETURN user.id AS id
