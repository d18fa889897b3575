// One row: how many pairs came closer, each tie faded to the later of two moments, then added to.
UNWIND $contacts AS contact
MATCH (first:Record:Person {id: contact.first_id})
MATCH (second:Record:Person {id: contact.second_id})
MERGE (first)-[tie:KNOWS {key: contact.key}]->(second)
  ON CREATE SET tie.id = contact.tie_id,
                tie.out = 0.0,
                tie.in = 0.0,
                tie.mutual = 0.0,
                tie.at = contact.at,
                tie.count = 0,
                tie.visibility = 'SHARED',
                tie.owner_id = CASE WHEN first:User THEN first.id WHEN second:User THEN second.id END,
                first.degree = coalesce(first.degree, 0) + 1,
                second.degree = coalesce(second.degree, 0) + 1
WITH tie, contact,
     CASE WHEN tie.at > contact.at THEN tie.at ELSE contact.at END AS at
WITH tie, contact, at,
     2.0 ^ ((tie.at - at) / $half_life_days) AS kept,
     2.0 ^ ((contact.at - at) / $half_life_days) AS added
SET tie.out = tie.out * kept + contact.outbound * added,
    tie.in = tie.in * kept + contact.inbound * added,
    tie.mutual = tie.mutual * kept + contact.mutual * added,
    tie.at = at,
    tie.count = tie.count + contact.interaction_count,
    tie.last_at = CASE WHEN tie.last_at > contact.last_at THEN tie.last_at ELSE contact.last_at END,
    tie.last_out_at = CASE
      WHEN contact.last_out_at IS NULL OR tie.last_out_at > contact.last_out_at THEN tie.last_out_at
      ELSE contact.last_out_at END,
    tie.last_in_at = CASE
      WHEN contact.last_in_at IS NULL OR tie.last_in_at > contact.last_in_at THEN tie.last_in_at
      ELSE contact.last_in_at END,
    tie.last_mutual_at = CASE
      WHEN contact.last_mutual_at IS NULL OR tie.last_mutual_at > contact.last_mutual_at THEN tie.last_mutual_at
      ELSE contact.last_mutual_at END
RETURN count(*) AS count
