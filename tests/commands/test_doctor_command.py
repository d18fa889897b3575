"""`graph-crm doctor`: what it prints and how it ends."""

from __future__ import annotations

from neo4j import Driver

from tests.terminal import Terminal

STALE = """CREATE (:Record:Account {id: '01900000-0000-7000-8000-00000000000a', name: 'A', name_key: 'a', version: 1,
  is_person: false, lifecycle_stage: 'PROSPECT', source: 'test', created_at: datetime(), updated_at: datetime(),
  readers: ['somebody']})"""


def test_a_sound_database_ends_with_zero(terminal_of: Terminal) -> None:
    result = terminal_of("doctor")
    assert result.status == 0
    assert len(result.out.splitlines()) == 13
    assert all(line.startswith("ok ") for line in result.out.splitlines())


def test_what_is_broken_is_named_and_repaired_when_asked(terminal_of: Terminal, driver: Driver) -> None:
    terminal_of("user", "list")
    driver.execute_query(STALE)
    found = terminal_of("doctor")
    assert found.status == 1
    assert (
        "BROKEN  readers-of-accounts: The readers of every account are those it derives. "
        "1 does not: 01900000-0000-7000-8000-00000000000a\n"
    ) in found.out
    assert terminal_of("doctor").status == 1
    repaired = terminal_of("doctor", "--repair", "readers")
    assert repaired.status == 0
    assert repaired.out.startswith("1 record has its readers again.\n")
    assert terminal_of("doctor").status == 0


def test_a_repair_that_there_is_not_is_wrong_usage(terminal_of: Terminal) -> None:
    assert terminal_of("doctor", "--repair", "everything").status == 2
