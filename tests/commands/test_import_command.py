"""`graph-crm import` as a person runs it: what it prints, refuses, reports, and survives."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from neo4j import Driver

from graph_crm.__main__ import app
from graph_crm.commands import terminal
from graph_crm.commands.terminal import ended
from graph_crm.graph.readiness import Address
from tests.imports.exports import ACCOUNTS, ACTIVITIES, CONTACTS, DEALS, USERS, ZOHO

PATIENCE_SECONDS = 120
HEARS_CTRL_C = """
import signal
from graph_crm.__main__ import main
signal.signal(signal.SIGINT, signal.default_int_handler)
main()
"""
"""graph-crm, even where the tests were started in the background: whatever is started there ignores Ctrl-C."""


@dataclass(frozen=True, slots=True)
class Ended:
    status: int
    out: str
    said: str


Terminal = Callable[..., Ended]
Count = Callable[[str], int]


@pytest.fixture
def environment(empty_database: Address, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRAPH_CRM_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("GRAPH_CRM_NEO4J_URI", empty_database.uri)
    monkeypatch.setenv("GRAPH_CRM_NEO4J_USER", empty_database.user)
    monkeypatch.setenv("GRAPH_CRM_NEO4J_PASSWORD", empty_database.password)
    monkeypatch.delenv("GRAPH_CRM_DEFAULT_CURRENCY", raising=False)


@pytest.fixture
def terminal_of(environment: None, capsys: pytest.CaptureFixture[str]) -> Iterator[Terminal]:
    """Runs `graph-crm …` in this process on the test's database, and gives its status and what it printed."""
    terminal.language.cache_clear()

    def run(*words: str | Path) -> Ended:
        status = ended(lambda: app([str(word) for word in words], prog_name="graph-crm"))
        captured = capsys.readouterr()
        return Ended(int(status), captured.out, captured.err)

    yield run
    terminal.language.cache_clear()


@pytest.fixture
def count(driver: Driver) -> Count:
    def of(label: str) -> int:
        records, _, _ = driver.execute_query(
            "MATCH (node) WHERE $label IN labels(node) RETURN count(node) AS count", label=label
        )
        return int(records[0]["count"])

    return of


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    texts = {"users": USERS, "accounts": ACCOUNTS, "contacts": CONTACTS, "deals": DEALS, "activities": ACTIVITIES}
    for name, text in texts.items():
        (tmp_path / f"{name}.csv").write_text(text, "utf-8")
    return [tmp_path / f"{name}.csv" for name in texts]


def test_it_says_what_it_recognised_did_and_could_not_place(
    terminal_of: Terminal, files: list[Path], tmp_path: Path
) -> None:
    report = tmp_path / "problems.csv"
    done = terminal_of("import", *files, "--currency", "USD", "--report", report)
    assert done.status == 0, done.said
    lines = [" ".join(line.split()) for line in done.out.splitlines()]
    for line in (
        "contacts.csv contacts 3",
        "contacts 3 0 0",
        "interactions 4 0 0",
        "Contacts placed at an account: 1 by its name, 1 by e-mail domain, 1 ambiguous.",
        "2 ties between owners and contacts.",
        "ambiguous: 2",
        f"All of it, with the candidates, is in {report}.",
    ):
        assert line in lines
    with report.open(encoding="utf-8-sig", newline="") as stream:
        rows = list(csv.DictReader(stream))
    [bo] = [row for row in rows if row["code"] == "AMBIGUOUS" and row["file"] == "contacts.csv"]
    assert (bo["row"], bo["column"], bo["value"]) == ("3", "Account_Name", "Atlas")
    assert bo["candidates"].startswith("Atlas (atlas.co, 2 West Road, Denver) [")


def test_a_second_run_says_that_everything_was_there(terminal_of: Terminal, files: list[Path]) -> None:
    terminal_of("import", *files, "--currency", "USD")
    again = terminal_of("import", *files, "--currency", "USD")
    assert again.status == 0
    assert "Everything was there already: nothing was changed." in again.out


