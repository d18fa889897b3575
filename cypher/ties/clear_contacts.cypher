// One row: how many ties start at these people; what each holds of contact is forgotten.
UNWIND $person_ids AS person_id
MATCH (:Record:Person {id: person_id})-[tie:KNOWS]->(:Person)
SET tie.out = 0.0,
    tie.in = 0.0,
    tie.mutual = 0.0,
    tie.at = coalesce(tie.stated_at, tie.latent_until, 0.0),
    tie.count = 0
REMOVE tie.last_at, tie.last_out_at, tie.last_in_at, tie.last_mutual_at
RETURN count(*) AS count
