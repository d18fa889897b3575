"""Full-text search over names, e-mail addresses and domains."""

from __future__ import annotations

from graph_crm.graph.client import Graph
from graph_crm.graph.lists import Span, open_cursor, write_cursor
from graph_crm.graph.pages import Part
from graph_crm.search import store
from graph_crm.search.store import Place
from graph_crm.search.types import Hit
from graph_crm.viewer import Permission, Viewer


async def search(graph: Graph, viewer: Viewer, text: str, span: Span) -> Part[Hit]:
    """The records the viewer may see that hold all words, the last one perhaps unfinished.

    When there is none, each word may be wrong in one letter.
    """
    viewer.require(Permission.READ_RECORDS)
    signature = ["search", text]
    after: Place | None = None
    similar = False
    if span.cursor is not None:
        similar, score, name_key, record_id = open_cursor(signature, span.cursor, "after")
        after = Place(score, name_key, record_id)
    found = await store.hits(graph, text, viewer, similar=similar, after=after, limit=span.size + 1)
    if not found and after is None:
        similar = True
        found = await store.hits(graph, text, viewer, similar=True, after=None, limit=span.size + 1)
    rows = found[: span.size]
    return Part(
        rows=rows,
        cursors=[write_cursor(signature, [similar, hit.score, hit.name_key, hit.id]) for hit in rows],
        has_next=len(found) > span.size,
        has_previous=after is not None,
    )
