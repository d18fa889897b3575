"""Phone numbers as they can be compared, and the country that a number without a prefix belongs to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, cast

import phonenumbers
from babel import Locale
from phonenumbers import NumberParseException, PhoneNumberFormat

from graph_crm.graph.folding import fold

SPACES: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Region:
    """A country as phone numbers know it: its ISO 3166 code."""

    code: str


@dataclass(frozen=True, slots=True)
class PhoneNumber:
    """A number in the form in which two of them can be compared, and as it was given."""

    value: str
    as_given: str
    is_valid: bool

    def properties(self) -> dict[str, Any]:
        return {"value": self.value, "as_given": self.as_given}


def phone_number(text: str, region: Region) -> PhoneNumber:
    """The number with its country code; one that cannot exist keeps the form in which it was given."""
    try:
        parsed = phonenumbers.parse(text, region.code)
    except NumberParseException:
        return PhoneNumber(SPACES.sub(" ", text), text, is_valid=False)
    if not phonenumbers.is_valid_number(parsed):
        return PhoneNumber(SPACES.sub(" ", text), text, is_valid=False)
    return PhoneNumber(phonenumbers.format_number(parsed, PhoneNumberFormat.E164), text, is_valid=True)


@cache
def codes() -> dict[str, str]:
    """Country names in English and French, and codes, to ISO 3166."""
    found = {"usa": "US", "uk": "GB"}
    for language in ("fr", "en"):
        for code, written in territories(language).items():
            if len(code) == 2 and code.isalpha():
                found[fold(written)] = found[code.lower()] = code
    return found


def territories(language: str) -> Mapping[str, str]:
    return cast("Mapping[str, str]", Locale(language).territories)


@cache
def region_of(country: str) -> Region | None:
    code = codes().get(fold(country))
    return None if code is None else Region(code)
