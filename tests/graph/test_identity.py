"""Ids sort by the moment they were made and are what RFC 9562 calls version 7."""

from __future__ import annotations

import datetime as dt
from uuid import RFC_4122, UUID

from graph_crm.graph.identity import new_id

START = dt.datetime(2026, 3, 1, 9, tzinfo=dt.UTC)


def test_newer_ids_sort_after_older_ones() -> None:
    ids = [new_id(START + dt.timedelta(milliseconds=number)) for number in range(1_000)]
    assert ids == sorted(ids)


def test_an_id_is_a_uuid_of_version_seven_that_holds_its_moment() -> None:
    for number in range(1_000):
        moment = START + dt.timedelta(milliseconds=number)
        made = UUID(new_id(moment))
        assert (made.version, made.variant) == (7, RFC_4122)
        assert made.int >> 80 == round(moment.timestamp() * 1000)


def test_ids_of_one_moment_differ() -> None:
    assert len({new_id(START) for _ in range(10_000)}) == 10_000
