"""One cell becomes a value, or the reason why it cannot."""

from __future__ import annotations

import datetime as dt

import pytest

from graph_crm.imports import cells
from graph_crm.imports.cells import Conventions, DateOrder, Unreadable
from graph_crm.language import Language

ENGLISH = Conventions()
FRENCH = Conventions(decimal_comma=True, date_order=DateOrder.DAY_FIRST)


@pytest.mark.parametrize(
    ("cell", "conventions", "minor"),
    [
        ("2423500", ENGLISH, 242_350_000),
        ("1,234.50", ENGLISH, 123_450),
        ("$ 12.5", ENGLISH, 1_250),
        ("-3.01", ENGLISH, -301),
        ("1 234,50", FRENCH, 123_450),
        ("1\u202f234,50 €", FRENCH, 123_450),
        ("1.234.567,8", FRENCH, 123_456_780),
        ("", ENGLISH, None),
    ],
)
def test_amounts_are_exact_whatever_the_language(cell: str, conventions: Conventions, minor: int | None) -> None:
    assert cells.amount(cell, "EUR", conventions) == minor


@pytest.mark.parametrize("cell", ["12.345", "1,23", "abc", "1e5", "NaN", "Infinity", "--1", "1.2.3", "9" * 60])
def test_an_amount_that_is_not_plain_is_not_guessed(cell: str) -> None:
    with pytest.raises(Unreadable):
        cells.amount(cell, "EUR", ENGLISH)


def test_a_currency_has_its_own_decimals() -> None:
    assert cells.amount("1200", "JPY", ENGLISH) == 1200
    with pytest.raises(Unreadable) as caught:
        cells.amount("1200.50", "JPY", ENGLISH)
    assert caught.value.sentence.read(Language.EN) == "an amount in JPY has at most 0 decimals."


def test_dates_are_read_as_their_file_writes_them() -> None:
    day = dt.datetime(2026, 3, 31, tzinfo=dt.UTC)
    assert cells.moment("2026-03-31", ENGLISH) == cells.Moment(day, date_only=True)
    assert cells.moment("31/03/2026", FRENCH) == cells.Moment(day, date_only=True)
    assert cells.moment("2026-03-31T10:00:00+02:00", ENGLISH) == cells.Moment(
        dt.datetime(2026, 3, 31, 8, tzinfo=dt.UTC), date_only=False
    )
    assert cells.moment("2026-03-31 10:00", ENGLISH) == cells.Moment(
        dt.datetime(2026, 3, 31, 10, tzinfo=dt.UTC), date_only=False
    )


@pytest.mark.parametrize("cell", ["2024-02-30", "2024-13-01", "30/02/2024", "tomorrow", "0000-01-01"])
def test_a_day_that_no_calendar_has_is_refused(cell: str) -> None:
    with pytest.raises(Unreadable):
        cells.moment(cell, FRENCH)


def test_which_number_is_the_day_is_told_by_the_column_or_not_at_all() -> None:
    unknown = DateOrder.UNKNOWN
    assert cells.date_order(["03/04/2024", "25/04/2024"], usual=unknown) is DateOrder.DAY_FIRST
    assert cells.date_order(["03/04/2024", "04/25/2024"], usual=unknown) is DateOrder.MONTH_FIRST
    assert cells.date_order(["03/04/2024"], usual=unknown) is unknown
    assert cells.date_order(["25/04/2024", "04/25/2024"], usual=DateOrder.DAY_FIRST) is unknown
    with pytest.raises(Unreadable, match="which number is the day"):
        cells.moment("03/04/2024", ENGLISH)


def test_what_nobody_sees_is_taken_out_of_a_text() -> None:
    assert cells.text("  Zoe\u0301\u202e \x07 ") == "Zoé"
    assert cells.name("two\n words") == "two words"
    assert cells.text(" \t ") is None
    with pytest.raises(Unreadable):
        cells.name("x" * 501)


def test_addresses_are_kept_in_one_form() -> None:
    assert cells.email(" Ana.Silva@Example.COM ") == "ana.silva@example.com"
    assert cells.domain_of_email("ana@mail.example.co.uk") == "example.co.uk"
    assert cells.domain_of_email("ana@gmail.com") is None
    with pytest.raises(Unreadable):
        cells.email("not an address")
