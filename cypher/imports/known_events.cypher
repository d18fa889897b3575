// One row: which of these interactions and notes an earlier import made.
UNWIND $external_ids AS external_id
OPTIONAL MATCH (interaction:Interaction {external_id: external_id})
OPTIONAL MATCH (note:Note {external_id: external_id})
WITH external_id, interaction, note
WHERE interaction IS NOT NULL OR note IS NOT NULL
RETURN collect(external_id) AS found
