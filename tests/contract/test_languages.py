"""Every word a user reads exists in English and French."""

from __future__ import annotations

import string

from graph_crm.language import french
from tests.contract.source import said


def names(template: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(template) if field}


def test_every_text_has_its_french() -> None:
    catalog = french()
    missing = [f"{module}: {english}" for english, (module, _) in said().items() if not (m := catalog.get(english)) or not m.string]
    assert missing == []


def test_no_french_is_left_without_its_english() -> None:
    english = set(said())
    orphans = [message.id for message in french() if message.id and message_id(message.id) not in english]
    assert orphans == []


def message_id(identifier: str | tuple[str, ...]) -> str:
    return identifier if isinstance(identifier, str) else identifier[0]


def test_both_languages_fill_in_the_same_values() -> None:
    for message in french():
        if not message.id:
            continue
        identifiers = {message.id} if isinstance(message.id, str) else set(message.id)
        wanted = set().union(*(names(identifier) for identifier in identifiers))
        strings = {message.string} if isinstance(message.string, str) else set(message.string)
        for text in strings:
            assert names(text) <= wanted, message.id
        assert set().union(*(names(text) for text in strings)) >= wanted - {"count"}, message.id


def test_plurals_have_both_forms_in_french() -> None:
    catalog = french()
    single = [english for english, (_, plural) in said().items() if plural and isinstance(catalog[english].string, str)]
    assert single == []
