"""Ties from the terminal, on a real database."""

from __future__ import annotations

from neo4j import Driver

from tests.terminal import Terminal

PEOPLE = """
UNWIND ['Rachel Osei', 'Margaret Pike', 'Tom Pike', 'tom pike'] AS name
CREATE (:Record:Person:Contact {
  id: randomUUID(), name: name, display_name: name, name_key: toLower(name), readers: ['everyone'], degree: 0,
  do_not_contact: false, lifecycle_stage: 'PROSPECT', version: 1, created_at: datetime(), updated_at: datetime()})
"""


def some_people(terminal_of: Terminal, driver: Driver) -> None:
    """A database that the service knows for its own, with four contacts."""
    terminal_of("user", "list")
    driver.execute_query(PEOPLE)


def test_a_tie_is_stated_by_name_and_said_back(terminal_of: Terminal, driver: Driver) -> None:
    some_people(terminal_of, driver)
    said = terminal_of("tie", "state", "rachel osei", "Margaret Pike", "--level", "medium")
    assert (said.status, said.out) == (0, "Rachel Osei and Margaret Pike: Medium (0.60): stated 0 days ago.\n")
    records, _, _ = driver.execute_query("MATCH ()-[tie:KNOWS]->() RETURN tie.stated_level AS level")
    assert [record["level"] for record in records] == ["MEDIUM"]


def test_a_refused_statement_says_why_and_writes_nothing(terminal_of: Terminal, driver: Driver) -> None:
    some_people(terminal_of, driver)
    nobody = terminal_of("tie", "state", "Rachel Osei", "George", "--level", "weak")
    assert (nobody.status, nobody.said) == (1, "Nobody is called George, or you may not see them.\n")
    several = terminal_of("tie", "state", "Rachel Osei", "Tom Pike", "--level", "weak")
    assert several.status == 1
    assert several.said.startswith("Several people are called Tom Pike")
    future = terminal_of("tie", "state", "Rachel Osei", "Margaret Pike", "--level", "weak", "--on", "2999-01-01")
    assert (future.status, "future" in future.said) == (1, True)
    assert terminal_of("tie", "state", "Rachel Osei", "Margaret Pike", "--level", "huge").status == 2
    records, _, _ = driver.execute_query("MATCH ()-[tie:KNOWS]->() RETURN count(tie) AS ties")
    assert records[0]["ties"] == 0


def test_ties_are_rebuilt_with_progress(terminal_of: Terminal, driver: Driver) -> None:
    some_people(terminal_of, driver)
    driver.execute_query(
        """MATCH (one:Contact {name: 'Rachel Osei'}), (other:Contact {name: 'Margaret Pike'})
        CREATE (call:Record:Interaction {id: 'call', external_id: 'call', type: 'CALL', status: 'HELD',
          occurred_at: datetime() - duration('P1D')})
        CREATE (one)-[:TOOK_PART_IN {role: 'ATTENDEE'}]->(call)<-[:TOOK_PART_IN {role: 'ATTENDEE'}]-(other)"""
    )
    done = terminal_of("ties", "rebuild")
    assert done.status == 0
    assert done.said.splitlines() == ["4 people done, ties: 1."]
    assert done.out == ("1 tie is told anew; 0 held nothing any more, degrees put right: 0.\n")
    records, _, _ = driver.execute_query("MATCH ()-[tie:KNOWS]->() RETURN tie.count AS count, tie.mutual AS mutual")
    assert [(record["count"], record["mutual"]) for record in records] == [(1, 2.0)]
