"""GraphQL types that every slice uses: scalars, nodes, connections, and how a refusal becomes data."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, Generic, TypeVar

import strawberry

from graph_crm.context import Context, one_each
from graph_crm.errors import ErrorCode, Invalid, Refusal
from graph_crm.graph.kinds import kinds_of
from graph_crm.graph.lists import Span, open_cursor, write_cursor
from graph_crm.graph.pages import Page, Part

Info = strawberry.Info[Context, None]
NodeType = TypeVar("NodeType")
Row = TypeVar("Row")
Payload = TypeVar("Payload")

LARGEST_LIST = 100

# ------------------------------------------------------------------- scalars

OFFSET = re.compile(r"(?:Z|z|[+-]\d{2}:?\d{2})$")


def parse_moment(value: object) -> dt.datetime:
    """A moment in UTC from text with an offset, such as "2026-03-01T09:00:00+01:00"."""
    if not isinstance(value, str) or "T" not in value.upper():
        raise Invalid("A date and time is written like 2026-03-01T09:00:00+01:00.")
    if OFFSET.search(value) is None:
        raise Invalid("The date and time {value} needs an offset, such as Z or +01:00.", value=shown(value))
    try:
        return dt.datetime.fromisoformat(value).astimezone(dt.UTC)
    except (ValueError, OverflowError):
        raise Invalid("{value} is not a date and time that exists.", value=shown(value)) from None


def parse_date(value: object) -> dt.date:
    """A day from text such as "2026-03-01"."""
    try:
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
            return dt.date.fromisoformat(value)
    except ValueError:
        pass
    raise Invalid("{value} is not a day that exists; write it like 2026-03-01.", value=shown(value))


def parse_decimal(value: object) -> Decimal:
    """An exact number from text ("50000.00") or from a whole number; never from a float."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise Invalid('A decimal is written as text, such as "50000.00".')
    try:
        number = Decimal(value)
    except InvalidOperation:
        raise Invalid('{value} is not a decimal; write it like "50000.00".', value=shown(value)) from None
    if not number.is_finite() or number.adjusted() > 15 or len(number.as_tuple().digits) > 30:
        raise Invalid("{value} is too large or too fine a number.", value=shown(value))
    return number


def shown(value: object) -> str:
    """A piece of the caller's own value, short enough for a sentence."""
    text = str(value)
    return text if len(text) <= 40 else f"{text[:40]}…"


def write_moment(value: dt.datetime) -> str:
    return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


# The types are Python's own; the scalar map of the schema says how each is written.
SCALARS: Mapping[object, Any] = {
    dt.datetime: strawberry.scalar(
        name="DateTime",
        description='A moment with its offset, such as "2026-03-01T09:00:00+01:00". Answers are in UTC.',
        serialize=write_moment,
        parse_value=parse_moment,
    ),
    dt.date: strawberry.scalar(
        name="Date", description='A day, such as "2026-03-01".', serialize=dt.date.isoformat, parse_value=parse_date
    ),
    Decimal: strawberry.scalar(
        name="Decimal",
        description='An exact number as text, such as "50000.00".',
        serialize=str,
        parse_value=parse_decimal,
    ),
}

# --------------------------------------------------------------------- nodes


@strawberry.interface(description="Anything with an id of its own.")
class Node:
    id: strawberry.ID


@strawberry.interface(
    description=(
        "Someone, ours or theirs; a HiddenPerson stands where the viewer may know that somebody is there, not who."
    )
)
class Person:
    display_name: str


@strawberry.type(description="Somebody whose name the viewer is not given: ask the group instead.")
class HiddenPerson(Person):
    display_name: str


LoadNodes = Callable[[Info, list[str]], Awaitable[Mapping[str, Any]]]

NODE_LOADERS: dict[str, LoadNodes] = {}
"""How to load the things of one kind (a label or a relationship type) as wire objects, visible ones only."""


def node_kind(kind: str) -> Callable[[LoadNodes], LoadNodes]:
    """Declare how things of this kind are loaded by id, for `node`, `nodes` and the candidates of an error."""

    def declare(load: LoadNodes) -> LoadNodes:
        NODE_LOADERS[kind] = load
        return load

    return declare


async def nodes_of(info: Info, ids: Sequence[str]) -> list[Any]:
    """The wire object of each id, None where there is none that the viewer may see."""
    if len(ids) > LARGEST_LIST:
        raise Invalid("At most {limit} ids in one list.", limit=LARGEST_LIST)
    kinds = await kinds_of(info.context.graph, info.context.viewer, sorted(set(ids)))
    found: dict[str, Any] = {}
    for kind in sorted(set(kinds.values())):
        load = NODE_LOADERS.get(kind)
        if load is not None:
            found |= await load(info, [key for key, own in kinds.items() if own == kind])
    return [found.get(key) for key in ids]


