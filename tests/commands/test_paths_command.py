"""`graph-crm paths`: who can introduce us, told in words or as the API answers it, and why nobody can."""

from __future__ import annotations

import json

import pytest
from neo4j import Driver

from tests.terminal import Terminal

WORLD = """
CREATE (account:Record:Account {id: 'northwind', name: 'Northwind', name_key: 'northwind', is_person: false,
  lifecycle_stage: 'PROSPECT', readers: ['everyone'], version: 1, created_at: datetime(), updated_at: datetime()})
WITH account
UNWIND [{id: 'ada', name: 'Ada Byron', title: 'CEO'}, {id: 'ben', name: 'Ben Ito', title: 'Buyer'},
        {id: 'cleo', name: 'Cleo Marsh', title: 'Clerk'},
        {id: 'sam 1', name: 'Sam Hill', title: 'Clerk'}, {id: 'sam 2', name: 'Sam Hill', title: null}] AS person
CREATE (contact:Record:Person:Contact {id: person.id, name: person.name, display_name: person.name,
  name_key: toLower(person.name), do_not_contact: false, processing_restricted: false, degree: 0,
  lifecycle_stage: 'PROSPECT', readers: ['everyone'], version: 1, created_at: datetime(), updated_at: datetime()})
CREATE (contact)-[:WORKS_AT {id: person.id + ' job', title: person.title, is_primary: true,
  valid_from: date('2020-01-01')}]->(account)
"""


@pytest.fixture
def northwind(terminal_of: Terminal, driver: Driver) -> None:
    """Anna knows Ben well, Ben knows Ada, nobody knows Cleo; Marc of the team Lyon knows Ada a little."""
    terminal_of("user", "add", "anna@ours.example", "Anna Kerr", "--role", "administrator")
    terminal_of("user", "add", "marc@ours.example", "Marc Tessier")
    terminal_of("team", "set", "Lyon", "marc@ours.example")
    driver.execute_query(WORLD)
    for one, other, level in (
        ("anna@ours.example", "Ben Ito", "strong"),
        ("Ben Ito", "Ada Byron", "strong"),
        ("marc@ours.example", "Ada Byron", "weak"),
    ):
        assert terminal_of("tie", "state", one, other, "--level", level).status == 0


@pytest.mark.usefixtures("northwind")
def test_a_path_is_told_step_by_step(terminal_of: Terminal) -> None:
    told = terminal_of("paths", "--to", "ada byron", "--from", "me")
    assert (told.status, told.said) == (0, "")
    assert "Ada Byron" in told.out
    assert "Ben Ito" in told.out
    assert "Marc Tessier" not in told.out
    assert terminal_of("paths", "--to", "ada", "--from", "me").out == told.out


@pytest.mark.usefixtures("northwind")
def test_where_a_path_starts_is_chosen(terminal_of: Terminal) -> None:
    def starts(*words: str) -> set[str]:
        found = terminal_of("paths", "--to", "Ada Byron", "--format", "json", *words)
        assert found.status == 0, found
        return {path["steps"][0]["from"]["displayName"] for path in json.loads(found.out)["paths"]}

    assert starts("--from", "me") == {"Anna Kerr"}
    assert starts("--from", "team", "--team", "Lyon") == {"Marc Tessier"}
    assert starts("--from", "anyone") == {"Anna Kerr", "Marc Tessier"}
    assert starts() == {"Anna Kerr", "Marc Tessier"}
    assert starts("--first", "1") == {"Anna Kerr"}
    assert starts("--from", "me", "--max-hops", "1") == set()


@pytest.mark.usefixtures("northwind")
def test_paths_lead_into_an_account(terminal_of: Terminal) -> None:
    found = json.loads(terminal_of("paths", "--to", "Northwind", "--format", "json").out)
    assert {path["target"]["displayName"] for path in found["paths"]} == {"Ada Byron", "Ben Ito"}


@pytest.mark.usefixtures("northwind")
def test_paths_are_told_as_they_were_in_french_and_in_plain_characters(terminal_of: Terminal) -> None:
    before = terminal_of("paths", "--to", "Ada Byron", "--as-of", "2020-06-30")
    assert before.status == 0
    assert "Ben Ito" not in before.out
    french = terminal_of("paths", "--to", "Ada Byron", "--language", "fr")
    english = terminal_of("paths", "--to", "Ada Byron")
    assert french.status == english.status == 0
    assert french.out != english.out
    assert terminal_of("paths", "--to", "Ada Byron", "--ascii").out.isascii()


@pytest.mark.usefixtures("northwind")
def test_an_empty_answer_says_why_and_what_to_try(terminal_of: Terminal) -> None:
    nobody = terminal_of("paths", "--to", "Cleo Marsh")
    assert nobody.status == 0
    found = json.loads(terminal_of("paths", "--to", "Cleo Marsh", "--format", "json").out)
    assert found["paths"] == []
    assert found["sentence"]
    assert " ".join(found["sentence"].split()) in " ".join(nobody.out.split())


@pytest.mark.usefixtures("northwind")
def test_what_cannot_be_answered_is_refused_in_a_sentence(terminal_of: Terminal) -> None:
    several = terminal_of("paths", "--to", "Sam Hill")
    assert several.status == 1
    assert "Clerk at Northwind (sam 1)" in several.said
    assert "(sam 2)" in several.said
    missing = terminal_of("paths", "--to", "Nobody")
    assert (missing.status, missing.out) == (1, "")
    assert missing.said.startswith("There is no contact and no account called Nobody.")
    unknown = terminal_of("paths", "--to", "Ada Byron", "--from", "team", "--team", "Paris")
    assert unknown.status == 1
    assert "Paris" in unknown.said
    assert terminal_of("paths", "--to", "Ada Byron", "--max-hops", "9").status == 1
    assert terminal_of("paths", "--to", "Ada Byron", "--from", "nowhere").status == 2
    terminal_of("user", "add", "ada@ours.example", "Second Admin", "--role", "administrator")
    machine = terminal_of("paths", "--to", "Ada Byron", "--from", "me")
    assert machine.status == 1
    assert "--as EMAIL" in machine.said
