"""Every enum that people read has its words, in every language the service speaks."""

from __future__ import annotations

from typing import cast

from graphql import GraphQLEnumType

from graph_crm.language import Language, french
from graph_crm.schema import schema
from graph_crm.vocabulary import SPOKEN, entries
from tests.api import Api

FOR_PROGRAMS = {"ErrorCode", "SortDirection"}
"""Enums that steer a program: nobody reads their values."""

ENUMS = {
    name: cast("GraphQLEnumType", kind)
    for name, kind in schema._schema.type_map.items()
    if isinstance(kind, GraphQLEnumType) and not name.startswith("__")
}


def test_the_vocabulary_holds_every_enum_of_the_api() -> None:
    assert {spoken.__name__ for spoken in SPOKEN} == set(ENUMS) - FOR_PROGRAMS


def test_every_value_has_a_label_of_its_own_in_every_language() -> None:
    for language in Language:
        found = entries(language)
        assert {(entry.enum, entry.value) for entry in found} == {
            (name, value) for name, kind in ENUMS.items() if name not in FOR_PROGRAMS for value in kind.values
        }
        labels = [(entry.enum, entry.label) for entry in found]
        assert len(set(labels)) == len(labels)
        assert all(label.strip() for _, label in labels)


def test_every_word_is_in_the_french_catalogue() -> None:
    english = {
        text for entry in entries(Language.EN) for text in (entry.label, entry.description) if text is not None
    }
    assert {text for text in english if french().get(text) is None} == set()


async def test_a_front_end_asks_for_the_words_in_the_language_of_its_reader(api: Api) -> None:
    question = """
    query($language: Language) { vocabulary(language: $language) {
      enum value label description symbol colour darkColour } }
    """
    answers = {
        language: (await api.ask(question, {"language": language}))["vocabulary"] for language in (None, "EN", "FR")
    }
    assert answers[None] == answers["EN"]
    assert {
        "enum": "Stance",
        "value": "SKEPTIC",
        "label": "Réservé",
        "description": "A des doutes et le dit.",
        "symbol": "▼",
        "colour": "#8F5A00",
        "darkColour": "#F0B23E",
    } in answers["FR"]
    assert {
        "enum": "LifecycleStage",
        "value": "FORMER_CUSTOMER",
        "label": "Former customer",
        "description": None,
        "symbol": None,
        "colour": None,
        "darkColour": None,
    } in answers["EN"]
    assert api.queries == []
