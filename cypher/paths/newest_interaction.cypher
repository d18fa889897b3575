// At most one row: when the newest interaction that was held took place.
MATCH (interaction:Interaction)
WHERE interaction.occurred_at <= $moment
RETURN interaction.occurred_at AS at
ORDER BY interaction.occurred_at DESC
LIMIT 1
