"""What changed, for whoever may see the record; and what is forgotten in time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from graph_crm.changes import store
from graph_crm.changes.types import RECEIPTS_KEPT, ChangeEvent, StoredChange, change_of, ids_in
from graph_crm.graph.client import BATCH_SECONDS, Graph
from graph_crm.graph.lists import Span, open_cursor, write_cursor
from graph_crm.graph.pages import Page
from graph_crm.graph.write import Write
from graph_crm.viewer import Permission, Viewer

NEWEST: Final = 2**62
BATCH: Final = 5_000

HISTORY: Final = ("changes/of_record", "sequence DESC")
"""What a cursor of a history carries, with the record's id, so that no other list takes it."""


async def history(graph: Graph, viewer: Viewer, record_id: str, span: Span | None = None) -> Page[ChangeEvent]:
    """The changes of a record, the newest first. A hidden record has none, like a missing one."""
    viewer.require(Permission.READ_HISTORY)
    span = span or Span()
    signature = (*HISTORY, record_id)
    (before,) = (NEWEST,) if span.cursor is None else open_cursor(signature, span.cursor, "after")
    stored = await store.of_record(graph, record_id, viewer, before=before, limit=span.size + 1)
    changes = await _read(graph, viewer, stored[: span.size])
    return Page(
        rows=changes,
        cursors=[write_cursor(signature, [change.sequence]) for change in changes],
        has_next=len(stored) > span.size,
        has_previous=span.cursor is not None,
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
