"""What may be handed to the database, checked before the driver sees it.

The driver and the server each refuse some values in their own words, and store a few others silently wrong
(a `zoneinfo` moment an hour off). One choke point gives every such value the same clear refusal.
"""

from __future__ import annotations

import datetime as dt
import math
import unicodedata
from collections.abc import Mapping
from enum import Enum
from typing import Any, cast

from graph_crm.errors import Invalid

LARGEST_INTEGER = 2**63 - 1
LONGEST_TEXT = 1_000_000
LONGEST_KEY = 2_000
"""Bytes of a string under an index: a longer one fails inside the server at the moment of writing."""

KEYED = ("id", "key", "domain", "email", "external_id", "value", "name")


def encode(parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of one statement, ready for the driver. Refuses what cannot be stored exactly."""
    return {name: encoded(value, name) for name, value in parameters.items()}


def encoded(value: Any, name: str) -> Any:
    # A batch of an import holds tens of thousands of these; matching patterns takes four times as long.
    kind: type[Any] = type(value)  # pyright: ignore[reportUnknownVariableType]
    if kind is str:
        return text(value, name)
    if kind is dict:
        return {key: encoded(item, key) for key, item in cast("dict[str, Any]", value).items()}
    match value:
        case None | bool():
            return value
        case Enum():
            return encoded(value.value, name)
        case str():
            return text(value, name)
        case int():
            if not -LARGEST_INTEGER - 1 <= value <= LARGEST_INTEGER:
                raise Invalid("The number in {name} is too large to be stored.", name=name)
            return value
        case float():
            if not math.isfinite(value):
                raise Invalid("{name} is not a number.", name=name)
            return value
        case dt.datetime():
            return moment(value, name)
        case dt.date():
            return value
        case frozenset() | set():
            return same_type(sorted(encoded(item, name) for item in cast("frozenset[Any]", value)), name)
        case list() | tuple():
            return same_type([encoded(item, name) for item in cast("list[Any]", value)], name)
        case dict():
            return {key: encoded(item, key) for key, item in cast("dict[str, Any]", value).items()}
        case _:
            raise Invalid("{name} holds a value of a kind that cannot be stored.", name=name)


def text(value: str, name: str) -> str:
    if len(value) > LONGEST_TEXT:
        raise Invalid("The text in {name} is too long.", name=name)
    if not value.isascii():
        value = unicodedata.normalize("NFC", value)
        try:
            size = len(value.encode("utf-8"))
        except UnicodeEncodeError:
            raise Invalid("The text in {name} holds half of a character.", name=name) from None
    else:
        size = len(value)
    if "\x00" in value:
        raise Invalid("The text in {name} holds a NUL character.", name=name)
    if size > LONGEST_KEY and name.endswith(KEYED):
        raise Invalid("The text in {name} is longer than {limit} bytes.", name=name, limit=LONGEST_KEY)
    return value


def moment(value: dt.datetime, name: str) -> dt.datetime:
    if value.tzinfo is None:
        raise Invalid("The date and time in {name} needs an offset, such as +01:00.", name=name)
    # The driver stores a `zoneinfo` moment an hour off without a word, so each becomes UTC here.
    return value.astimezone(dt.UTC)


def same_type(items: list[Any], name: str) -> list[Any]:
    if not items:
        return items
    kinds = {"number" if type(item) in {int, float} else type(item).__name__ for item in items}
    if "NoneType" in kinds or len(kinds) > 1:
        raise Invalid("The list in {name} must hold values of one kind, none of them empty.", name=name)
    return items
