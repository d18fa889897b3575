"""`graph-crm map`: what it draws, in three forms and two languages, and what it refuses."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from neo4j import Driver

from tests.terminal import Terminal

TODAY = dt.datetime.now(dt.UTC).date()
DEAL = "01900000-0000-7000-8000-0000000d0001"
LONG_AGO = f"{TODAY - dt.timedelta(days=60)}T09:00:00Z"
SINCE = f"{TODAY - dt.timedelta(days=10)}T09:00:00Z"

WORLD = """
CREATE (account:Record:Account {id: 'account', name: 'Northwind', name_key: 'northwind', is_person: false,
  lifecycle_stage: 'PROSPECT', readers: ['everyone'], version: 1, created_at: datetime(), updated_at: datetime()})
CREATE (deal:Record:Opportunity {id: $deal, name: 'New racks', name_key: 'new racks', kind: 'NEW', source: 'test',
  search_text: 'New racks', search_folded: 'new racks',
  readers: ['everyone'], version: 1, created_at: datetime($long_ago), updated_at: datetime()})
CREATE (deal)-[:FOR_ACCOUNT]->(account)
CREATE (:Record:Opportunity {id: 'twin 1', name: 'Twin', name_key: 'twin', kind: 'NEW', readers: ['everyone'],
  version: 1, created_at: datetime(), updated_at: datetime()})-[:FOR_ACCOUNT]->(account)
CREATE (:Record:Opportunity {id: 'twin 2', name: 'Twin', name_key: 'twin', kind: 'NEW', readers: ['everyone'],
  version: 1, created_at: datetime(), updated_at: datetime()})-[:FOR_ACCOUNT]->(account)
WITH deal, account
UNWIND [{id: 'ada', name: 'Ada Byron', title: 'CEO'}, {id: 'ben', name: 'Ben Ito', title: 'Buyer'}] AS person
CREATE (contact:Record:Person:Contact {id: person.id, name: person.name, display_name: person.name,
  name_key: toLower(person.name), do_not_contact: false, processing_restricted: false, degree: 0,
  lifecycle_stage: 'PROSPECT', readers: ['everyone'], version: 1, created_at: datetime(), updated_at: datetime()})
CREATE (contact)-[:WORKS_AT {id: person.id + ' job', title: person.title, is_primary: true,
  valid_from: date('2020-01-01')}]->(account)
"""
ASSESS = """mutation($deal: ID!, $stance: Stance!, $at: DateTime!) { assessStakeholder(input: {
  of: {opportunityId: $deal}, contactId: "ada", roles: [DECISION_MAKER], stance: $stance, validFrom: $at}) {
  userErrors { message } } }"""


@pytest.fixture
def deal(terminal_of: Terminal, driver: Driver) -> str:
    """A deal in which Ada was neutral and is a champion now; Ben has no part."""
    assert terminal_of("user", "add", "anna@ours.example", "Anna Kerr", "--role", "administrator").status == 0
    driver.execute_query(WORLD, deal=DEAL, long_ago=LONG_AGO)
    driver.execute_query(
        """MATCH (deal:Opportunity) MATCH (stage:Stage {key: 'PROPOSAL'})
        CREATE (deal)-[:IN_STAGE {from: datetime($long_ago)}]->(stage)""",
        long_ago=LONG_AGO,
    )
    for stance, moment in (("NEUTRAL", LONG_AGO), ("CHAMPION", SINCE)):
        variables = json.dumps({"deal": DEAL, "stance": stance, "at": moment})
        said = terminal_of("query", ASSESS, "--variables", variables)
        assert said.status == 0, said
    return "New racks"


def test_a_deal_is_drawn_in_words(terminal_of: Terminal, deal: str) -> None:
    drawn = terminal_of("map", deal)
    assert (drawn.status, drawn.said) == (0, "")
    assert "Northwind" in drawn.out
    assert "★ Ada Byron" in drawn.out
    assert "Ben Ito" in drawn.out
    by_id = terminal_of("map", DEAL)
    assert by_id.out == drawn.out


def test_it_is_drawn_as_it_was_on_a_day_and_as_it_was_known_then(terminal_of: Terminal, deal: str) -> None:
    before = (TODAY - dt.timedelta(days=20)).isoformat()
    assert "○ Ada Byron" in terminal_of("map", deal, "--as-of", before).out
    assert "★ Ada Byron" in terminal_of("map", deal, "--as-of", SINCE).out
    unknown = terminal_of("map", deal, "--as-of", before, "--known-at", before)
    assert unknown.status == 0
    assert "○ Ada Byron" not in unknown.out


def test_it_is_drawn_in_french_when_that_is_asked(terminal_of: Terminal, deal: str) -> None:
    french = terminal_of("map", deal, "--language", "fr").out
    assert "Décideur" in french
    assert "Decision maker" not in french


def test_plain_characters_are_enough(terminal_of: Terminal, deal: str) -> None:
    plain = terminal_of("map", deal, "--ascii")
    assert plain.status == 0
    assert plain.out.isascii()


def test_mermaid_and_json_say_the_same(terminal_of: Terminal, deal: str) -> None:
    mermaid = terminal_of("map", deal, "--format", "mermaid")
    assert mermaid.status == 0
    assert "flowchart TB" in mermaid.out
    assert "<b>★ Ada Byron</b>" in mermaid.out
    found = json.loads(terminal_of("map", deal, "--format", "json").out)
    people = {
        person["contact"]["displayName"]: person["stakeholder"] and person["stakeholder"]["stance"]
        for person in found["people"]
    }
    assert people == {"Ada Byron": "CHAMPION", "Ben Ito": None}


def test_an_account_is_drawn_with_all_its_people(terminal_of: Terminal, deal: str) -> None:
    drawn = terminal_of("map", "northwind")
    assert drawn.status == 0
    assert deal not in drawn.out.splitlines()[0]
    assert "Ada Byron" in drawn.out


def test_what_cannot_be_drawn_is_refused_in_a_sentence(terminal_of: Terminal, deal: str) -> None:
    for words, status, said in (
        (("map", "Nothing"), 1, "There is no deal and no account called Nothing.\n"),
        (
            ("map", deal, "--as-of", "2026-02-30"),
            1,
            "2026-02-30 is not a day that exists; write it like 2026-03-01.\n",
        ),
        (
            ("map", deal, "--as-of", "2026-03-01T09:00:00"),
            1,
            "The date and time 2026-03-01T09:00:00 needs an offset, such as Z or +01:00.\n",
        ),
    ):
        refused = terminal_of(*words)
        assert (refused.status, refused.out, refused.said) == (status, "", said)
    several = terminal_of("map", "Twin")
    assert several.status == 1
    assert several.said == (
        "Several deals are called Twin: Northwind, in Proposal (twin 1) and Northwind, in Proposal (twin 2). "
        "Give the id of one.\n"
    )
    assert terminal_of("map", "New").said == "There is no deal and no account called New. Nearest: New racks.\n"
    assert terminal_of("map", deal, "--format", "svg").status == 2
