"""Lists: the one place where a statement is put together, from literal fragments declared per field and operator.

Nested conditions and orders on declared fields cannot be one static file and keep their index. Every piece is a
literal of a reviewed module, every value is a parameter. Pages are cut by keys (sort values, then the id), never
by offsets, so that a page deep in a list costs as little as the first one and no record comes twice.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from functools import cached_property
from typing import Any, Final, Generic, LiteralString, TypeVar, cast

import orjson

from graph_crm.errors import Invalid, LimitReached
from graph_crm.graph.client import Graph
from graph_crm.graph.folding import fold
from graph_crm.graph.pages import Page
from graph_crm.graph.query import Query
from graph_crm.graph.rows import Decoder, decoder_of, native

Row = TypeVar("Row")

DEFAULT_PAGE: Final = 20
LARGEST_PAGE: Final = 100
MOST_ORDERS: Final = 3
DEEPEST: Final = 5
MOST_COMPARISONS: Final = 40
MOST_VALUES: Final = 100
LONGEST_CURSOR: Final = 6_000

# -------------------------------------------------------------- what is asked


class Operator(StrEnum):
    EQUAL = "eq"
    NOT_EQUAL = "ne"
    IN = "in"
    NOT_IN = "notIn"
    CONTAINS = "contains"
    STARTS_WITH = "startsWith"
    GREATER = "gt"
    GREATER_OR_EQUAL = "gte"
    LESS = "lt"
    LESS_OR_EQUAL = "lte"
    IS_NULL = "isNull"


class Direction(Enum):
    ASC = "ASC"
    DESC = "DESC"

    @property
    def turned(self) -> Direction:
        return Direction.DESC if self is Direction.ASC else Direction.ASC


@dataclass(frozen=True, slots=True)
class Comparison:
    """One field compared with one value."""

    field: str
    operator: Operator
    value: Any


@dataclass(frozen=True, slots=True)
class AllOf:
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class NoneOf:
    condition: Condition


Condition = Comparison | AllOf | AnyOf | NoneOf


@dataclass(frozen=True, slots=True)
class Span:
    """Which part of the list: its first ones after a cursor, or its last ones before one."""

    size: int = DEFAULT_PAGE
    cursor: str | None = None
    backward: bool = False

    @staticmethod
    def of(
        first: int | None = None, after: str | None = None, last: int | None = None, before: str | None = None
    ) -> Span:
        """The part that the arguments of a connection name."""
        if (first is not None and last is not None) or (after is not None and before is not None):
            raise Invalid("Give first with after, or last with before, not both.", field=("first",))
        if (first is not None and before is not None) or (last is not None and after is not None):
            raise Invalid("after goes with first, and before goes with last.", field=("after",))
        backward = last is not None or before is not None
        size = last if backward else first
        name = "last" if backward else "first"
        if size is None:
            size = DEFAULT_PAGE
        if size < 0:
            raise Invalid("{name} cannot be negative.", name=name, field=(name,))
        if size > LARGEST_PAGE:
            raise LimitReached("{name} is at most {limit}.", name=name, limit=LARGEST_PAGE, field=(name,))
        return Span(size, before if backward else after, backward)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What of a list is asked for: conditions, orders by name, and the part."""

    condition: Condition | None = None
    orders: tuple[tuple[str, Direction], ...] = ()
    span: Span = field(default_factory=Span)


# ---------------------------------------------------------- what is declared


class Kind(Enum):
    """What the values of a sort key are; `last` and `first` stand for a missing one."""

    TEXT = "text"
    INTEGER = "integer"
    DAY = "day"
    MOMENT = "moment"


LAST: Final[dict[Kind, LiteralString]] = {
    Kind.TEXT: "'\uffff'",
    Kind.INTEGER: "9223372036854775807",
    Kind.DAY: "date('9999-12-31')",
    Kind.MOMENT: "datetime('9999-12-31T23:59:59Z')",
}
FIRST: Final[dict[Kind, LiteralString]] = {
    Kind.TEXT: "''",
    Kind.INTEGER: "-9223372036854775808",
    Kind.DAY: "date('0001-01-01')",
    Kind.MOMENT: "datetime('0001-01-01T00:00:00Z')",
}


