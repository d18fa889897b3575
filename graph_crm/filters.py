"""How a caller says which records of a list are wanted, in which order, and how that reaches the list."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from enum import Enum
from typing import Any, ClassVar, Final, Protocol, TypedDict, cast

import strawberry

from graph_crm.accounts.types import LifecycleStage
from graph_crm.changes.types import RecordType, SourceKey
from graph_crm.graph.lists import AllOf, AnyOf, Comparison, Condition, Direction, NoneOf, Operator, Span, Wanted

strawberry.enum(Direction, name="SortDirection")
strawberry.enum(LifecycleStage, description="Where an account or a contact stands as a customer.")


@strawberry.input(description="Conditions on a text. Case, accents, hyphens and apostrophes make no difference.")
class StringFilter:
    eq: str | None = None
    ne: str | None = None
    in_: list[str] | None = strawberry.field(name="in", default=None)
    not_in: list[str] | None = None
    contains: str | None = None
    starts_with: str | None = None
    is_null: bool | None = None


@strawberry.input(description="Conditions on an id.")
class IdFilter:
    eq: strawberry.ID | None = None
    in_: list[strawberry.ID] | None = strawberry.field(name="in", default=None)
    not_in: list[strawberry.ID] | None = None
    is_null: bool | None = None


@strawberry.input(description="Conditions on a whole number.")
class IntFilter:
    eq: int | None = None
    gt: int | None = None
    gte: int | None = None
    lt: int | None = None
    lte: int | None = None
    is_null: bool | None = None


@strawberry.input(description="Conditions on an exact number.")
class DecimalFilter:
    eq: Decimal | None = None
    gt: Decimal | None = None
    gte: Decimal | None = None
    lt: Decimal | None = None
    lte: Decimal | None = None
    is_null: bool | None = None


@strawberry.input(description="Conditions on a day.")
class DateFilter:
    eq: dt.date | None = None
    gt: dt.date | None = None
    gte: dt.date | None = None
    lt: dt.date | None = None
    lte: dt.date | None = None
    is_null: bool | None = None


@strawberry.input(description="Conditions on a moment.")
class DateTimeFilter:
    gt: dt.datetime | None = None
    gte: dt.datetime | None = None
    lt: dt.datetime | None = None
    lte: dt.datetime | None = None
    is_null: bool | None = None


@strawberry.input(description="A condition on a yes or no.")
class BooleanFilter:
    eq: bool | None = None


@strawberry.input(description="Conditions on where somebody stands as a customer.")
class LifecycleFilter:
    eq: LifecycleStage | None = None
    in_: list[LifecycleStage] | None = strawberry.field(name="in", default=None)
    not_in: list[LifecycleStage] | None = None


OPERATORS: Final[Mapping[str, Operator]] = {
    "eq": Operator.EQUAL,
    "ne": Operator.NOT_EQUAL,
    "in_": Operator.IN,
    "not_in": Operator.NOT_IN,
    "contains": Operator.CONTAINS,
    "starts_with": Operator.STARTS_WITH,
    "gt": Operator.GREATER,
    "gte": Operator.GREATER_OR_EQUAL,
    "lt": Operator.LESS,
    "lte": Operator.LESS_OR_EQUAL,
    "is_null": Operator.IS_NULL,
}

ALL, ANY, NONE = "all_of", "any_of", "none_of"
"""The names of AND, OR and NOT in the Python classes of conditions."""


@strawberry.input(description="What another system calls a record.")
class SourceKeyInput:
    system: str
    key: str


@strawberry.input(one_of=True, description="A name that several records share is AMBIGUOUS, with the candidates.")
class RecordBy:
    id: strawberry.ID | None = strawberry.UNSET
    name: str | None = strawberry.UNSET
    source_key: SourceKeyInput | None = strawberry.UNSET


class NamedBy(TypedDict):
    """The arguments that a service takes to find one record."""

    record_id: str | None
    name: str | None
    source: SourceKey | None


def named_by(by: RecordBy, record_type: RecordType) -> NamedBy:
    return NamedBy(record_id=by.id or None, name=by.name or None, source=source_of(by.source_key, record_type))


def source_of(given: SourceKeyInput | None, record_type: RecordType) -> SourceKey | None:
    return SourceKey(given.system, record_type, given.key) if given else None


def came_from(record_type: RecordType) -> Mapping[str, Callable[[Any], Comparison]]:
    """How the field `sourceKey` of a `where` is compared."""

    def compare(given: SourceKeyInput) -> Comparison:
        key = SourceKey(given.system, record_type, given.key)
        return Comparison("source_key", Operator.EQUAL, key.text)

    return {"source_key": compare}


class IsInput(Protocol):
    """An input of strawberry: a dataclass whose fields are the names it has in Python."""

    __dataclass_fields__: ClassVar[dict[str, Any]]


def condition_of(
    where: IsInput | None, special: Mapping[str, Callable[[Any], Comparison]] | None = None
) -> Condition | None:
    """The condition of a `where` input: everything it names must hold; what is null says nothing.

    `special` makes the comparison of those fields whose input is no filter.
    """
    if where is None:
        return None
    parts: list[Condition] = []
    for name, value in given(where):
        if special is not None and name in special:
            parts.append(special[name](value))
        elif name in {ALL, ANY}:
            listed = [condition_of(one, special) for one in cast("list[IsInput]", value)]
            # An empty condition holds for all, and an empty list of them says nothing.
            inner = tuple(AllOf(()) if one is None else one for one in listed)
            if inner:
                parts.append(AllOf(inner) if name == ALL else AnyOf(inner))
        elif name == NONE:
            inner_condition = condition_of(value, special)
            if inner_condition is not None:
                parts.append(NoneOf(inner_condition))
        else:
            parts.extend(Comparison(name, OPERATORS[operator], plain(one)) for operator, one in given(value))
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def given(where: IsInput) -> Iterable[tuple[str, Any]]:
    """The fields that the caller gave a value."""
    for field in dataclasses.fields(where):
        value = getattr(where, field.name)
        if value is not None and value is not strawberry.UNSET:
            yield field.name, value


def plain(value: Any) -> Any:
    """Enums as the text that is stored, lists as tuples: what is wanted is part of a loader's key."""
    if isinstance(value, list):
        return tuple(plain(item) for item in cast("list[Any]", value))
    return value.value if isinstance(value, Enum) else value


def orders_of(order_by: Iterable[IsInput] | None) -> tuple[tuple[str, Direction], ...]:
    """The orders by name, the first one first."""
    return tuple(pair for entry in order_by or () for pair in given(entry))


def wanted_of(
    where: IsInput | None = None,
    order_by: Iterable[IsInput] | None = None,
    *,
    first: int | None = None,
    after: str | None = None,
    last: int | None = None,
    before: str | None = None,
    special: Mapping[str, Callable[[Any], Comparison]] | None = None,
) -> Wanted:
    """What the arguments of a connection ask of its list."""
    return Wanted(condition_of(where, special), orders_of(order_by), Span.of(first, after, last, before))
