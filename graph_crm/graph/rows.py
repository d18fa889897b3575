"""Records of the database become typed objects; a wrong column is refused, never ignored."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Sequence
from typing import Any, Protocol, TypeVar

from neo4j.time import Date, DateTime, Duration, Time
from pydantic import ConfigDict, TypeAdapter, ValidationError

Row = TypeVar("Row")


class Decoder(Protocol[Row]):
    def __call__(self, columns: Sequence[str], values: Sequence[Sequence[Any]]) -> list[Row]: ...


class WrongColumns(TypeError):
    """A statement and the type of its rows disagree: a fault of the program."""


def decoder_of(row: type[Row]) -> Decoder[Row]:
    """A function that turns columns and values into rows of that type.

    The columns of the statement and the fields of a dataclass must be the same set. Maps inside a record become
    nested dataclasses. Temporal values become Python's own, in UTC.
    """
    adapter: TypeAdapter[Any] | None = None
    names = frozenset(f.name for f in dataclasses.fields(row)) if dataclasses.is_dataclass(row) else None

    def decode(columns: Sequence[str], values: Sequence[Sequence[Any]]) -> list[Row]:
        nonlocal adapter
        if names is not None and frozenset(columns) != names:
            missing, extra = sorted(names - set(columns)), sorted(set(columns) - names)
            raise WrongColumns(f"{row.__name__}: missing columns {missing}, unknown columns {extra}")
        if adapter is None:  # built on the first use: a type may refer to one that is defined later
            config = None if dataclasses.is_dataclass(row) else ConfigDict(arbitrary_types_allowed=True)
            adapter = TypeAdapter(list[row], config=config)  # pyright: ignore[reportInvalidTypeForm]
        try:
            return adapter.validate_python(
                [dict(zip(columns, (native(v) for v in record), strict=True)) for record in values]
            )
        except ValidationError as error:
            first = error.errors(include_input=False, include_url=False)[0]
            place = ".".join(str(part) for part in first["loc"])
            raise WrongColumns(f"{row.__name__}: {place}: {first['msg']}") from None

    return decode


def native(value: Any) -> Any:
    """The value as Python's own types; moments in UTC."""
    convert = CONVERTERS.get(type(value))
    return value if convert is None else convert(value)


def utc(value: DateTime) -> dt.datetime:
    moment = value.to_native()
    return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)


CONVERTERS: dict[Any, Callable[[Any], Any]] = {
    list: lambda items: [native(item) for item in items],
    dict: lambda entries: {key: native(item) for key, item in entries.items()},
    DateTime: utc,
    Date: lambda value: value.to_native(),
    Time: lambda value: value.to_native(),
    Duration: lambda value: value,
}
