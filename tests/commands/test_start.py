"""A command starts soon: it loads what it needs and nothing of the others."""

from __future__ import annotations

import subprocess
import sys

import pytest

LOADED = """
import sys
from graph_crm.__main__ import app
try:
    app({words!r}, prog_name="graph-crm")
except SystemExit:
    pass
print(*sorted(name for name in {libraries!r} if name in sys.modules))
"""
LIBRARIES = ["neo4j", "starlette", "strawberry", "uvicorn"]


def loaded_by(*words: str) -> list[str]:
    """Which of the large libraries a command has loaded once its help is shown."""
    code = LOADED.format(words=list(words), libraries=LIBRARIES)
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return answer.stdout.splitlines()[-1].split()


@pytest.mark.parametrize(
    ("words", "libraries"),
    [
        (["no-such-command"], []),
        (["db", "status", "--help"], ["neo4j"]),
        (["demo", "--help"], ["neo4j"]),
        (["serve", "--help"], LIBRARIES),
    ],
)
def test_a_command_loads_only_its_own_libraries(words: list[str], libraries: list[str]) -> None:
    assert loaded_by(*words) == libraries
