// One row per link from somebody to anybody in force on or after a date; a conflict is one of both people.
MATCH (source:Record:Contact {id: $from_id})-[link:REPORTS_TO|INFLUENCES|IN_CONFLICT_WITH]-(target:Contact)
WHERE (startNode(link) = source OR type(link) = 'IN_CONFLICT_WITH')
  AND (link.valid_to IS NULL OR link.valid_to > $valid_from)
RETURN link.id AS id,
       CASE WHEN type(link) = 'REPORTS_TO' AND link.kind = 'DOTTED' THEN 'DOTTED_LINE' ELSE type(link) END AS kind,
       target.id AS to_id,
       link.weight AS weight,
       link.opportunity_id AS opportunity_id,
       link.valid_from AS valid_from
