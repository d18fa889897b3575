"""What kind of thing an id stands for: a node's own label, or the type of a relationship that has an id."""

from __future__ import annotations

from dataclasses import dataclass

from graph_crm.graph.client import Graph
from graph_crm.graph.query import query


@dataclass(frozen=True, slots=True)
class Kind:
    id: str
    kind: str


KINDS = query("graph/kinds", Kind)


async def kinds_of(graph: Graph, ids: list[str]) -> dict[str, str]:
    """The kind of each id that exists, visible or not: whoever loads it asks for permission."""
    return {row.id: row.kind for row in await graph.read(KINDS, ids=ids)}
