"""The question behind a search."""

from __future__ import annotations

from dataclasses import dataclass

from graph_crm.graph.client import Graph
from graph_crm.graph.folding import fold, full_text_query, searched_words, similar_text_query
from graph_crm.graph.query import query
from graph_crm.search.types import Hit
from graph_crm.viewer import Viewer

HITS = query("search/hits", Hit)


@dataclass(frozen=True, slots=True)
class Place:
    """The hit after which a page begins."""

    score: float
    name_key: str
    id: str


async def hits(
    graph: Graph, text: str, viewer: Viewer, *, similar: bool, after: Place | None, limit: int
) -> list[Hit]:
    """The visible records that hold the words, or words like them, the best first."""
    words = similar_text_query(text) if similar else full_text_query(text)
    if words is None:
        return []
    return await graph.read(
        HITS,
        searched=words,
        similar=similar,
        text=fold(text),
        words=searched_words(text),
        viewer_groups=viewer.groups,
        after_score=None if after is None else after.score,
        after_name=None if after is None else after.name_key,
        after_id=None if after is None else after.id,
        limit=limit,
    )
