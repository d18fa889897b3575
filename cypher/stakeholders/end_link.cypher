// No row: the link with that id ends.
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
SET link.valid_to = $valid_to
