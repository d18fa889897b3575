"""What people install holds everything that runs, and nothing that must be fetched from its maker."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from graph_crm.graph.readiness import Address

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel of this checkout, built without a network."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    (built,) = folder.glob("graph_crm-*.whl")
    return built


def test_the_wheel_holds_every_file_that_the_program_reads(wheel: Path) -> None:
    held = set(zipfile.ZipFile(wheel).namelist())
    read = {
        f"{inside}/{file.relative_to(ROOT / folder).as_posix()}"
        for folder, inside in (
            ("graph_crm", "graph_crm"),
            ("cypher", "graph_crm/_cypher"),
            ("schema", "graph_crm/_schema"),
        )
        for file in (ROOT / folder).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    assert read - held == set()
    assert {name for name in held if name.endswith((".jar", ".tgz", ".jmod"))} == set()
    assert any(name.endswith("licenses/LICENSE") for name in held)


def test_the_installed_wheel_answers_outside_the_checkout(
    wheel: Path, empty_database: Address, tmp_path: Path
) -> None:
    installed, elsewhere = tmp_path / "installed", tmp_path / "elsewhere"
    zipfile.ZipFile(wheel).extractall(installed)
    elsewhere.mkdir()
    environment = {
        **os.environ,
        "PYTHONPATH": str(installed),
        "GRAPH_CRM_HOME": str(tmp_path / "home"),
        "GRAPH_CRM_NEO4J_URI": empty_database.uri,
        "GRAPH_CRM_NEO4J_USER": empty_database.user,
        "GRAPH_CRM_NEO4J_PASSWORD": empty_database.password,
    }

    def answered(*words: str) -> str:
        ran = subprocess.run(
            [sys.executable, *words], cwd=elsewhere, env=environment, check=False, capture_output=True, text=True
        )
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    where = answered("-c", "import graph_crm; print(graph_crm.__file__)")
    assert Path(where.strip()).is_relative_to(installed)
    # It migrates an empty database first, so that the statements of the wheel are found, and asks one of them.
    asked = "{ accounts { totalCount } vocabulary(language: FR) { label } }"
    answer = json.loads(answered("-m", "graph_crm", "query", asked))["data"]
    assert answer["accounts"] == {"totalCount": 0}
    assert "Décideur" in {entry["label"] for entry in answer["vocabulary"]}
