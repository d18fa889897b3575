// One row: how the records of this database are shared, and whether the last change of that was carried through.
MATCH (organisation:Organisation {name: 'ours'})
RETURN organisation.visibility AS visibility,
       coalesce(organisation.rebuilding, false) AS rebuilding,
       organisation.kept_up_to AS kept_up_to
