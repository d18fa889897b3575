"""The country that a telephone number without a prefix belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import cast

from babel import Locale

from graph_crm.graph.folding import fold


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
def region_of(country: str) -> str | None:
    """The ISO 3166 code of a country, from its name or its code."""
    return codes().get(fold(country))
