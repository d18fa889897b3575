"""The audit trail and the sources of records on the wire."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from graph_crm.changes import service, sources, types
from graph_crm.changes.types import RecordType
from graph_crm.context import many_each
from graph_crm.graph.lists import Span
from graph_crm.language import Language, Sentence
from graph_crm.wire import Connection, Info, Money, Node, connection_of, node_kind, one_of_kind

if TYPE_CHECKING:
    from graph_crm.team.graphql import User

strawberry.enum(RecordType)


@strawberry.type(description="One field of a record by name: its label in the reader's language, and its value.")
class CustomFieldValue:
    key: str
    label: str
    text: str | None = None
    number: Decimal | None = None
    date: dt.date | None = None
    choices: list[str] | None = None
    money: Money | None = None
    url: str | None = None

    @staticmethod
    def of(value: types.FieldValue, language: Language) -> CustomFieldValue:
        text = value.text.read(language) if isinstance(value.text, Sentence) else value.text
        return CustomFieldValue(key=value.key, label=value.label.read(language), text=text)


@strawberry.type(
    description=(
        "Who changed what of a record, and when. before and after are null once the values were erased; "
        "ids in them are left out when the viewer may not see what they stand for."
    )
)
class ChangeEvent(Node):
    id: strawberry.ID
    sequence: int
    at: dt.datetime
    action: str
    record_id: strawberry.ID
    fields: list[str]
    before: list[CustomFieldValue] | None
    after: list[CustomFieldValue] | None
    actor_id: strawberry.Private[str | None]

    @strawberry.field(description="Who of ours did it; null when it was the service itself.")
    async def actor(self, info: Info) -> Annotated[User, strawberry.lazy("graph_crm.team.graphql")] | None:
        return await one_of_kind(info, "User", self.actor_id)

    @staticmethod
    def of(change: types.ChangeEvent, language: Language) -> ChangeEvent:
        return ChangeEvent(
            id=strawberry.ID(change.id),
            sequence=change.sequence,
            at=change.at,
            action=change.action,
            record_id=strawberry.ID(change.record_id),
            fields=list(change.fields),
            before=shown(change.before, language),
            after=shown(change.after, language),
            actor_id=change.actor_id,
        )


@strawberry.type(description="Where a record came from: what the other system calls it, and when it came.")
class SourceRecord:
    system: str
    record_type: RecordType
    key: str
    imported_at: dt.datetime


def shown(values: tuple[types.FieldValue, ...] | None, language: Language) -> list[CustomFieldValue] | None:
    return None if values is None else [CustomFieldValue.of(value, language) for value in values]


async def history_of(info: Info, record_id: str, first: int, after: str | None) -> Connection[ChangeEvent]:
    """The history of a record, for the types that have one."""
    span = Span.of(first=first, after=after)
    page = await service.history(info.context.graph, info.context.viewer, record_id, span)
    return connection_of(page, lambda change: ChangeEvent.of(change, info.context.language))


async def sources_of(info: Info, record_id: str) -> list[SourceRecord]:
    """The sources of a record, loaded together with those of its like."""

    async def load(ids: list[str]) -> Mapping[str, list[types.SourceRecord]]:
        return await sources.sources_of_records(info.context.graph, info.context.viewer, ids)

    rows: list[types.SourceRecord] = await info.context.kept("sources", lambda: many_each(load)).load(record_id)
    return [
        SourceRecord(system=row.system, record_type=row.record_type, key=row.key, imported_at=row.imported_at)
        for row in rows
    ]


@node_kind("ChangeEvent")
async def load_changes(info: Info, ids: list[str]) -> Mapping[str, Any]:
    found = await service.changes_of_ids(info.context.graph, info.context.viewer, ids)
    return {key: ChangeEvent.of(change, info.context.language) for key, change in found.items()}
