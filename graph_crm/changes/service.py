"""What changed, for whoever may see the record; and what is forgotten in time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from graph_crm.changes import store
from graph_crm.changes.types import RECEIPTS_KEPT, ChangeEvent, StoredChange, change_of, ids_in
from graph_crm.graph.client import BATCH_SECONDS, Graph
from graph_crm.graph.cursors import cursor_of, page_size, values_of
from graph_crm.graph.pages import Page
from graph_crm.graph.write import Write
from graph_crm.viewer import Permission, Viewer

NEWEST: Final = 2**62
BATCH: Final = 5_000


async def history(
    graph: Graph, viewer: Viewer, record_id: str, *, first: int | None = None, after: str | None = None
) -> Page[ChangeEvent]:
    """The changes of a record, the newest first. A hidden record has none, like a missing one."""
    viewer.require(Permission.READ_HISTORY)
    limit = page_size(first)
    stored = await store.of_record(graph, record_id, viewer, before=_sequence_of(after), limit=limit + 1)
    changes = await _read(graph, viewer, stored[:limit])
    return Page(
        rows=changes,
        cursors=[cursor_of(str(change.sequence)) for change in changes],
        has_next=len(stored) > limit,
        has_previous=after is not None,
        count=lambda: store.count_of_record(graph, record_id, viewer),
    )


async def changes_of_ids(graph: Graph, viewer: Viewer, ids: Iterable[str]) -> dict[str, ChangeEvent]:
    """The changes with these ids, by id, as far as the viewer may see what changed."""
    viewer.require(Permission.READ_HISTORY)
    return {change.id: change for change in await _read(graph, viewer, await store.of_ids(graph, ids, viewer))}


async def _read(graph: Graph, viewer: Viewer, stored: Sequence[StoredChange]) -> list[ChangeEvent]:
    named = ids_in(stored)
    visible = await store.visible_ids(graph, named, viewer) if named else frozenset[str]()
    return [change_of(change, visible) for change in stored]


def _sequence_of(cursor: str | None) -> int:
    """The place in the trail that a cursor stands for."""
    if cursor is None:
        return NEWEST
    (text,) = values_of(cursor, str)
    return int(text) if text.isascii() and text.isdigit() else 0


async def forget_receipts(graph: Graph) -> int:
    """Forget the receipts of writes that nobody can still be repeating; answers how many."""
    before = graph.now() - RECEIPTS_KEPT

    async def batch(write: Write) -> int:
        return await store.forget_receipts(write, before=before, limit=BATCH)

    forgotten = 0
    while True:
        count = await graph.maintain(batch, "forget receipts", seconds=BATCH_SECONDS)
        forgotten += count
        if count < BATCH:
            return forgotten
