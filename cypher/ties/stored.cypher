// One row: who may see the tie of two people, if they have one.
MATCH (:Record:Person {id: $first_id})-[tie:KNOWS {key: $key}]->(:Record:Person {id: $second_id})
RETURN tie.id AS id,
       tie.visibility AS visibility,
       tie.owner_id AS owner_id,
       tie.stated_level AS stated_level,
       tie.stated_at AS stated_at
