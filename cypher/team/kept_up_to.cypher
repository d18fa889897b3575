// No row: what the passing of days changes is done up to this day.
MATCH (organisation:Organisation {name: 'ours'})
SET organisation.kept_up_to = $today
