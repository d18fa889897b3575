// At most one row: that both contacts are visible, and that the deal named, if any, is.
MATCH (source:Record:Contact {id: $from_id})
WHERE any(group IN source.readers WHERE group IN $viewer_groups)
MATCH (target:Record:Contact {id: $to_id})
WHERE any(group IN target.readers WHERE group IN $viewer_groups)
RETURN $opportunity_id IS NULL OR EXISTS {
  MATCH (deal:Record:Opportunity {id: $opportunity_id})
  WHERE any(group IN deal.readers WHERE group IN $viewer_groups)
} AS deal_is_visible
