// One row: how many new users there are, who may not sign in before somebody gives them a key.
UNWIND $rows AS row
CREATE (user:Record:Person:User {
  id: row.id,
  name: row.name,
  display_name: row.name,
  name_key: row.name_key,
  email: row.email,
  role: 'SELLER',
  active: false,
  language: row.language,
  do_not_contact: false,
  opted_out: false,
  degree: 0,
  search_text: row.search_text,
  search_folded: row.search_folded,
  created_at: $now,
  updated_at: $now,
  version: 1,
  source: $system
})
RETURN count(*) AS count
