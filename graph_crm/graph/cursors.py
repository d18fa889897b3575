"""Cursors: the sort values of one row, as opaque text that continues a list after it or before it."""

from __future__ import annotations

import base64
import datetime as dt
from typing import Any, cast

import orjson

from graph_crm.errors import Invalid

LARGEST_PAGE = 100
DEFAULT_PAGE = 20
LONGEST_CURSOR = 4_000


def cursor_of(*values: str | float | dt.datetime | None) -> str:
    """The cursor of the row with these sort values."""
    return base64.urlsafe_b64encode(orjson.dumps(values)).decode().rstrip("=")


def values_of(cursor: str, *kinds: type[Any]) -> tuple[Any, ...]:
    """The sort values in a cursor, one of each kind: `str`, `float` or a moment. Another list's is refused."""
    try:
        if len(cursor) <= LONGEST_CURSOR:
            found = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
            if isinstance(found, list):
                values = cast("list[Any]", found)
                return tuple(value_of(value, kind) for value, kind in zip(values, kinds, strict=True))
    except ValueError:
        pass
    raise Invalid("This cursor does not belong to this list.", field=("after",))


def value_of(value: Any, kind: type[Any]) -> Any:
    match value:
        case None:
            return None
        case str() if kind is dt.datetime:
            moment = dt.datetime.fromisoformat(value)
            return moment if moment.tzinfo is not None else refuse()
        case str() if kind is str:
            return value
        case int() | float() if kind is float and not isinstance(value, bool):
            return float(value)
        case _:
            return refuse()


def refuse() -> Any:
    raise ValueError


def page_size(first: int | None) -> int:
    """How many rows a page has. Refuses a page that is too large."""
    size = DEFAULT_PAGE if first is None else first
    if not 0 <= size <= LARGEST_PAGE:
        raise Invalid("A list gives 0 to {limit} rows at a time.", field=("first",), limit=LARGEST_PAGE)
    return size
