// One row per index, those behind constraints included, with what it stands on.
SHOW INDEXES YIELD name, labelsOrTypes, properties
WHERE labelsOrTypes IS NOT NULL
RETURN name,
       labelsOrTypes AS on,
       properties
