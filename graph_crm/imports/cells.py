"""One cell of a file becomes a value, or the sentence that says why it cannot."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Final

from babel.numbers import get_currency_precision

from graph_crm.accounts.domains import company_domain, host_of
from graph_crm.contacts.addresses import LONGEST_NUMBER, email_address
from graph_crm.errors import Invalid
from graph_crm.language import Sentence, say

LONGEST_NAME: Final = 500
LARGEST_AMOUNT: Final = Decimal(2**63 - 1)

GROUPS: Final = "[\u0020\u00a0\u202f'’]"
"""What may part thousands in every convention."""

NUMBER_WITH_POINT: Final = re.compile(rf"-?(\d+|\d{{1,3}}((,|{GROUPS})\d{{3}})+)(\.\d+)?")
NUMBER_WITH_COMMA: Final = re.compile(rf"-?(\d+|\d{{1,3}}((\.|{GROUPS})\d{{3}})+)(,\d+)?")
CURRENCY_SIGNS: Final = re.compile(r"^[$€£¥\s\u00a0]+|[$€£¥\s\u00a0]+$")
ISO_DATE: Final = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
NUMERIC_DATE: Final = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
CONTROL: Final = re.compile(r"[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]")
BIDIRECTIONAL: Final = re.compile("[\u202a-\u202e\u2066-\u2069]")


class Unreadable(Exception):
    """A cell that cannot be what its column says."""

    def __init__(self, sentence: Sentence) -> None:
        super().__init__(sentence.text)
        self.sentence = sentence


class DateOrder(Enum):
    """Which number of 03/04/2024 is the day."""

    DAY_FIRST = "day first"
    MONTH_FIRST = "month first"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Conventions:
    """How one file writes numbers and dates."""

    decimal_comma: bool = False
    date_order: DateOrder = DateOrder.UNKNOWN


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment in UTC, and whether the file gave only its date."""

    at: dt.datetime
    date_only: bool


def text(cell: str) -> str | None:
    """The text of a cell, composed and without what nobody sees; None for a blank."""
    if cell.isascii() and cell.isprintable():
        return cell.strip() or None
    composed = unicodedata.normalize("NFC", cell)
    return BIDIRECTIONAL.sub("", CONTROL.sub("", composed)).strip() or None


def name(cell: str) -> str | None:
    """A text on one line that names something."""
    found = text(cell)
    if found is None:
        return None
    found = " ".join(found.split())
    if len(found) > LONGEST_NAME:
        raise Unreadable(say("a name has at most {limit} characters.", limit=LONGEST_NAME))
    return found


def integer(cell: str, conventions: Conventions) -> int | None:
    found = number(cell, conventions)
    if found is None:
        return None
    if found != found.to_integral_value() or abs(found) >= 2**31:
        raise Unreadable(say("a whole number was expected, such as 250."))
    return int(found)


def number(cell: str, conventions: Conventions) -> Decimal | None:
    found = text(cell)
    if found is None:
        return None
    bare = CURRENCY_SIGNS.sub("", found)
    pattern = NUMBER_WITH_COMMA if conventions.decimal_comma else NUMBER_WITH_POINT
    if not pattern.fullmatch(bare) or len(bare) > 40:
        example = "1234,50" if conventions.decimal_comma else "1234.50"
        raise Unreadable(say("a number was expected, such as {example}.", example=example))
    bare = re.sub(GROUPS, "", bare)
    bare = bare.replace(".", "").replace(",", ".") if conventions.decimal_comma else bare.replace(",", "")
    return Decimal(bare)


def amount(cell: str, currency: str, conventions: Conventions) -> int | None:
    """An amount of money in the currency's smallest unit."""
    found = number(cell, conventions)
    if found is None:
        return None
    decimals = get_currency_precision(currency)
    minor = found.scaleb(decimals)
    if minor != minor.to_integral_value():
        raise Unreadable(
            say("an amount in {currency} has at most {decimals} decimals.", currency=currency, decimals=decimals)
        )
    if abs(minor) > LARGEST_AMOUNT:
        raise Unreadable(say("the amount is too large."))
    return int(minor)


def currency(cell: str) -> str | None:
    found = text(cell)
    if found is None:
        return None
    code = found.upper()
    if len(code) != 3 or not code.isascii() or not code.isalpha():
        raise Unreadable(say("a currency of three letters was expected, such as EUR."))
    return code


def email(cell: str) -> str | None:
    """An e-mail address in the one form in which it is kept."""
    found = text(cell)
    if found is None:
        return None
    try:
        return email_address(found.strip("<>")).value
    except Invalid:
        raise Unreadable(say("an e-mail address was expected, such as ana@example.com.")) from None


def phone(cell: str) -> str | None:
    """A telephone number as it was given; its country is not known yet."""
    found = text(cell)
    if found is not None and len(found) > LONGEST_NUMBER:
        raise Unreadable(say("a telephone number has at most {limit} characters.", limit=LONGEST_NUMBER))
    return found


def website(cell: str) -> str | None:
    found = name(cell)
    if found is not None and host_of(found) is None:
        raise Unreadable(say("a web address was expected, such as https://example.com."))
    return found


def domain_of_email(address: str) -> str | None:
    """The company's domain in an address; None for a provider of mailboxes."""
    return company_domain(address)


def moment(cell: str, conventions: Conventions) -> Moment | None:
    """A date, or a date with a time; a time without an offset is UTC."""
    found = text(cell)
    if found is None:
        return None
    if (day := plain_date(found, conventions)) is not None:
        return Moment(dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC), date_only=True)
    try:
        parsed = dt.datetime.fromisoformat(found)
        at = parsed.replace(tzinfo=dt.UTC) if parsed.tzinfo is None else parsed.astimezone(dt.UTC)
    except (ValueError, OverflowError):
        raise Unreadable(say("a date was expected, such as 2026-03-31.")) from None
    return Moment(at, date_only=False)


def date(cell: str, conventions: Conventions) -> dt.date | None:
    found = moment(cell, conventions)
    return None if found is None else found.at.date()


def plain_date(found: str, conventions: Conventions) -> dt.date | None:
    """The date that the text is, None when it is none; a day that no calendar has is unreadable."""
    if match := ISO_DATE.fullmatch(found):
        year, month, day = (int(part) for part in match.groups())
    elif match := NUMERIC_DATE.fullmatch(found):
        first, second, year = (int(part) for part in match.groups())
        match conventions.date_order:
            case DateOrder.DAY_FIRST:
                day, month = first, second
            case DateOrder.MONTH_FIRST:
                month, day = first, second
            case DateOrder.UNKNOWN:
                raise Unreadable(
                    say("nothing in this column says which number is the day. Write dates as 2026-03-31.")
                )
    else:
        return None
    try:
        return dt.date(year, month, day)
    except ValueError:
        raise Unreadable(say("the calendar has no such day.")) from None


def date_order(cells: Iterable[str], *, usual: DateOrder) -> DateOrder:
    """Which number is the day, as far as the dates of a file tell: a number above 12 is no month."""
    day_first = month_first = False
    for cell in cells:
        if match := NUMERIC_DATE.fullmatch(cell.strip()):
            day_first |= int(match[1]) > 12
            month_first |= int(match[2]) > 12
    match day_first, month_first:
        case True, False:
            return DateOrder.DAY_FIRST
        case False, True:
            return DateOrder.MONTH_FIRST
        case False, False:
            return usual
        case _:
            return DateOrder.UNKNOWN