@dataclass(frozen=True, slots=True)
class Key:
    """One sort key: an expression of the list's pattern and the kind of its values."""

    expression: LiteralString
    kind: Kind = Kind.TEXT
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Order:
    """A declared order: its keys. Records in which an optional key is missing come last in both directions."""

    keys: tuple[Key, ...]

    @staticmethod
    def by(expression: LiteralString, kind: Kind = Kind.TEXT, *, optional: bool = False) -> Order:
        return Order((Key(expression, kind, optional),))

    @property
    def optional(self) -> bool:
        return any(key.optional for key in self.keys)


def same(value: Any) -> Any:
    return value


def folded(value: Any) -> Any:
    return [fold(item) for item in cast("list[str]", value)] if isinstance(value, list | tuple) else fold(value)


def trimmed_lower(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [item.strip().lower() for item in cast("list[str]", value)]
    return value.strip().lower()


@dataclass(frozen=True, slots=True)
class Filter:
    """A declared field: one fragment for each operator, in which `$value` stands for the value.

    No fragment is ever null, so that NOT means what it says: a missing value is unequal to every value, and
    neither greater nor smaller.
    """

    fragments: Mapping[Operator, LiteralString]
    prepare: Callable[[Any], Any] = same


def equality(expression: LiteralString) -> dict[Operator, LiteralString]:
    return {
        Operator.EQUAL: "(" + expression + " IS NOT NULL AND " + expression + " = $value)",
        Operator.NOT_EQUAL: "(" + expression + " IS NULL OR " + expression + " <> $value)",
        Operator.IN: "(" + expression + " IS NOT NULL AND " + expression + " IN $value)",
        Operator.NOT_IN: "(" + expression + " IS NULL OR NOT " + expression + " IN $value)",
        Operator.IS_NULL: "((" + expression + " IS NULL) = $value)",
    }


def comparison(expression: LiteralString) -> dict[Operator, LiteralString]:
    return {
        Operator.EQUAL: "(" + expression + " IS NOT NULL AND " + expression + " = $value)",
        Operator.GREATER: "(" + expression + " IS NOT NULL AND " + expression + " > $value)",
        Operator.GREATER_OR_EQUAL: "(" + expression + " IS NOT NULL AND " + expression + " >= $value)",
        Operator.LESS: "(" + expression + " IS NOT NULL AND " + expression + " < $value)",
        Operator.LESS_OR_EQUAL: "(" + expression + " IS NOT NULL AND " + expression + " <= $value)",
        Operator.IS_NULL: "((" + expression + " IS NULL) = $value)",
    }


def id_filter(expression: LiteralString) -> Filter:
    return Filter(equality(expression))


def word_filter(expression: LiteralString) -> Filter:
    """A field of fixed words: an enum, a key of a stage."""
    return Filter(equality(expression))


def text_filter(expression: LiteralString, *, prepare: Callable[[Any], Any] = folded) -> Filter:
    """A text whose stored form is what `prepare` makes of the value: folded unless told otherwise."""
    return Filter(
        {
            **equality(expression),
            Operator.CONTAINS: "(" + expression + " IS NOT NULL AND " + expression + " CONTAINS $value)",
            Operator.STARTS_WITH: "(" + expression + " IS NOT NULL AND " + expression + " STARTS WITH $value)",
        },
        prepare,
    )


def number_filter(expression: LiteralString, *, prepare: Callable[[Any], Any] = same) -> Filter:
    """A number, a day or a moment."""
    return Filter(comparison(expression), prepare)


def boolean_filter(expression: LiteralString) -> Filter:
    return Filter({Operator.EQUAL: "(coalesce(" + expression + ", false) = $value)"})


def existence_filter(pattern: LiteralString) -> Filter:
    """A pattern with the value in it, there or not."""
    return Filter({Operator.EQUAL: "EXISTS { " + pattern + " }"})


def linked_text_filter(
    pattern: LiteralString, expression: LiteralString, *, prepare: Callable[[Any], Any] = folded
) -> Filter:
    """A text on the other end of a pattern (the e-mail addresses of a person): true when one of them fits.

    `pattern` ends with its own WHERE clause, to which the comparison is added.
    """
    start: LiteralString = "EXISTS { " + pattern + " AND " + expression
    anything: LiteralString = "EXISTS { " + pattern + " }"
    return Filter(
        {
            Operator.EQUAL: start + " = $value }",
            Operator.NOT_EQUAL: "NOT " + start + " = $value }",
            Operator.IN: start + " IN $value }",
            Operator.NOT_IN: "NOT " + start + " IN $value }",
            Operator.CONTAINS: start + " CONTAINS $value }",
            Operator.STARTS_WITH: start + " STARTS WITH $value }",
            Operator.IS_NULL: "(NOT " + anything + " = $value)",
        },
        prepare,
    )


def linked_id_filter(pattern: LiteralString, expression: LiteralString) -> Filter:
    """The id of something on the other end of a pattern (the owner of an account)."""
    fragments = linked_text_filter(pattern, expression).fragments
    kept = (Operator.EQUAL, Operator.IN, Operator.NOT_IN, Operator.IS_NULL)
    return Filter({operator: fragments[operator] for operator in kept})


# -------------------------------------------------------------- putting together

DIGITS: Final[tuple[LiteralString, ...]] = ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9")


def numbered(number: int) -> LiteralString:
    return DIGITS[number // 10] + DIGITS[number % 10]


@dataclass(slots=True)
class Conditions:
    """A condition while it becomes text: its parameters so far."""

    filters: Mapping[str, Filter]
    parameters: dict[str, Any] = field(default_factory=dict[str, Any])

    def text(self, condition: Condition, depth: int = 0) -> LiteralString:
        if depth > DEEPEST:
            raise LimitReached("Conditions nest at most {limit} deep.", limit=DEEPEST, field=("where",))
        match condition:
            case Comparison():
                return self.compared(condition)
            case AllOf(conditions=parts):
                return self.joined(parts, " AND ", "true", depth)
            case AnyOf(conditions=parts):
                return self.joined(parts, " OR ", "false", depth)
            case NoneOf(condition=part):
                return "NOT (" + self.text(part, depth + 1) + ")"

    def joined(
        self, parts: Sequence[Condition], word: LiteralString, empty: LiteralString, depth: int
    ) -> LiteralString:
        texts: list[LiteralString] = [self.text(part, depth + 1) for part in parts]
        return "(" + word.join(texts) + ")" if texts else empty

    def compared(self, comparison: Comparison) -> LiteralString:
        number = len(self.parameters)
        if number >= MOST_COMPARISONS:
            raise LimitReached("A list takes at most {limit} conditions.", limit=MOST_COMPARISONS, field=("where",))
        declared = self.filters[comparison.field]
        value = comparison.value
        if isinstance(value, list | tuple) and len(cast("list[Any]", value)) > MOST_VALUES:
            raise LimitReached("At most {limit} values in one condition.", limit=MOST_VALUES, field=("where",))
        name: LiteralString = "value_" + numbered(number)
        self.parameters[name] = value if comparison.operator is Operator.IS_NULL else declared.prepare(value)
        return declared.fragments[comparison.operator].replace("$value", "$" + name)


@dataclass(frozen=True, slots=True)
class SortTerm:
    """One expression that the list is sorted by, which way, and the kind of its values."""

    expression: LiteralString
    direction: Direction
    kind: Kind

    @property
    def text(self) -> LiteralString:
        return self.expression + (" DESC" if self.direction is Direction.DESC else " ASC")

    @property
    def beyond(self) -> LiteralString:
        return " > " if self.direction is Direction.ASC else " < "


def after_text(terms: Sequence[SortTerm], number: int = 0) -> LiteralString:
    """What comes after the cursor. The comparison of the first key is one that its index can answer."""
    term = terms[number]
    value: LiteralString = "$after_" + numbered(number)
    if number == len(terms) - 1:
        return term.expression + term.beyond + value
    bound: LiteralString = term.expression + (" >= " if term.direction is Direction.ASC else " <= ") + value
    rest = after_text(terms, number + 1)
    return bound + " AND CASE WHEN " + term.expression + " = " + value + " THEN (" + rest + ") ELSE true END"


@dataclass(frozen=True, slots=True)
class Counted:
    count: int


@dataclass(frozen=True, slots=True)
class CountedEach:
    of_id: str
    count: int


class Counts:
    """How many there are in all, for each anchor; asked once, and only when somebody wants to know."""

    def __init__(self, load: Callable[[], Awaitable[Mapping[str, int]]]) -> None:
        self._load = load
        self._task: asyncio.Task[Mapping[str, int]] | None = None

    async def of(self, key: str) -> int:
        if self._task is None:
            self._task = asyncio.ensure_future(self._start())
        return (await asyncio.shield(self._task)).get(key, 0)

    async def _start(self) -> Mapping[str, int]:
        return await self._load()


def columns_of(question: Query[Any]) -> LiteralString:
    """The columns of a reviewed statement, so that a list of the same records returns the same ones."""
    text: LiteralString = question.text
    return "RETURN " + text.rpartition("\nRETURN ")[2].rstrip()


LISTED: dict[str, Listing[Any]] = {}
"""Every list that loaded code can ask for, by name."""


@dataclass(frozen=True)
class Listing(Generic[Row]):
    """A list of records of one kind: pattern, columns, and the orders and conditions that it understands.

    `match` ends with a WHERE clause that leaves only visible records. `carried` names the variables that
    `returning` needs. With `anchored`, the pattern starts at the record whose id is `of_id`, and `pages_of_each`
    answers for many of them in one statement; without, the pattern is walked along the index of its order.
    """

    name: LiteralString
    row: type[Row]
    match: LiteralString
    carried: LiteralString
    identity: LiteralString
    returning: LiteralString
    orders: Mapping[str, Order]
    filters: Mapping[str, Filter] = field(default_factory=dict[str, Filter])
    default: tuple[tuple[str, Direction], ...] = (("name", Direction.ASC),)
    anchored: bool = False

    def __post_init__(self) -> None:
        LISTED[self.name] = self

    # ------------------------------------------------------------- answers

    async def page(self, graph: Graph, wanted: Wanted, **parameters: Any) -> Page[Row]:
        """One page of the list."""
        plan = self.plan(wanted)
        asked: dict[str, Any] = {**parameters, **plan.parameters}
        found = await graph.read(plan.query, **asked, **plan.after, limit=wanted.span.size + 1)

        async def count() -> int:
            rows = await graph.read(plan.count, **asked)
            return cast("Counted", rows[0]).count

        return plan.page(found, count)

    async def pages_of_each(
        self, graph: Graph, of_ids: Sequence[str], wanted: Wanted, **parameters: Any
    ) -> dict[str, Page[Row]]:
        """One page for each of the records that the list belongs to, in one statement."""
        plan = self.plan(wanted)
        asked: dict[str, Any] = {**parameters, **plan.parameters, "of_ids": list(of_ids)}
        found = await graph.read(plan.query, **asked, **plan.after, limit=wanted.span.size + 1)
        by_anchor: dict[str, list[Found[Row]]] = {of_id: [] for of_id in of_ids}
        for entry in found:
            by_anchor[entry.of_id].append(entry)

        async def count_all() -> Mapping[str, int]:
            rows = cast("list[CountedEach]", await graph.read(plan.count, **asked))
            return {row.of_id: row.count for row in rows}

        counts = Counts(count_all)

        def counting(of_id: str) -> Callable[[], Awaitable[int]]:
            return lambda: counts.of(of_id)

        return {of_id: plan.page(entries, counting(of_id)) for of_id, entries in by_anchor.items()}

    # ---------------------------------------------------------- statements

    def plan(self, wanted: Wanted) -> Plan[Row]:
        """The statements that answer, with their parameters."""
        orders = wanted.orders or self.default
        if len(orders) > MOST_ORDERS:
            raise LimitReached("A list is ordered by at most {limit} fields.", limit=MOST_ORDERS, field=("orderBy",))
        conditions = Conditions(self.filters)
        where: LiteralString = ""
        if wanted.condition is not None:
            where = "\n  AND " + conditions.text(wanted.condition)
        signature = [self.name, *(f"{name} {direction.value}" for name, direction in orders)]
        chosen = [(self.orders[name], direction) for name, direction in orders]
        return Plan(self, wanted.span, chosen, where, conditions.parameters, signature)

    @cached_property
    def decode(self) -> Decoder[Found[Row]]:
        """Rows with their sort values, and with the anchor of an anchored list."""
        decode_row = decoder_of(self.row)
        extra = ("of_id", "sort_values") if self.anchored else ("sort_values",)

        def decode(columns: Sequence[str], values: Sequence[Sequence[Any]]) -> list[Found[Row]]:
            own = [index for index, column in enumerate(columns) if column not in extra]
            rows = decode_row([columns[index] for index in own], [[record[i] for i in own] for record in values])
            place = {column: columns.index(column) for column in extra}
            return [
                Found(
                    row,
                    [native(value) for value in record[place["sort_values"]]],
                    record[place["of_id"]] if self.anchored else "",
                )
                for row, record in zip(rows, values, strict=True)
            ]

        return decode


@dataclass(frozen=True, slots=True)
class Found(Generic[Row]):
    row: Row
    sort_values: list[Any]
    of_id: str = ""


class Plan(Generic[Row]):
    """One list as asked for: its statements and how its rows become a page."""

    def __init__(
        self,
        listing: Listing[Row],
        span: Span,
        orders: Sequence[tuple[Order, Direction]],
        where: LiteralString,
        parameters: dict[str, Any],
        signature: list[str],
    ) -> None:
        self.listing = listing
        self.span = span
        self.orders = orders
        self.where: LiteralString = where
        self.parameters = parameters
        self.signature = signature
        # Records without the first key have no place in its index: they are a part of their own, after the others.
        self.in_two_parts = not listing.anchored and orders[0][0].optional
        values = None if span.cursor is None else self.read_cursor(span.cursor)
        leading = len(orders[0][0].keys)
        self.after_missing = values is not None and self.in_two_parts and None in values[:leading]
        kept = [] if values is None else values[leading:] if self.after_missing else values
        self.after = {f"after_{numbered(number)}": value for number, value in enumerate(kept)}

    # ---------------------------------------------------------------- text

    @cached_property
    def query(self) -> Query[Found[Row]]:
        listing = self.listing
        going_on = self.span.cursor is not None
        body: LiteralString
        columns: LiteralString = ", sort_values"
        if self.in_two_parts:
            body = self.both_parts()
        elif listing.anchored:
            # A subquery of its own: the limit counts for each anchor alone.
            body = "UNWIND $of_ids AS of_id\nCALL (of_id) {\n" + self.part(self.terms(coalesced=True), after=going_on)
            body = body + "RETURN " + listing.carried + ", sort_values\n}\n"
            columns = ", of_id, sort_values"
        else:
            terms = self.terms()
            body = self.part(terms, after=going_on, present=[*self.leading(), terms[-1]])
        text: LiteralString = "// One row per entry of one page.\n" + body + listing.returning + columns
        return Query(listing.name, text, cast("type[Found[Row]]", Found), listing.decode)

    @cached_property
    def count(self) -> Query[Any]:
        listing = self.listing
        name = listing.name + ":count"
        body: LiteralString = listing.match + self.where + "\nRETURN count(*) AS count"
        text: LiteralString = "// One row: the size of the whole list.\n" + body
        if listing.anchored:
            text = "// One row per anchor: the size of its whole list.\nUNWIND $of_ids AS of_id\nCALL (of_id) {\n"
            text = text + body + "\n}\nRETURN of_id, count"
            return Query(name, text, CountedEach, decoder_of(CountedEach))
        return Query(name, text, Counted, decoder_of(Counted))

    def part(
        self,
        terms: Sequence[SortTerm],
        *,
        after: bool,
        present: Sequence[SortTerm] = (),
        missing: Sequence[Key] = (),
    ) -> LiteralString:
        """The pattern, cut to one page in the order of the terms.

        An index holds only records that have all of its keys, hence gives the order only when the statement says
        that they are `present`.
        """
        listing = self.listing
        text: LiteralString = listing.match + self.where
        # The bound after a cursor says it of the first key; said twice, a plan may take the whole index for it.
        for term in present[1:] if after else present:
            text = text + "\n  AND " + term.expression + " IS NOT NULL"
        if missing:
            lacking: list[LiteralString] = [key.expression + " IS NULL" for key in missing]
            text = text + "\n  AND (" + " OR ".join(lacking) + ")"
        if after:
            text = text + "\n  AND " + after_text(terms)
        values: list[LiteralString] = [*("null" for _ in missing), *(term.expression for term in terms)]
        order: list[LiteralString] = [term.text for term in terms]
        anchor: LiteralString = "of_id, " if listing.anchored else ""
        text = text + "\nWITH " + anchor + listing.carried + ", [" + ", ".join(values) + "] AS sort_values\n"
        return text + "ORDER BY " + ", ".join(order) + "\nLIMIT $limit\n"

    def both_parts(self) -> LiteralString:
        """Records that have the first key, then those that lack it; the other way round going backward."""
        listing = self.listing
        given: LiteralString = "RETURN " + listing.carried + ", sort_values\n"
        terms, leading = self.terms(), self.leading()
        going_on = self.span.cursor is not None
        rest = terms[len(leading) :]
        with_key = self.part(terms, after=going_on and not self.after_missing, present=[*leading, terms[-1]])
        without = self.part(rest, after=self.after_missing, present=[rest[-1]], missing=self.orders[0][0].keys)
        parts: list[LiteralString] = [with_key + given, without + given]
        if self.span.backward:
            parts.reverse()
        if going_on:
            # What lies on the other side of the cursor is not read again.
            over = self.after_missing is self.span.backward
            parts = parts if over else parts[1:]
        union: LiteralString = "UNION ALL\n"
        return "CALL () {\n" + union.join(parts) + "}\nWITH " + listing.carried + ", sort_values\nLIMIT $limit\n"

    def leading(self) -> list[SortTerm]:
        order, direction = self.orders[0]
        return [SortTerm(key.expression, direction, key.kind) for key in order.keys]

    def terms(self, *, coalesced: bool = False) -> list[SortTerm]:
        """Every expression that the list is sorted by, the id last, turned round when going backward."""
        terms: list[SortTerm] = []
        for number, (order, direction) in enumerate(self.orders):
            way = direction.turned if self.span.backward else direction
            for key in order.keys:
                expression = key.expression
                if key.optional and (coalesced or number > 0):
                    # Missing values stand last, whichever way the list is read.
                    end = LAST if direction is Direction.ASC else FIRST
                    expression = "coalesce(" + expression + ", " + end[key.kind] + ")"
                terms.append(SortTerm(expression, way, key.kind))
        first = self.orders[0][1]
        way = first.turned if self.span.backward else first
        return [*terms, SortTerm(self.listing.identity, way, Kind.TEXT)]

    # ------------------------------------------------------------- cursors

    def page(self, found: Sequence[Found[Row]], count: Callable[[], Awaitable[int]]) -> Page[Row]:
        """The rows that were found as a page: one more than its size was asked for, to see whether there is one."""
        size, backward = self.span.size, self.span.backward
        more = len(found) > size
        kept = list(found[:size])
        if backward:
            kept.reverse()
        return Page(
            rows=[entry.row for entry in kept],
            cursors=[self.cursor(entry.sort_values) for entry in kept],
            has_next=self.span.cursor is not None if backward else more,
            has_previous=more if backward else self.span.cursor is not None,
            count=count,
        )

    def cursor(self, values: Sequence[Any]) -> str:
        return write_cursor(self.signature, values)

    def read_cursor(self, cursor: str) -> list[Any]:
        terms = self.terms(coalesced=self.listing.anchored)
        values = open_cursor(self.signature, cursor, "before" if self.span.backward else "after")
        return [read_value(value, term.kind) for value, term in zip(values, terms, strict=True)]


def write_cursor(signature: Sequence[str], values: Sequence[Any]) -> str:
    """An opaque cursor of one list in one order: its sort values, with a check that they are whole."""
    content = orjson.dumps([value.isoformat() if isinstance(value, dt.date) else value for value in values])
    return urlsafe_b64encode(check_of(signature, content) + content).decode().rstrip("=")


def open_cursor(signature: Sequence[str], cursor: str, name: str) -> list[Any]:
    """The sort values in a cursor of this list in this order; a cursor that is not one of its own is refused."""
    try:
        if not cursor.isascii() or len(cursor) > LONGEST_CURSOR:
            raise ValueError
        raw = urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        if raw[:CHECK_BYTES] != check_of(signature, raw[CHECK_BYTES:]):
            raise ValueError
        return orjson.loads(raw[CHECK_BYTES:])
    except ValueError:
        raise Invalid(
            "This cursor does not belong to this list in this order. Start again without it.", field=(name,)
        ) from None


CHECK_BYTES: Final = 6


def check_of(signature: Sequence[str], content: bytes) -> bytes:
    # No secret: whoever builds a cursor by hand learns nothing, since its values only ever are parameters.
    return hashlib.blake2s(
        orjson.dumps(list(signature)) + b"\x00" + content, digest_size=CHECK_BYTES, person=b"cursor"
    ).digest()


def read_value(value: Any, kind: Kind) -> Any:
    if value is None:
        return None
    match kind:
        case Kind.DAY:
            return dt.date.fromisoformat(value)
        case Kind.MOMENT:
            return dt.datetime.fromisoformat(value)
        case _:
            return value