def test_a_dry_run_writes_nothing_and_reports_as_json(
    terminal_of: Terminal, files: list[Path], tmp_path: Path, count: Count
) -> None:
    report = tmp_path / "problems.json"
    done = terminal_of("import", *files, "--currency", "USD", "--dry-run", "--report", report)
    assert done.status == 0
    assert "This was a dry run: nothing was written." in done.out
    assert count("Contact") == count("ImportJob") == count("Receipt") == 0
    said = json.loads(report.read_text("utf-8"))
    assert said["records"]["CONTACT"] == {"created": 3, "changed": 0, "unchanged": 0}
    assert said["dryRun"]


def test_amounts_without_a_currency_are_refused(terminal_of: Terminal, files: list[Path], count: Count) -> None:
    done = terminal_of("import", *files)
    assert done.status == 1
    assert "Add --currency with its three letters" in done.said
    assert count("Account") == count("ImportJob") == 0


def test_a_currency_that_is_none_is_refused(terminal_of: Terminal, files: list[Path], count: Count) -> None:
    done = terminal_of("import", *files, "--currency", "XXQ")
    assert done.status == 1
    assert "XXQ is not a currency" in done.said
    assert count("Account") == 0


def test_a_file_with_a_broken_quote_is_refused_and_nothing_of_any_file_is_written(
    terminal_of: Terminal, files: list[Path], count: Count
) -> None:
    files[3].write_text(DEALS.replace("West deal", '"West deal'), "utf-8")
    done = terminal_of("import", *files, "--currency", "USD")
    assert done.status == 1
    assert done.said.startswith("deals.csv, row 3 (line 3), column 1: a quote opens here and is never closed")
    assert count("Account") == count("User") == count("ImportJob") == 0


def test_rows_that_were_left_out_show_in_the_exit_status(
    terminal_of: Terminal, files: list[Path], count: Count, tmp_path: Path
) -> None:
    files[3].write_text(DEALS.replace("2025-11-01", "2025-02-30"), "utf-8")
    done = terminal_of("import", *files, "--currency", "USD")
    assert done.status == 4
    assert (
        "deals.csv, row 2, Created_Time “2025-02-30”: This row was left out: the calendar has no such day."
        in done.out
    )
    assert count("Opportunity") == 2
    assert list((tmp_path / "home" / "imports").glob("*.csv"))


def test_a_report_of_another_kind_is_refused_before_the_work(
    terminal_of: Terminal, files: list[Path], count: Count
) -> None:
    assert terminal_of("import", *files, "--currency", "USD", "--report", "problems.docx").status == 1
    assert count("Account") == 0


@pytest.mark.parametrize(
    ("ending", "status"), [(signal.SIGKILL, -signal.SIGKILL), (signal.SIGINT, 130)], ids=["killed", "interrupted"]
)
def test_an_import_that_was_ended_in_the_middle_comes_to_the_same_when_started_again(
    environment: None, driver: Driver, terminal_of: Terminal, count: Count, ending: signal.Signals, status: int
) -> None:
    export = [str(ZOHO / f"zoho_{name}.csv") for name in ("users_reference", "accounts", "contacts")]
    command = [sys.executable, "-c", HEARS_CTRL_C, "import", *export, "--currency", "USD"]
    with subprocess.Popen(
        command,
        env=dict(os.environ),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        until = time.monotonic() + PATIENCE_SECONDS
        while count("Account") == 0 and process.poll() is None and time.monotonic() < until:
            pass
        with driver.session() as session, session.begin_transaction() as held:
            # Every batch counts on with this number: the import cannot end before the signal reaches it.
            held.run("MATCH (sequence:Sequence) SET sequence._lock = true").consume()
            process.send_signal(ending)
            time.sleep(1)
        assert process.wait(PATIENCE_SECONDS) == status
    assert count("Contact") < 2_457
    again = terminal_of("import", *export, "--currency", "USD")
    assert again.status == 0
    assert "that was cut off is complete now" in again.out
    counts = [count(label) for label in ("Account", "Contact", "EmailAddress", "SourceRecord", "ImportJob")]
    assert counts == [800, 2_457, 2_457, 800 + 2_457, 1]
