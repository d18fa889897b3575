"""Each question is one reviewed file: names in code = files, and the server takes every one of them."""

from __future__ import annotations

import importlib
import re

import pytest

from graph_crm.graph.client import Graph
from graph_crm.graph.query import REGISTERED
from tests.contract.source import CYPHER, modules

FIRST_WORDS = ("// One row", "// No row", "// Rows", "// At most one row")

HARMLESS = (
    "Neo.ClientNotification.Statement.ParameterNotProvided",
    # Labels, types and properties that no record of the test database carries yet.
    "Neo.ClientNotification.Statement.UnknownPropertyKeyWarning",
)


def files() -> set[str]:
    return {
        path.relative_to(CYPHER).with_suffix("").as_posix()
        for path in CYPHER.rglob("*.cypher")
        if path.parent.name != "migrations"
    }


def load_everything() -> None:
    for name in modules():
        if name != "graph_crm.__main__":
            importlib.import_module(name)


def test_names_in_code_are_the_files_in_the_folder() -> None:
    load_everything()
    assert set(REGISTERED) == files()


@pytest.mark.parametrize("name", sorted(files()))
def test_a_statement_says_what_a_row_means(name: str) -> None:
    first = (CYPHER / f"{name}.cypher").read_text("utf-8").splitlines()[0]
    assert first.startswith(FIRST_WORDS), first
    assert first.endswith("."), first


@pytest.mark.parametrize("name", sorted(files()))
def test_a_statement_takes_parameters_only_and_whole_words(name: str) -> None:
    text = (CYPHER / f"{name}.cypher").read_text("utf-8")
    code = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("//"))
    variables = re.findall(r"[(\[](\w{1,2}):", code)
    assert variables == [], "whole-word variables"
    assert "apoc." not in code.lower()
    assert "gds." not in code.lower()


async def test_the_server_takes_every_statement_without_a_warning(graph: Graph) -> None:
    load_everything()
    complaints = []
    for name in sorted(files()):
        text = (CYPHER / f"{name}.cypher").read_text("utf-8")
        if text.splitlines()[1].startswith("SHOW"):
            continue  # SHOW cannot be explained; the migrations run it at every start
        complaints += [f"{name}: {complaint}" for complaint in await explain(graph, text)]
    assert complaints == []


async def explain(graph: Graph, text: str) -> list[str]:
    """What the server has to say about a statement that it does not like."""
    async with graph.driver.session(database=graph.database, notifications_min_severity="INFORMATION") as session:
        result = await session.run(f"EXPLAIN {text}")
        summary = await result.consume()
    return [
        f"{item['code']}: {item['description']}"
        for item in summary.notifications or []
        if item["code"] not in HARMLESS
    ]


async def test_the_check_sees_a_cartesian_product_and_an_unbounded_path(graph: Graph) -> None:
    assert await explain(graph, "MATCH (account:Account), (contact:Contact) RETURN count(*) AS pairs")
    assert await explain(graph, "MATCH (account:Account)-[:PART_OF*]->(parent:Account) RETURN count(*) AS pairs")
