"""Users, teams, keys and questions from the terminal, on a real database."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Callable

import pytest
from neo4j import Driver

from graph_crm.commands import terminal
from graph_crm.graph.readiness import Address
from graph_crm.team.keys import KEY
from tests import neo4j_server
from tests.terminal import Terminal


@pytest.fixture
def count(driver: Driver, empty_database: Address) -> Callable[[str], int]:
    def of(label: str) -> int:
        records, _, _ = driver.execute_query(
            "MATCH (node) WHERE $label IN labels(node) RETURN count(node) AS count", label=label
        )
        return records[0]["count"]

    return of


def test_the_first_user_is_made_by_the_machine_and_the_only_administrator_acts_from_then_on(
    terminal_of: Terminal, driver: Driver
) -> None:
    made = terminal_of("user", "add", "ada@ours.example", "Ada Admin", "--role", "administrator")
    assert (made.status, made.out) == (0, "Ada Admin is one of ours now (administrator).\n")
    terminal_of("user", "add", "anna@ours.example", "Anna Kerr")
    records, _, _ = driver.execute_query(
        "MATCH (change:ChangeEvent) OPTIONAL MATCH (actor:User {id: change.actor_id}) "
        "RETURN coalesce(actor.name, change.actor_id) AS actor ORDER BY change.sequence"
    )
    assert [record["actor"] for record in records] == ["maintenance", "Ada Admin"]


def test_a_user_leaves_with_a_last_day_and_a_successor(terminal_of: Terminal) -> None:
    terminal_of("user", "add", "marc@ours.example", "Marc Tessier")
    terminal_of("user", "add", "sophie@ours.example", "Sophie Blanchet", "--role", "reader")
    ended = terminal_of(
        "user", "deactivate", "marc@ours.example", "--on", "2999-09-30", "--successor", "sophie@ours.example"
    )
    assert (ended.status, ended.out) == (0, "Marc Tessier stays active through 30 September 2999.\n")
    assert terminal_of("user", "list").out.splitlines() == [
        "Name             E-mail address       Role    Status",
        "Marc Tessier     marc@ours.example    seller  active, leaves on 30 September 2999",
        "Sophie Blanchet  sophie@ours.example  reader  active",
    ]
    assert terminal_of("user", "deactivate", "marc@ours.example").out == "Marc Tessier is no longer active.\n"


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        (["user", "add", "nobody", "No Body"], 1, "nobody is not an e-mail address.\n"),
        (["user", "deactivate", "nobody@ours.example"], 1, "Nobody of ours has the address nobody@ours.example.\n"),
        (["team", "set", "Lyon", "nobody@ours.example"], 1, "Nobody of ours has the address nobody@ours.example.\n"),
        (["key", "create", "nobody@ours.example"], 1, "Nobody of ours has the address nobody@ours.example.\n"),
        (["key", "revoke", "unknown"], 1, "There is no key with the prefix unknown.\n"),
        (
            ["query", "{ viewer { permissions } }", "--variables", "{"],
            1,
            "The variables are not JSON that can be read.\n",
        ),
        (
            ["user", "list", "--as", "nobody@ours.example"],
            1,
            "There is no active user of ours with this key or address.\n",
        ),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence_and_nothing_is_written(
    terminal_of: Terminal, count: Callable[[str], int], words: list[str], status: int, said: str
) -> None:
    result = terminal_of(*words)
    assert (result.status, result.out, result.said) == (status, "", said)
    assert [count(label) for label in ("User", "Team", "ApiKey", "ChangeEvent")] == [0, 0, 0, 0]


@pytest.mark.parametrize("words", [["user", "add"], ["key", "create", "a@b.example", "--expires", "30 February"]])
def test_wrong_usage_has_a_status_of_its_own(terminal_of: Terminal, words: list[str]) -> None:
    assert terminal_of(*words).status == 2


def test_a_database_that_does_not_answer_has_a_status_of_its_own(
    terminal_of: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRAPH_CRM_NEO4J_URI", "bolt://127.0.0.1:1")
    assert terminal_of("user", "list").status == 3


def test_a_team_is_set_again(terminal_of: Terminal, count: Callable[[str], int]) -> None:
    for name in ("anna", "marc"):
        terminal_of("user", "add", f"{name}@ours.example", name.capitalize())
    assert terminal_of("team", "set", "Lyon", "anna@ours.example", "marc@ours.example").out == (
        "Lyon is Anna and Marc now.\n"
    )
    assert terminal_of("team", "set", "lyon", "--territory", "Rhône").out == "lyon has nobody in it now.\n"
    assert [count(label) for label in ("Team", "Territory")] == [1, 1]


def test_a_key_is_shown_once_listed_without_its_secret_and_revoked(terminal_of: Terminal) -> None:
    terminal_of("user", "add", "anna@ours.example", "Anna Kerr")
    made = terminal_of("key", "create", "anna@ours.example", "--scope", "records:read", "--expires", "2999-12-31")
    key = KEY.fullmatch(made.out.strip())
    assert key is not None
    assert "shown once" in made.said
    listed = terminal_of("key", "list").out
    assert key[2] not in listed
    assert listed.splitlines()[1] == f"{key[1]}  anna@ours.example  records:read  valid through 31 December 2999"
    terminal_of("key", "revoke", key[1])
    today = f"{dt.datetime.now(dt.UTC):%-d %B %Y}"
    assert terminal_of("key", "list").out.splitlines()[1].endswith(f"revoked on {today}")


def test_a_scope_that_there_is_not_is_refused(terminal_of: Terminal) -> None:
    terminal_of("user", "add", "anna@ours.example", "Anna Kerr")
    refused = terminal_of("key", "create", "anna@ours.example", "--scope", "everything")
    assert refused.status == 1
    assert refused.said.startswith("There is no scope everything. The scopes are database:maintain, history:read,")


def test_a_question_is_answered_as_json_for_the_one_who_acts(terminal_of: Terminal) -> None:
    terminal_of("user", "add", "ada@ours.example", "Ada", "--role", "administrator")
    terminal_of("user", "add", "rita@ours.example", "Rita", "--role", "reader")
    answered = terminal_of(
        "query",
        "query($first: Int!) { viewer { user { displayName } } users(first: $first) { totalCount } }",
        "--variables",
        '{"first": 1}',
        "--as",
        "rita@ours.example",
    )
    assert answered.status == 0
    assert json.loads(answered.out) == {
        "data": {"viewer": {"user": {"displayName": "Rita"}}, "users": {"totalCount": 2}}
    }


def test_errors_and_user_errors_end_a_question_with_one(terminal_of: Terminal) -> None:
    wrong = terminal_of("query", "{ nothing }")
    assert wrong.status == 1
    assert json.loads(wrong.out)["errors"][0]["message"].startswith("Cannot query field 'nothing'")
    mutation = 'mutation { setTeam(input: {name: " ", memberIds: []}) { userErrors { message } } }'
    refused = terminal_of("query", mutation)
    assert refused.status == 1
    assert json.loads(refused.out)["data"]["setTeam"]["userErrors"] == [
        {"message": "A name has 1 to 200 characters."}
    ]
    hidden = terminal_of("query", '{ account(by: {sourceKey: {system: "a:b", key: "1"}}) { name } }')
    assert hidden.status == 1
    assert json.loads(hidden.out)["errors"][0]["extensions"] == {"code": "INVALID"}


def test_commands_speak_french(terminal_of: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRAPH_CRM_LANGUAGE", "fr")
    terminal.language.cache_clear()
    assert terminal_of("user", "add", "anna@ours.example", "Anna Kerr").out == (
        "Anna Kerr est maintenant des nôtres (vendeur).\n"
    )
    assert terminal_of("user", "add", "anna@ours.example", "Anna Kerr").said == (
        "anna@ours.example est déjà l’adresse de Anna Kerr.\n"
    )


@pytest.mark.parametrize(
    "words",
    [
        ["user", "add"], ["user", "deactivate"], ["user", "list"], ["team", "set"],
        ["key", "create"], ["key", "list"], ["key", "revoke"], ["query"], ["doctor"],
    ],
)  # fmt: skip
def test_every_help_has_an_example_and_its_exit_statuses(
    terminal_of: Terminal, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    said = terminal_of(*words, "--help")
    assert said.status == 0
    assert re.search(rf"Example: graph-crm {' '.join(words)}\b", said.out)
    assert "Exit status: 0" in said.out


def test_the_setting_for_private_records_is_carried_through_by_the_next_command(
    terminal_of: Terminal, driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal_of("user", "list")
    driver.execute_query(
        "CREATE (:Record:Account {id: 'a', name: 'A', name_key: 'a', version: 1, readers: ['everyone']})"
    )
    try:
        monkeypatch.setenv("GRAPH_CRM_VISIBILITY", "private")
        terminal_of("user", "list")
        records, _, _ = driver.execute_query("MATCH (account:Account) RETURN account.readers AS readers")
        assert records[0]["readers"] == ["all-records"]
    finally:
        monkeypatch.setenv("GRAPH_CRM_VISIBILITY", "open")
        terminal_of("user", "list")
    neo4j_server.empty(driver)
