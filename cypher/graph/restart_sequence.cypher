// No row: the numbers of changes begin anew.
MATCH (sequence:Sequence)
SET sequence.value = 0
