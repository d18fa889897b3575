"""Emptying a database that holds nothing but the demo."""

from __future__ import annotations

from graph_crm.graph.client import Graph
from graph_crm.graph.query import Nothing, query
from graph_crm.graph.write import Write

CLEAR = query("graph/clear", Nothing)
RESTART_SEQUENCE = query("graph/restart_sequence", Nothing)


async def empty(graph: Graph) -> None:
    """Delete everything that a person or a story recorded; what migrations made stays."""

    async def work(write: Write) -> None:
        await write.run(CLEAR)
        await write.run(RESTART_SEQUENCE)

    await graph.maintain(work, "empty")
