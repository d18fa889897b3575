"""How people are reached: e-mail addresses and telephone numbers, in one form each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import email_validator
import phonenumbers

from graph_crm.errors import Invalid
from graph_crm.graph.texts import optional_line

LONGEST_NUMBER: Final = 60

# Domains set aside for examples, tests and local networks are addresses like any other here.
email_validator.SPECIAL_USE_DOMAIN_NAMES.clear()


@dataclass(frozen=True, slots=True)
class Reach:
    """One way to reach somebody: in its one form, and as it was given."""

    value: str
    as_given: str


def email_address(text: str, field: tuple[str, ...] = ("emailAddresses",)) -> Reach:
    """The address in the one form in which it is kept and compared. Whether it exists is not asked."""
    given = text.strip()
    try:
        checked = email_validator.validate_email(given, check_deliverability=False)
    except email_validator.EmailNotValidError:
        raise Invalid("{address} is not an e-mail address.", address=given[:80], field=field) from None
    return Reach(checked.normalized.lower(), given)


def phone_number(text: str, region: str, field: tuple[str, ...] = ("phoneNumbers",)) -> Reach | None:
    """The number in international form when it is a valid one, else as it was given; None for a blank."""
    given = optional_line(text, field, longest=LONGEST_NUMBER)
    if given is None:
        return None
    try:
        number = phonenumbers.parse(given, region)
    except phonenumbers.NumberParseException:
        return Reach(given, given)
    if not phonenumbers.is_valid_number(number):
        return Reach(given, given)
    value = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return Reach(f"{value};ext={number.extension}" if number.extension else value, given)
