from collections.abc import Mapping
from enum import StrEnum

import pytest

from graph_crm.language import Language, Sentence
from graph_crm.ties import types


@pytest.mark.parametrize(
    "labels",
    [
        types.TIE_BAND_LABELS,
        types.TIE_BAND_WORDS,
        types.TIE_LEVEL_LABELS,
        types.TIE_VISIBILITY_LABELS,
        types.INTERACTION_TYPE_LABELS,
        types.INTERACTION_STATUS_LABELS,
        types.PARTICIPANT_ROLE_LABELS,
    ],
)
def test_every_value_has_a_label_of_its_own_in_both_languages(labels: Mapping[StrEnum, Sentence]) -> None:
    assert set(labels) == set(type(next(iter(labels))))
    for language in Language:
        assert len({label.read(language) for label in labels.values()}) == len(labels)


def test_bands_read_as_the_french_say_them() -> None:
    assert [band.label.read(Language.FR) for band in types.TieBand] == [
        "Aucun",
        "Ténu",
        "Faible",
        "Moyen",
        "Fort",
    ]


def test_a_band_has_a_word_for_the_middle_of_a_sentence() -> None:
    assert [types.TieBand.FAINT.word.read(language) for language in Language] == ["faint", "ténu"]
