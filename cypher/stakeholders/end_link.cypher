// No row: the link with that id ends, unless it has ended by then.
CALL () {
  MATCH (:Contact)-[link:REPORTS_TO {id: $link_id}]->(:Contact)
  RETURN link
  UNION
  MATCH (:Contact)-[link:INFLUENCES {id: $link_id}]->(:Contact)
  RETURN link
  UNION
  MATCH (:Contact)-[link:IN_CONFLICT_WITH {id: $link_id}]->(:Contact)
  RETURN link
}
WITH link
WHERE link.valid_to IS NULL OR link.valid_to > $valid_to
SET link.valid_to = $valid_to
