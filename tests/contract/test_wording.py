"""The project speaks of itself alone, and names nothing of the machine it was made on."""

from __future__ import annotations

import re
import subprocess

import pytest

from tests.contract.source import ROOT

FORBIDDEN = re.compile(r"/(?:work|root)/|\bsub-?agent|\blanguage model\b|\bChatGPT\b|\bClaude\b", re.IGNORECASE)


def tracked() -> list[str]:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    return [name for name in listed.stdout.splitlines() if not name.startswith(("tests/data/", "tests/contract/"))]


@pytest.mark.parametrize("name", tracked())
def test_a_file_speaks_of_the_project_alone(name: str) -> None:
    path = ROOT / name
    if path.is_symlink() or not path.exists():
        return
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError:
        return
    assert FORBIDDEN.search(text) is None
