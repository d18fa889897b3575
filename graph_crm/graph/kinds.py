"""What kind of thing an id stands for: a node's own label, or the type of a relationship that has an id."""

from __future__ import annotations

from dataclasses import dataclass

from graph_crm.graph.client import Graph
from graph_crm.graph.query import query
from graph_crm.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Kind:
    id: str
    kind: str


KINDS = query("graph/kinds", Kind)


async def kinds_of(graph: Graph, viewer: Viewer, ids: list[str]) -> dict[str, str]:
    """The kind of each id that the viewer may see: for a hidden one nothing more is asked than for a missing one."""
    rows = await graph.read(KINDS, ids=ids, viewer_id=viewer.user_id, viewer_groups=viewer.groups)
    return {row.id: row.kind for row in rows}
