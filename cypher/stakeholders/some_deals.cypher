// One row per deal of a few, whichever come first, to make the database warm with.
MATCH (opportunity:Opportunity)
RETURN opportunity.id AS id
LIMIT 3
