// No row: an assignment that was replaced on the day it began.
MATCH (record:Record {id: $record_id})
MATCH (:User)-[assignment:OWNS|WORKS_ON {id: $id}]->(record)
DELETE assignment