async def one_of_kind(info: Info, kind: str, id: str | None) -> Any:
    """The wire object of one thing whose kind is known, loaded together with its like; None without an id."""
    if id is None:
        return None

    async def load(ids: list[str]) -> Mapping[str, Any]:
        return await NODE_LOADERS[kind](info, ids)

    return await info.context.kept(("kind", kind), lambda: one_each(load)).load(id)


@strawberry.type
class NodeQuery:
    @strawberry.field(description="The record with that id, when there is one that you may see.")
    async def node(self, info: Info, id: strawberry.ID) -> Node | None:
        return (await nodes_of(info, [id]))[0]

    @strawberry.field(description="The records with those ids, in the order asked; null where there is none.")
    async def nodes(self, info: Info, ids: list[strawberry.ID]) -> list[Node | None]:
        return await nodes_of(info, ids)


# --------------------------------------------------------------------- edges

EDGES: dict[str, Callable[..., Awaitable[Any]]] = {}
"""How a field ("Account.opportunities") is answered by a slice further right, which may not be imported."""


def edge(name: str) -> Callable[[Callable[..., Awaitable[Any]]], Callable[..., Awaitable[Any]]]:
    """Declare how such a field is answered: a function of the request, the record's id and the field's arguments.

    It loads the records of a whole list together (a loader of the request's context).
    """

    def declare(answer: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
        EDGES[name] = answer
        return answer

    return declare


async def along(name: str, info: Info, record_id: str, **arguments: Any) -> Any:
    """The answer of a field whose slice stands further right."""
    return await EDGES[name](info, record_id, **arguments)


# --------------------------------------------------------------- connections


@strawberry.type(description="Whether the list goes on, and the cursors to go on with.")
class PageInfo:
    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


@strawberry.type
class Edge(Generic[NodeType]):
    cursor: str
    node: NodeType


@strawberry.type
class Connection(Generic[NodeType]):
    page_info: PageInfo
    edges: list[Edge[NodeType]]
    count: strawberry.Private[Callable[[], Awaitable[int]]]

    @strawberry.field(description="How many there are in all; counted only when asked for.")
    async def total_count(self) -> int:
        return await self.count()


def page_info_of(page: Part[Any]) -> PageInfo:
    return PageInfo(
        has_next_page=page.has_next,
        has_previous_page=page.has_previous,
        start_cursor=page.cursors[0] if page.cursors else None,
        end_cursor=page.cursors[-1] if page.cursors else None,
    )


def connection_of(page: Page[Row], make: Callable[[Row], NodeType]) -> Connection[NodeType]:
    """The page as a connection, each row made into its wire type."""
    edges = [Edge(cursor=cursor, node=make(row)) for cursor, row in zip(page.cursors, page.rows, strict=True)]
    return Connection(page_info=page_info_of(page), edges=edges, count=page.count)


def page_of(rows: Sequence[Row], key: Callable[[Row], str], *, first: int, after: str | None) -> Page[Row]:
    """One page of a list that is small by its nature and held whole (the parts in one deal)."""
    span = Span.of(first=first, after=after)
    start = 0
    if span.cursor is not None:
        seen = open_cursor(HELD_WHOLE, span.cursor, "after")[0]
        start = next((position + 1 for position, row in enumerate(rows) if key(row) == seen), len(rows))
    shown = list(rows[start : start + span.size])

    async def count() -> int:
        return len(rows)

    return Page(
        rows=shown,
        cursors=[write_cursor(HELD_WHOLE, [key(row)]) for row in shown],
        has_next=start + len(shown) < len(rows),
        has_previous=start > 0,
        count=count,
    )


HELD_WHOLE = ("held whole",)

# --------------------------------------------------------------------- money


@strawberry.type(description="An amount in one currency; amounts of two currencies are never added.")
class Money:
    amount: Decimal
    currency: str


# -------------------------------------------------------------------- errors

strawberry.enum(ErrorCode)


@strawberry.type(
    description=(
        "Expected failures are data. code is stable, message is in the viewer's language, "
        "field is the path in the input."
    )
)
class UserError:
    code: ErrorCode
    message: str
    field: list[str] | None
    candidate_ids: strawberry.Private[Sequence[str]]

    @strawberry.field(description="The records among which the caller has to choose.")
    async def candidates(self, info: Info) -> list[Node] | None:
        if not self.candidate_ids:
            return None
        return [node for node in await nodes_of(info, self.candidate_ids) if node is not None]


def user_error(info: Info, refusal: Refusal) -> UserError:
    """A refusal in the reader's language."""
    return UserError(
        code=refusal.code,
        message=refusal.sentence.read(info.context.language),
        field=list(refusal.field) or None,
        candidate_ids=refusal.candidates,
    )


async def answered(
    info: Info,
    payload: Callable[..., Payload],
    client_mutation_id: str | None,
    work: Awaitable[Mapping[str, Any]],
) -> Payload:
    """The payload of a mutation: what the work made, or the refusal as data."""
    try:
        found = await work
    except Refusal as refusal:
        return payload(client_mutation_id=client_mutation_id, user_errors=[user_error(info, refusal)])
    return payload(client_mutation_id=client_mutation_id, user_errors=[], **found)
