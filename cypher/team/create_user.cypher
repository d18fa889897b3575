// One row: the new user.
CREATE (user:Record:Person:User {
  id: $id,
  name: $name,
  display_name: $name,
  name_key: $name_key,
  email: $email,
  role: $role,
  active: true,
  language: $language,
  do_not_contact: false,
  opted_out: false,
  degree: 0,
  search_text: $search_text,
  search_folded: $search_folded,
  created_at: $now,
  updated_at: $now,
  version: 1,
  source: 'graph_crm'
})
RETURN user.id AS id
