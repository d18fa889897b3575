"""Where records came from: what other systems call them. One key stands for one record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from graph_crm.changes.types import SourceKey, SourceRecord
from graph_crm.errors import Duplicate
from graph_crm.graph.client import Graph
from graph_crm.graph.query import query
from graph_crm.graph.write import Write
from graph_crm.viewer import Permission, Viewer


@dataclass(frozen=True, slots=True)
class Held:
    key: str
    record_id: str


ATTACH = query("changes/attach_sources", Held)
OF_RECORDS = query("changes/sources_of_records", SourceRecord)
RECORD_OF_SOURCE = query("changes/record_of_source", Held)


async def attach_source(write: Write, record_id: str, source: SourceKey) -> None:
    """Note what another system calls a record. Refuses a key that stands for another record."""
    await attach_sources(write, [(record_id, source)])


async def attach_sources(write: Write, sources: Iterable[tuple[str, SourceKey]]) -> None:
    """Note what other systems call these records: pairs of record id and key, keys in sorted order."""
    wanted = sorted(((source.text, record_id, source) for record_id, source in sources), key=lambda item: item[:2])
    rows = await write.run(
        ATTACH,
        now=write.now,
        sources=[
            {
                "key": text,
                "record_id": record_id,
                "id": write.new_id(),
                "system": source.system.strip(),
                "record_type": source.record_type,
                "external_key": source.key.strip(),
            }
            for text, record_id, source in wanted
        ],
    )
    holders = {row.key: row.record_id for row in rows}
    for text, record_id, source in wanted:
        if holders.get(text) != record_id:
            raise Duplicate(
                "{system} already calls another record {key}.",
                system=source.system,
                key=source.key,
                field=("sourceKey",),
            )


async def sources_of_records(
    graph: Graph, viewer: Viewer, record_ids: Iterable[str]
) -> dict[str, list[SourceRecord]]:
    """Where each of these records came from, the earliest source first."""
    viewer.require(Permission.READ_RECORDS)
    found: dict[str, list[SourceRecord]] = defaultdict(list)
    for row in await graph.read(OF_RECORDS, record_ids=list(record_ids), viewer_groups=viewer.groups):
        found[row.record_id].append(row)
    return dict(found)


async def record_of_source(graph: Graph, viewer: Viewer, source: SourceKey) -> str | None:
    """The id of the visible record that another system calls so."""
    viewer.require(Permission.READ_RECORDS)
    row = await graph.read_one(RECORD_OF_SOURCE, key=source.text, viewer_groups=viewer.groups)
    return None if row is None else row.record_id
