"""What changed, for whoever may see the record; and what is forgotten in time."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from graph_crm.changes import store
from graph_crm.changes.types import RECEIPTS_KEPT, ChangeEvent, StoredChange, change_of, ids_in
from graph_crm.errors import Invalid
from graph_crm.graph.client import BATCH_SECONDS, Graph
from graph_crm.graph.pages import Page
from graph_crm.graph.write import Write
from graph_crm.viewer import Permission, Viewer

LARGEST_PAGE: Final = 100
NEWEST: Final = 2**62
BATCH: Final = 5_000


async def history(
    graph: Graph, viewer: Viewer, record_id: str, *, first: int = 20, after: str | None = None
) -> Page[ChangeEvent]:
    """The changes of a record, the newest first. A hidden record has none, like a missing one."""
    viewer.require(Permission.READ_HISTORY)
    if not 0 <= first <= LARGEST_PAGE:
        raise Invalid("Ask for 0 to {limit} at a time.", limit=LARGEST_PAGE, field=("first",))
    stored = await store.of_record(graph, record_id, viewer, before=sequence_of(after), limit=first + 1)
    changes = await read(graph, viewer, stored[:first])
    return Page(
        rows=changes,
        cursors=[str(change.sequence) for change in changes],
        has_next=len(stored) > first,
        has_previous=after is not None,
        count=lambda: store.count_of_record(graph, record_id, viewer),
    )


async def changes_of_ids(graph: Graph, viewer: Viewer, ids: Iterable[str]) -> dict[str, ChangeEvent]:
    """The changes with these ids, by id, as far as the viewer may see what changed."""
    viewer.require(Permission.READ_HISTORY)
    return {change.id: change for change in await read(graph, viewer, await store.of_ids(graph, ids, viewer))}


async def read(graph: Graph, viewer: Viewer, stored: Sequence[StoredChange]) -> list[ChangeEvent]:
    named = ids_in(stored)
    visible = await store.visible_ids(graph, named, viewer) if named else frozenset[str]()
    return [change_of(change, visible) for change in stored]


def sequence_of(cursor: str | None) -> int:
    """The place in the trail that a cursor stands for; every cursor comes from an earlier answer."""
    if cursor is None:
        return NEWEST
    if not cursor.isascii() or not cursor.isdigit() or len(cursor) > 18:
        raise Invalid("This is not a cursor of this list.", field=("after",))
    return int(cursor)


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
