// No row: nobody else writes a reporting line until this transaction ends.
// A circle is closed by lines that have no end in common, so that locks on their ends do not keep them apart.
MATCH (sequence:Sequence {name: 'changes'})
REMOVE sequence._lock
