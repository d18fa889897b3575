"""What may be handed to the database, and what is refused before the driver sees it."""

from __future__ import annotations

import datetime as dt
import math
import random
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from graph_crm.errors import Invalid
from graph_crm.graph.parameters import LONGEST_KEY, LONGEST_TEXT, encode
from tests.api import RecordingGraph
from tests.graph.trials import question

PARIS = ZoneInfo("Europe/Paris")
SECONDS_OF_A_CENTURY = 100 * 365 * 86_400


class Colour(StrEnum):
    RED = "RED"


@dataclass(frozen=True, slots=True)
class Moments:
    moments: list[dt.datetime]


@dataclass(frozen=True, slots=True)
class Given:
    value: Any


ECHO = question("RETURN $value AS value", Given)
STORED_MOMENTS = question(
    "UNWIND $moments AS moment CREATE (trial:Trial {at: moment}) WITH trial, moment "
    "RETURN collect(trial.at) AS moments",
    Moments,
)


def paris_times(count: int) -> list[dt.datetime]:
    """Moments of a century in Paris time, those about each change of the clocks among them."""
    draw = random.Random(2026)
    start = dt.datetime(1976, 1, 1, tzinfo=dt.UTC)
    changes = [dt.datetime(year, month, 28, 1, tzinfo=dt.UTC) for year in range(1990, 2030) for month in (3, 10)]
    about = [moment + dt.timedelta(minutes=draw.randrange(-4_000, 4_000)) for moment in changes]
    anywhere = [start + dt.timedelta(seconds=draw.randrange(SECONDS_OF_A_CENTURY)) for _ in range(count)]
    return [moment.astimezone(PARIS) for moment in (*about, *anywhere)]


async def test_moments_in_paris_time_are_stored_right(graph: RecordingGraph, empty_database: object) -> None:
    given = paris_times(300)
    rows = await graph.maintain(lambda write: write.run(STORED_MOMENTS, moments=given), "store moments")
    assert rows[0].moments == [moment.astimezone(dt.UTC) for moment in given]
    assert {moment.tzinfo for moment in rows[0].moments} == {dt.UTC}


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("half \ud83d", id="half of a character"),
        pytest.param("nul \x00", id="NUL"),
        pytest.param("x" * (LONGEST_TEXT + 1), id="a text too long"),
        pytest.param(2**63, id="2^63"),
        pytest.param(-(2**63) - 1, id="less than -2^63"),
        pytest.param(math.nan, id="NaN"),
        pytest.param(math.inf, id="infinity"),
        pytest.param(dt.datetime(2026, 3, 1, 9), id="a moment without an offset"),
        pytest.param([1, None], id="null in a list"),
        pytest.param([1, "one"], id="a list of two kinds"),
        pytest.param([dt.date(2026, 3, 1), dt.datetime(2026, 3, 1, tzinfo=dt.UTC)], id="days and moments"),
        pytest.param(Decimal("1.10"), id="a decimal"),
        pytest.param(uuid4(), id="a UUID"),
        pytest.param(object(), id="anything else"),
        pytest.param([["nested \x00"]], id="inside lists"),
        pytest.param({"inner": {"deep": 2**63}}, id="inside maps"),
    ],
)
def test_what_cannot_be_stored_exactly_is_refused_with_a_sentence(value: object) -> None:
    with pytest.raises(Invalid):
        encode({"value": value})


@pytest.mark.parametrize("name", ["name_key", "id", "external_id", "key", "domain", "email", "name"])
def test_a_text_under_an_index_is_bounded_in_bytes(name: str) -> None:
    at_most = "é" * (LONGEST_KEY // 2)
    assert encode({name: at_most}) == {name: at_most}
    with pytest.raises(Invalid, match="longer than 2,000 bytes"):
        encode({name: at_most + "e"})
    assert encode({"note": at_most + "e"}) == {"note": at_most + "e"}


async def test_a_text_of_the_greatest_length_fits_under_the_index(
    graph: RecordingGraph, empty_database: object
) -> None:
    create = question("CREATE (trial:Record:Trial {id: $id}) RETURN trial.id AS value", Given)
    longest = "é" * (LONGEST_KEY // 2)
    rows = await graph.maintain(lambda write: write.run(create, id=longest), "store a long key")
    assert rows[0].value == longest


@pytest.mark.parametrize(
    ("given", "stored"),
    [
        (None, None),
        (True, True),
        (-(2**63), -(2**63)),
        (2**63 - 1, 2**63 - 1),
        (1.5, 1.5),
        ("e\u0301", "é"),
        ("\u202e\U0001f600", "\u202e\U0001f600"),
        (Colour.RED, "RED"),
        (dt.date(9999, 12, 31), dt.date(9999, 12, 31)),
        ([1, 2.5], [1.0, 2.5]),
        ((), []),
        (frozenset({Colour.RED}), ["RED"]),
        ({"rows": [{"a": 1}, {"a": None}]}, {"rows": [{"a": 1}, {"a": None}]}),
    ],
)
async def test_everything_else_reaches_the_database_as_it_is(
    graph: RecordingGraph, given: object, stored: object
) -> None:
    found = await graph.read_one(ECHO, value=given)
    assert found is not None
    assert found.value == stored
