// At most one row: the kind of the deal or account with that id, when the viewer may see it.
MATCH (scope:Record {id: $scope_id})
WHERE (scope:Opportunity OR scope:Account)
  AND any(group IN scope.readers WHERE group IN $viewer_groups)
RETURN CASE WHEN scope:Account THEN 'ACCOUNT' ELSE 'OPPORTUNITY' END AS kind
