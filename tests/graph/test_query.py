"""Rows of the database become typed objects, and a statement that does not fit its type is refused."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import pytest

from graph_crm.graph.query import REGISTERED, query
from graph_crm.graph.rows import WrongColumns, decoder_of
from tests.api import RecordingGraph
from tests.graph.trials import Number, question


class Level(StrEnum):
    HIGH = "HIGH"
    LOW = "LOW"


@dataclass(frozen=True, slots=True)
class Inner:
    level: Level
    at: dt.datetime


@dataclass(frozen=True, slots=True)
class Outer:
    name: str | None
    day: dt.date
    levels: frozenset[Level]
    inner: list[Inner]


WHOLE = question(
    """
    RETURN null AS name, date('2026-03-01') AS day, ['HIGH', 'LOW', 'HIGH'] AS levels,
           [{level: 'LOW', at: datetime('2026-03-01T10:30:00+01:00')}] AS inner
    """,
    Outer,
)


async def test_maps_enums_sets_and_moments_arrive_as_their_types(graph: RecordingGraph) -> None:
    assert await graph.read(WHOLE) == [
        Outer(
            name=None,
            day=dt.date(2026, 3, 1),
            levels=frozenset({Level.HIGH, Level.LOW}),
            inner=[Inner(Level.LOW, dt.datetime(2026, 3, 1, 9, 30, tzinfo=dt.UTC))],
        )
    ]


@pytest.mark.parametrize(
    ("columns", "values", "complaint"),
    [
        (["value", "other"], [1, 2], r"missing columns \[\], unknown columns \['other'\]"),
        ([], [], r"missing columns \['value'\], unknown columns \[\]"),
        (["value"], ["many"], r"Number: 0\.value: "),
        (["value"], [None], r"Number: 0\.value: "),
    ],
)
def test_a_row_that_does_not_fit_its_type_is_refused(columns: list[str], values: list[Any], complaint: str) -> None:
    with pytest.raises(WrongColumns, match=complaint):
        decoder_of(Number)(columns, [values])


def test_a_statement_without_a_file_stops_the_start() -> None:
    with pytest.raises(FileNotFoundError, match=r"there_is_none\.cypher"):
        query("graph/there_is_none", Number)
    assert "graph/there_is_none" not in REGISTERED
