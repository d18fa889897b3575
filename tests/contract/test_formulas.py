"""A formula that stands in several statements is the same in each of them, line by line."""

from __future__ import annotations

import re

import pytest

from tests.contract.test_statements import code_of

FROM_A_FACT = ("paths/ends", "paths/middle", "paths/expansion")
FROM_A_TIE = ("ties/of_contacts", "ties/count_of_contacts")


def block(name: str, first: str, last: str) -> list[str]:
    """The lines of a statement from the one that holds a text to the next that holds another."""
    lines = code_of(name).splitlines()
    start = next(number for number, line in enumerate(lines) if first in line)
    end = next(number for number, line in enumerate(lines) if number >= start and last in line)
    return lines[start : end + 1]


@pytest.mark.parametrize("name", FROM_A_FACT[1:])
def test_the_ties_of_a_path_are_weighed_alike_at_its_ends_and_between(name: str) -> None:
    first, last = "WITH person, other, tie {", "override: fact.override} END} END) AS special"
    assert block(name, first, last) == block(FROM_A_FACT[0], first, last)


def test_ties_are_counted_by_the_strength_they_are_listed_by() -> None:
    first, last = (
        "MATCH (contact)-[tie:KNOWS]-(other:Person)",
        "CASE WHEN one > most THEN one ELSE most END)) AS strength",
    )
    listed, counted = (block(name, first, last) for name in FROM_A_TIE)
    assert listed == counted


@pytest.mark.parametrize(("first", "last"), [("AS fade,", "AS fade,"), ("CASE WHEN {}.stated_at", "END AS latent")])
def test_paths_and_ties_fade_and_weigh_what_was_stated_alike(first: str, last: str) -> None:
    """The rest differs in form alone, because paths read each tie once into a map; tests compare its numbers."""
    along_paths = [line.replace("fact.", "tie.") for line in block(FROM_A_FACT[0], first.format("fact"), last)]
    assert along_paths == block(FROM_A_TIE[0], first.format("tie"), last)


THEN_INSTEAD_OF_NOW = (
    ("-[stay:IN_STAGE|WAS_IN_STAGE]->", "-[:IN_STAGE]->"),
    ("\n      AND stay.entered_at <= $as_of AND (stay.left_at IS NULL OR stay.left_at > $as_of)", ""),
    ("\n  WHERE stay.entered_at <= $as_of AND (stay.left_at IS NULL OR stay.left_at > $as_of)", ""),
    ("-[:ASSESSED]->", "-[:CURRENT]->"),
    (
        """  WHERE assessment.valid_from <= $as_of AND (assessment.valid_to IS NULL OR assessment.valid_to > $as_of)
    AND assessment.recorded_at <= $known_at
    AND (assessment.superseded_at IS NULL OR assessment.superseded_at > $known_at)
    AND any(""",
        "  WHERE any(",
    ),
    (
        "coalesce(user.leaves_on > $day OR user.leaves_on = $day AND (user.active OR $day < $today), user.active),",
        "user.active AND (user.leaves_on IS NULL OR user.leaves_on >= $day),",
    ),
    (
        (
            "          MATCH (team)<-[:MEMBER_OF]-(member:User)\n          WHERE coalesce(member.leaves_on > $day "
            "OR member.leaves_on = $day AND (member.active OR $day < $today), member.active) } }"
        ),
        """          MATCH (team)<-[:MEMBER_OF]-(member:User {active: true})
          WHERE member.leaves_on IS NULL OR member.leaves_on >= $day } }""",
    ),
)
"""What a map of an earlier date asks in place of what the map of now asks."""


def test_a_map_of_an_earlier_date_is_the_map_of_now_but_for_its_dates() -> None:
    then = code_of("stakeholders/map_as_of")
    for past, present in THEN_INSTEAD_OF_NOW:
        assert past in then
        then = then.replace(past, present)
    assert then.splitlines() == code_of("stakeholders/map").splitlines()


def test_an_import_counts_what_became_of_a_contact_alike_before_and_at_its_write() -> None:
    told: set[str] = set()
    for name in ("imports/known_contacts", "imports/known_sources", "imports/versions"):
        counted = re.search(r"version: (\w+)\.version( \+ reduce\([^|]*\| changes \+ job\))", code_of(name))
        assert counted is not None, name
        told.add(counted[2].replace(f"({counted[1]}:Contact)", "()").replace(f"({counted[1]})", "()"))
    assert len(told) == 1
