// One row per link with one of those ids whose people, and the deal it holds for, the viewer may see.
UNWIND $link_ids AS link_id
CALL (link_id) {
  MATCH (source:Contact)-[link:REPORTS_TO {id: link_id}]->(target:Contact)
  RETURN source, link, target
  UNION
  MATCH (source:Contact)-[link:INFLUENCES {id: link_id}]->(target:Contact)
  RETURN source, link, target
  UNION
  MATCH (source:Contact)-[link:IN_CONFLICT_WITH {id: link_id}]->(target:Contact)
  RETURN source, link, target
}
WITH source, link, target
WHERE any(group IN source.readers WHERE group IN $viewer_groups)
  AND any(group IN target.readers WHERE group IN $viewer_groups)
  AND (link.opportunity_id IS NULL OR EXISTS {
    MATCH (deal:Record:Opportunity {id: link.opportunity_id})
    WHERE any(group IN deal.readers WHERE group IN $viewer_groups)
  })
RETURN link.id AS id,
       CASE WHEN type(link) = 'REPORTS_TO' AND link.kind = 'DOTTED' THEN 'DOTTED_LINE' ELSE type(link) END AS kind,
       source.id AS from_id,
       target.id AS to_id,
       link.weight AS weight,
       link.opportunity_id AS opportunity_id,
       link.note AS note,
       link.grade AS grade,
       link.confidence AS confidence,
       link.valid_from AS valid_from,
       link.valid_to AS valid_to
