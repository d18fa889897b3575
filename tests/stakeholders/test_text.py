"""The map as text: the pictures to reach, and what any map must hold."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_crm.language import Language, plain_spaces
from graph_crm.stakeholders.answer import StakeholderMap
from graph_crm.stakeholders.facts import MapFacts, ScopeKind
from graph_crm.stakeholders.stakeholder_map import stakeholder_map
from graph_crm.stakeholders.text import cleaned, map_text, width_of, wrapped
from graph_crm.stakeholders.types import BuyingRole, LinkKind, Stance
from tests.stakeholders.ferrand_lys import (
    DAY_OF_LOADING,
    days_ago,
    ferrand_lys,
    harrow_and_pike,
    harrow_parts,
)
from tests.stakeholders.worked_example import company, deal, drawn, link, part, person, tie

PICTURES = Path(__file__).parent / "pictures"


def drawn_now(facts: MapFacts) -> StakeholderMap:
    return stakeholder_map(facts, as_of=DAY_OF_LOADING, known_at=DAY_OF_LOADING)


def picture(name: str) -> str:
    return (PICTURES / name).read_text("utf-8")


@pytest.mark.parametrize(
    ("language", "name"), [(Language.EN, "ferrand_lys.en.txt"), (Language.FR, "ferrand_lys.fr.txt")]
)
def test_the_demo_looks_like_its_picture(language: Language, name: str) -> None:
    assert map_text(drawn_now(ferrand_lys()), language) == picture(name)


def test_empty_seats_look_like_their_picture() -> None:
    facts = harrow_and_pike(parts=harrow_parts(tom=[BuyingRole.EVALUATOR]))
    assert map_text(drawn_now(facts)) == picture("harrow_pike.en.txt")


def test_a_technical_buyer_fills_the_seat() -> None:
    text = map_text(drawn_now(harrow_and_pike()))
    assert "  ● Technical buyer  Tom Whitfield – engaged, only through Daniel\n" in text
    assert "Role coverage 0.22" in text


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("width", [80, 100, 120])
@pytest.mark.parametrize("ascii_only", [False, True])
def test_no_line_is_wider_than_the_page(language: Language, width: int, *, ascii_only: bool) -> None:
    for facts in (ferrand_lys(), harrow_and_pike()):
        text = map_text(drawn_now(facts), language, width=width, ascii_only=ascii_only)
        assert [line for line in text.splitlines() if width_of(line) > width] == []


def test_ascii_writes_names_without_accents_and_marks_as_people_type_them() -> None:
    text = map_text(drawn_now(ferrand_lys()), Language.FR, ascii_only=True)
    assert text.isascii()
    assert "o Helene Ferrand      Neutre      0,98 K! 4 Marc seulement" in text
    assert "1 tenu  2 faible  3 moyen  4 fort" in text


def test_colour_is_on_symbols_and_stance_words_only_and_changes_no_text() -> None:
    plain = map_text(drawn_now(ferrand_lys()))
    coloured = map_text(drawn_now(ferrand_lys()), colour=True)
    assert "\x1b[31m■\x1b[0m Bertrand Colas" in coloured
    assert "\x1b[31mBlocker\x1b[0m" in coloured
    assert "\x1b[33m▲ AMBER\x1b[0m" in coloured
    for code in ("31", "32", "33", "34", "37", "90"):
        coloured = coloured.replace(f"\x1b[{code}m", "")
    assert coloured.replace("\x1b[0m", "") == plain


def test_an_earlier_belief_is_dated() -> None:
    moment, known_at = days_ago(36), days_ago(37)
    text = map_text(
        stakeholder_map(ferrand_lys(moment, known_at), as_of=moment, known_at=known_at, known_at_is_past=True)
    )
    assert "· as of 17 October 2026 ·\nknown on 16 October 2026\n" in text
    assert "● GREEN   Support 0.60" in text


def test_without_judgements_no_position_weight_or_status_is_printed() -> None:
    hidden = stakeholder_map(ferrand_lys(), as_of=DAY_OF_LOADING, known_at=DAY_OF_LOADING, judgements=False)
    text = map_text(hidden)
    judged = ("Position", "Infl.", "AMBER", "Support", "Champion", "Blocker", "Neutral", "★", "■", "→", "⚡", "0.")
    for word in judged:
        assert word not in text
    assert "├ Bertrand Colas" in text
    assert "▂▄▆█ only Marc" in text


def test_support_that_rests_on_little_stands_in_brackets() -> None:
    assert "Support (0.50)" in map_text(drawn_now(harrow_and_pike()))
    assert "Support (–)" in map_text(drawn(company(stances={})))


def test_an_empty_map_has_header_sentence_seats_and_legend() -> None:
    text = map_text(drawn(deal()))
    assert "Nobody has a part here yet" in text
    assert "[ nobody yet ]" in text
    assert "champion" in text


def test_somebody_outside_without_a_part_has_no_symbol() -> None:
    assert "    George Harrow" in map_text(drawn_now(harrow_and_pike()))


def test_an_account_s_map_says_no_part_yet() -> None:
    assert "No part yet" in map_text(drawn(deal(person("x"), kind=ScopeKind.ACCOUNT)))


def test_control_and_direction_marks_are_removed_from_data() -> None:
    name = "Eve\x1b[31m \u202eEvil\nNext\u200b"
    text = map_text(drawn(deal(person("x", part("x", BuyingRole.END_USER), name=name))))
    assert "Eve[31m Evil Next" in text
    assert not any(letter in text for letter in "\x1b\u202e\u200b")
    assert cleaned("e\u0301\u200d") == "e\u0301\u200d"


def test_long_words_are_cut_where_they_must_be() -> None:
    assert wrapped("a " + "b" * 25, 10) == ["a", "b" * 10, "b" * 10, "b" * 5]
    assert wrapped("", 10) == [""]


NAMES = st.text(st.characters(codec="utf-8"), min_size=1, max_size=70).filter(
    lambda name: bool(cleaned(name).split())
)
PEOPLE = st.tuples(
    NAMES, st.sampled_from(Stance), st.integers(-1, 8), st.sampled_from([0.0, 0.1, 0.3, 0.8]), st.booleans()
)
MAPS = st.lists(PEOPLE, min_size=1, max_size=9)


@settings(max_examples=60, deadline=None)
@given(MAPS, st.sampled_from([80, 100]), st.sampled_from(Language))
def test_any_map_keeps_its_width_and_every_name(
    given_people: list[tuple[str, Stance, int, float, bool]], width: int, language: Language
) -> None:
    people = [
        person(
            f"c{number}",
            *([part(f"c{number}", BuyingRole.APPROVER, stance=stance)] if has_part else []),
            ties=(tie("ana", strength),) if strength else (),
            name=name,
        )
        for number, (name, stance, _, strength, has_part) in enumerate(given_people)
    ]
    links = [
        link(LinkKind.REPORTS_TO, f"c{number}", f"c{manager}")
        for number, (_, _, manager, _, _) in enumerate(given_people)
        if 0 <= manager < len(people) and manager != number
    ]
    drawn_map = drawn(deal(*people, links=tuple(links)))
    text = map_text(drawn_map, language, width=width)
    assert text == map_text(drawn(replace(deal(*people[::-1], links=tuple(links)))), language, width=width)
    assert [line for line in text.split("\n") if width_of(line) > width] == []
    for name, *_ in given_people:
        assert all(word in text for word in plain_spaces(cleaned(name)).split() if width_of(word) <= 8)


@pytest.mark.parametrize("width", [80, 100])
def test_a_deep_line_still_fits_the_page(width: int) -> None:
    ids = [f"c{number:02}" for number in range(30)]
    people = [person(one, part(one, BuyingRole.APPROVER), name="Ann Lee") for one in ids]
    links = tuple(link(LinkKind.REPORTS_TO, below, above) for above, below in pairwise(ids))
    text = map_text(drawn(deal(*people, links=links)), width=width)
    assert [line for line in text.split("\n") if width_of(line) > width] == []
    assert text.count("Ann Lee") >= 30
