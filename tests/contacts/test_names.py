"""How people are called."""

from __future__ import annotations

import pytest

from graph_crm.contacts.names import display_name, keys_of, name_key


@pytest.mark.parametrize(
    ("civility", "given", "family", "shown"),
    [
        ("Mme", None, "Ladureau", "Mme Ladureau"),
        ("M.", "Jean", "Perez", "Jean Perez"),
        (None, "Jean", "Perez", "Jean Perez"),
        (None, None, "Perez", "Perez"),
        ("Mme", "Ana", None, "Mme Ana"),
        ("Mme", None, None, None),
    ],
)
def test_a_name_is_shown_with_civility_only_when_it_is_short(
    civility: str | None, given: str | None, family: str | None, shown: str | None
) -> None:
    assert display_name(civility, given, family) == shown


def test_a_name_is_compared_without_civility() -> None:
    assert name_key(None, "Ladureau", "Mme Ladureau") == "ladureau"
    assert name_key("Zoé", "d'Aubigné", "Zoé d'Aubigné") == "zoe d aubigne"
    assert name_key(None, None, "info@example.com") == "info@example.com"
    assert keys_of("M. Perez") == ["m. perez", "perez"]
    assert keys_of("Jean Dupont") == ["jean dupont"]
    assert keys_of("M") == ["m"]
