"""Every word a user reads exists in English and French."""

from __future__ import annotations

import string

from graph_crm.language import french
from tests.contract.source import said


def names(template: str) -> set[str]:
    return {field for _, field, _, _ in string.Formatter().parse(template) if field}


def first(identifier: str | tuple[str, ...]) -> str:
    return identifier if isinstance(identifier, str) else identifier[0]


def test_every_text_has_its_french() -> None:
    spoken = {first(message.id) for message in french() if message.id and message.string}
    assert [f"{module}: {english}" for english, (module, _) in said().items() if english not in spoken] == []


def test_no_french_is_left_without_its_english() -> None:
    english = set(said())
    assert [message.id for message in french() if message.id and first(message.id) not in english] == []


def test_both_languages_fill_in_the_same_values() -> None:
    for message in french():
        if not message.id:
            continue
        identifiers = {message.id} if isinstance(message.id, str) else set(message.id)
        strings = {message.string} if isinstance(message.string, str) else set(message.string)
        wanted = set().union(*(names(identifier) for identifier in identifiers))
        given = set().union(*(names(text) for text in strings))
        assert wanted - {"count"} <= given <= wanted, message.id


def test_plurals_have_both_forms_in_french() -> None:
    catalog = french()
    plurals = [english for english, (_, plural) in said().items() if plural and english in catalog]
    assert [english for english in plurals if isinstance(catalog[english].string, str)] == []
