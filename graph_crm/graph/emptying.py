"""Emptying a database that holds nothing but the demo, or what a measurement made."""

from __future__ import annotations

from dataclasses import dataclass

from graph_crm.graph.client import Graph
from graph_crm.graph.query import Nothing, query
from graph_crm.graph.write import Write


@dataclass(frozen=True, slots=True)
class Cleared:
    gone: int


CLEAR = query("graph/clear", Cleared)
RESTART_SEQUENCE = query("graph/restart_sequence", Nothing)


async def empty(graph: Graph) -> None:
    """Delete everything that a person or a story recorded, some at a time; what migrations made stays."""

    async def some(write: Write) -> int:
        row = await write.one(CLEAR)
        return 0 if row is None else row.gone

    while await graph.maintain(some, "empty"):
        pass
    await graph.maintain(lambda write: write.run(RESTART_SEQUENCE), "restart the numbers of changes")
