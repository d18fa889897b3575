"""Questions about the audit trail."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from graph_crm.changes.types import JUDGING, StoredChange
from graph_crm.graph.client import Graph
from graph_crm.graph.query import query
from graph_crm.graph.write import Write
from graph_crm.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Counted:
    count: int


@dataclass(frozen=True, slots=True)
class Visible:
    id: str


OF_RECORD = query("changes/of_record", StoredChange)
COUNT_OF_RECORD = query("changes/count_of_record", Counted)
OF_IDS = query("changes/of_ids", StoredChange)
VISIBLE_IDS = query("changes/visible_ids", Visible)
FORGET_RECEIPTS = query("changes/forget_receipts", Counted)


async def of_record(graph: Graph, record_id: str, viewer: Viewer, *, before: int, limit: int) -> list[StoredChange]:
    return await graph.read(
        OF_RECORD,
        record_id=record_id,
        before=before,
        limit=limit,
        judging=JUDGING,
        reads_judgements=viewer.reads_judgements,
        viewer_groups=viewer.groups,
    )


async def count_of_record(graph: Graph, record_id: str, viewer: Viewer) -> int:
    row = await graph.read_one(
        COUNT_OF_RECORD,
        record_id=record_id,
        judging=JUDGING,
        reads_judgements=viewer.reads_judgements,
        viewer_groups=viewer.groups,
    )
    return 0 if row is None else row.count


async def of_ids(graph: Graph, ids: Iterable[str], viewer: Viewer) -> list[StoredChange]:
    return await graph.read(
        OF_IDS,
        ids=list(ids),
        judging=JUDGING,
        reads_judgements=viewer.reads_judgements,
        viewer_groups=viewer.groups,
    )


async def visible_ids(graph: Graph, ids: Iterable[str], viewer: Viewer) -> frozenset[str]:
    rows = await graph.read(VISIBLE_IDS, ids=sorted(ids), viewer_groups=viewer.groups)
    return frozenset(row.id for row in rows)


async def forget_receipts(write: Write, *, before: dt.datetime, limit: int) -> int:
    row = await write.one(FORGET_RECEIPTS, before=before, limit=limit)
    return 0 if row is None else row.count
