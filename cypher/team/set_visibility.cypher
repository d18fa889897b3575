// One row: how records are shared from now on; they are yet to be brought in line.
MATCH (organisation:Organisation {name: 'ours'})
SET organisation.visibility = $visibility,
    organisation.rebuilding = true
RETURN organisation.visibility AS visibility
