"""Lists inside lists: one page for each of many parents, from one statement."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from typing import TypeVar

from graph_crm.graph.pages import Page

Row = TypeVar("Row")
Item = TypeVar("Item")


class Totals:
    """How many things each parent has in all: counted for every parent at once, when the first one asks."""

    def __init__(self, load: Callable[[], Awaitable[Mapping[str, int]]]) -> None:
        self._load = load
        self._counted: asyncio.Future[Mapping[str, int]] | None = None

    def of(self, parent_id: str) -> Callable[[], Awaitable[int]]:
        """What a page of that parent calls when its total is asked for."""

        async def count() -> int:
            if self._counted is None:
                self._counted = asyncio.ensure_future(self._load())
            return (await self._counted).get(parent_id, 0)

        return count


def pages_of(
    parent_ids: Sequence[str],
    rows: Iterable[Row],
    *,
    parent: Callable[[Row], str],
    item: Callable[[Row], Item],
    cursor: Callable[[Row], str],
    size: int,
    after: str | None,
    totals: Totals,
) -> dict[str, Page[Item]]:
    """A page for each parent. The statement must give each parent one row more than a page, in order."""
    found: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        found[parent(row)].append(row)
    return {
        parent_id: Page(
            rows=[item(row) for row in found[parent_id][:size]],
            cursors=[cursor(row) for row in found[parent_id][:size]],
            has_next=len(found[parent_id]) > size,
            has_previous=after is not None,
            count=totals.of(parent_id),
        )
        for parent_id in parent_ids
    }
