"""The terminal, on the test's database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from graph_crm.__main__ import app
from graph_crm.commands import terminal
from graph_crm.commands.terminal import ended
from graph_crm.graph.readiness import Address
from tests.terminal import Ended, Terminal


@pytest.fixture
def terminal_of(
    empty_database: Address, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Iterator[Terminal]:
    """Runs `graph-crm …` in this process on the test's database, and gives its status and what it printed."""
    monkeypatch.setenv("GRAPH_CRM_HOME", str(tmp_path))
    monkeypatch.setenv("GRAPH_CRM_NEO4J_URI", empty_database.uri)
    monkeypatch.setenv("GRAPH_CRM_NEO4J_USER", empty_database.user)
    monkeypatch.setenv("GRAPH_CRM_NEO4J_PASSWORD", empty_database.password)
    terminal.language.cache_clear()

    def run(*words: str) -> Ended:
        status = ended(lambda: app(list(words), prog_name="graph-crm"))
        captured = capsys.readouterr()
        return Ended(int(status), captured.out, captured.err)

    yield run
    terminal.language.cache_clear()
