"""One part of a list, as every slice hands it up."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Part(Generic[Row]):
    """Rows in order, each with the cursor that continues after it."""

    rows: list[Row]
    cursors: list[str]
    has_next: bool
    has_previous: bool


@dataclass(frozen=True, slots=True)
class Page(Part[Row]):
    """A part of a list that can be counted.

    `count` runs a statement of its own, only when somebody asks for the total.
    """

    count: Callable[[], Awaitable[int]]
