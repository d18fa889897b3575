"""The database's commands as a person or a script meets them: what they print and how they end."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from typer.testing import CliRunner

from graph_crm.__main__ import app
from graph_crm.graph.local_server import LocalServer
from graph_crm.graph.readiness import Address, connected


class Ended(NamedTuple):
    status: int
    said: str
    complained: str


def graph_crm(home: Path, *words: str, **settings: str) -> Ended:
    """Run one command in a process of its own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("GRAPH_CRM_")}
    answer = subprocess.run(
        [sys.executable, "-m", "graph_crm", *words],
        env={**inherited, "GRAPH_CRM_HOME": str(home), "COLUMNS": "200", "NO_COLOR": "1", **settings},
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        check=False,
    )
    assert "Traceback" not in answer.stdout + answer.stderr
    return Ended(answer.returncode, answer.stdout, answer.stderr)


def test_one_day_of_a_database(tmp_path: Path) -> None:
    home = tmp_path / "acme"
    assert graph_crm(home, "db", "status") == Ended(3, f"The database of {home} is stopped.\n", "")
    up = graph_crm(home, "db", "up")
    try:
        address = LocalServer(home).address()
        password_file = home / "keys" / "database-password"
        assert up.status == 0
        assert up.said == (f"Neo4j 5.26.30 answers at {address.uri} (user neo4j, password in {password_file}).\n")
        assert "Neo4j 5.26.30 starts.\n" in up.complained
        assert address.password not in up.said + up.complained
        status = graph_crm(home, "db", "status")
        assert (status.status, status.said.startswith(f"Neo4j 5.26.30 answers at {address.uri} (process ")) == (
            0,
            True,
        )
        assert "Started." in graph_crm(home, "db", "logs", "--lines", "5").said
        # Nodes of somebody else in it: refused, and left alone.
        with connected(address) as driver:
            driver.execute_query("CREATE (:Film {title: 'Playtime'})")
            foreign = graph_crm(home, "db", "up")
            assert (foreign.status, foreign.said) == (1, "")
            assert "holds nodes that graph_crm did not make" in foreign.complained
            assert (
                driver.execute_query("MATCH (film:Film) RETURN film.title AS title").records[0]["title"] == "Playtime"
            )
        wrong_name = graph_crm(home, "db", "reset", "--name", "other")
        assert wrong_name == Ended(1, "", "Nothing was deleted: the name of this home is acme, not other.\n")
        unanswered = graph_crm(home, "db", "reset")
        assert unanswered.status == 1
        assert "Nothing was deleted" in unanswered.complained
        assert graph_crm(home, "db", "status").status == 0
        assert graph_crm(home, "db", "down") == Ended(0, "The database is stopped.\n", "")
    finally:
        LocalServer(home).down()
    assert graph_crm(home, "db", "down") == Ended(0, "The database did not run.\n", "")
    reset = graph_crm(home, "db", "reset", "--name", "acme", GRAPH_CRM_LANGUAGE="fr")
    assert reset == Ended(0, f"Toutes les données de {home} sont effacées.\n", "")
    assert not (home / "data" / "neo4j").exists()
    assert not (home / "keys" / "database-password").exists()


@pytest.mark.parametrize(
    "words", [["down"], ["logs"], ["reset", "--name", "acme"], ["backup", "monday.tar"], ["restore", "monday.tar"]]
)
def test_a_given_database_is_not_ours_to_manage(tmp_path: Path, words: list[str]) -> None:
    home = tmp_path / "acme"
    given = graph_crm(home, "db", *words, GRAPH_CRM_NEO4J_URI="bolt://127.0.0.1:9", GRAPH_CRM_NEO4J_PASSWORD="secret")
    assert (given.status, given.said) == (1, "")
    assert given.complained.startswith("GRAPH_CRM_NEO4J_URI names a database of yours (bolt://127.0.0.1:9)")
    assert not home.exists()


def test_a_given_database_that_does_not_answer_is_said(tmp_path: Path) -> None:
    settings = {"GRAPH_CRM_NEO4J_URI": "bolt://127.0.0.1:9", "GRAPH_CRM_NEO4J_PASSWORD": "secret"}
    for word in ("up", "status"):
        assert graph_crm(tmp_path, "db", word, **settings) == Ended(
            3, "", "The database at bolt://127.0.0.1:9 does not answer (ServiceUnavailable).\n"
        )


def test_a_given_database_in_use_is_told_from_ours(tmp_path: Path, empty_database: Address) -> None:
    settings = {
        "GRAPH_CRM_NEO4J_URI": empty_database.uri,
        "GRAPH_CRM_NEO4J_PASSWORD": empty_database.password,
    }
    up = graph_crm(tmp_path, "db", "up", **settings)
    assert (
        up.said
        == f"GRAPH_CRM_NEO4J_URI names your database at {empty_database.uri}: it answers, nothing was started.\n"
    )
    assert up.status == 0
    wrong = graph_crm(tmp_path, "db", "status", **{**settings, "GRAPH_CRM_NEO4J_PASSWORD": "wrong"})
    assert wrong == Ended(3, "", f"The database at {empty_database.uri} does not accept the password of neo4j.\n")


def test_a_wrong_setting_is_named(tmp_path: Path) -> None:
    wrong = graph_crm(tmp_path, "db", "status", GRAPH_CRM_DEFAULT_CURRENCY="euros")
    assert wrong.status == 1
    assert wrong.complained.startswith("The setting GRAPH_CRM_DEFAULT_CURRENCY is wrong")


def test_a_home_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    refused = graph_crm(tmp_path / "file" / "home", "db", "up")
    assert refused.status == 3
    assert refused.complained.endswith("cannot be used: Not a directory.\n")


def test_wrong_usage_ends_with_2(tmp_path: Path) -> None:
    assert graph_crm(tmp_path, "db", "upwards").status == 2
    assert graph_crm(tmp_path, "db", "up", "--port", "80").status == 2
    assert graph_crm(tmp_path, "db", "backup").status == 2


@pytest.mark.parametrize("word", ["up", "down", "status", "logs", "reset", "backup", "restore"])
def test_every_command_has_an_example_and_its_exit_statuses(word: str) -> None:
    shown = CliRunner().invoke(app, ["db", word, "--help"])
    assert shown.exit_code == 0
    assert "Example: " in shown.output
    assert "Exit status: 0" in shown.output


def test_help_is_in_the_language_of_the_settings(tmp_path: Path) -> None:
    french = graph_crm(tmp_path, "db", "restore", "--help", GRAPH_CRM_LANGUAGE="fr")
    assert "Exemple : GRAPH_CRM_HOME=/srv/restaure graph-crm db restore lundi.tar" in french.said
    assert "Code de sortie : 0" in french.said
