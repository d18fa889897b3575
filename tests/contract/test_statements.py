"""Each question is one reviewed file: names in code = files, and the server takes every one of them."""

from __future__ import annotations

import importlib
import re
from functools import cache

import pytest

from graph_crm.graph.client import Graph
from graph_crm.graph.migrations import migrate
from graph_crm.graph.query import REGISTERED
from tests import neo4j_server
from tests.contract.source import CYPHER, modules

FIRST_WORDS = ("// One row", "// No row", "// At most one row")

MISSING_PARAMETER = "01N60"
"""The one notice that every EXPLAIN without parameters gives."""


WRITING = r"\b(?:CREATE|MERGE) (?:(?!\n\s*(?:[A-Z]{3,}\b|//|\})).|\n)*?(?=\n\s*(?:[A-Z]{3,}\b|//|\}(?!\)))|;|\Z)"
"""A clause that writes, up to the next clause."""


def files() -> set[str]:
    return {
        path.relative_to(CYPHER).with_suffix("").as_posix()
        for path in CYPHER.rglob("*.cypher")
        if path.parent.name != "migrations"
    }


@cache
def text_of(name: str) -> str:
    return (CYPHER / f"{name}.cypher").read_text("utf-8")


def code_of(name: str) -> str:
    """The statement without its comments."""
    return "\n".join(line for line in text_of(name).splitlines() if not line.lstrip().startswith("//"))


def load_everything() -> None:
    for name in modules():
        if name != "graph_crm.__main__":
            importlib.import_module(name)


def test_names_in_code_are_the_files_in_the_folder() -> None:
    load_everything()
    assert set(REGISTERED) == files()


@pytest.mark.parametrize("name", sorted(files()))
def test_a_statement_says_what_a_row_means(name: str) -> None:
    first = text_of(name).splitlines()[0]
    assert first.startswith(FIRST_WORDS), first
    assert first.endswith("."), first


@pytest.mark.parametrize("name", sorted(files()))
def test_a_statement_has_whole_words_and_no_plugins(name: str) -> None:
    assert re.findall(r"[(\[](\w{1,2}):", code_of(name)) == []
    assert re.findall(r"\b(?:apoc|gds)\.", code_of(name), re.IGNORECASE) == []


@pytest.mark.parametrize("name", sorted(files()))
def test_a_seek_by_id_names_the_label_that_has_the_index(name: str) -> None:
    seeks = re.findall(r"\((\w*(?::\w+)+) \{id: ", code_of(name))
    assert [seek for seek in seeks if "Record" not in seek.split(":")] == []


async def test_a_new_server_takes_every_statement_without_a_notice(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Nothing was written here: a name that only some statement reads is a notice, until a migration names it."""
    load_everything()
    # SHOW cannot be explained; the migrations run it at every start.
    explained = [name for name in sorted(files()) if not code_of(name).startswith("SHOW")]
    with neo4j_server.running_server(tmp_path_factory.mktemp("new")) as address:
        async with Graph.at(address) as graph:
            await migrate(graph)
            notices = [f"{name}: {notice}" for name in explained for notice in await explain(graph, text_of(name))]
    assert notices == []


def test_the_names_that_migrations_make_known_are_written_somewhere() -> None:
    """A name that nothing writes is a mistake, even when a migration names it too."""
    shipped = "\n".join(path.read_text("utf-8") for path in (CYPHER / "migrations").glob("*.cypher"))
    named: dict[str, set[str]] = {}
    for names, procedure in re.findall(r"UNWIND \[([^\]]*)\] AS name\nCALL db\.create(\w+)\(name\)", shipped):
        named[procedure] = set(re.findall(r"'(\w+)'", names))
    texts = "\n".join(path.read_text("utf-8") for path in CYPHER.rglob("*.cypher"))
    labels = {
        label
        for clause in re.findall(WRITING, texts)
        for several in re.findall(r"\(\w*((?::\w+)+)", clause)
        for label in several.split(":")
    }
    types = set(re.findall(r"\[\w*:(\w+)", texts))
    properties = set(re.findall(r"\.(\w+) = ", texts)) | set(re.findall(r"[{,\s](\w+): ", texts))
    assert named["Label"] - labels == set()
    assert named["RelationshipType"] - types == set()
    assert named["Property"] - properties == set()


async def explain(graph: Graph, text: str) -> list[str]:
    """What the server has to say about a statement that it does not like."""
    async with graph.driver.session(database=graph.database, notifications_min_severity="INFORMATION") as session:
        summary = await (await session.run(f"EXPLAIN {text}")).consume()
    return [
        f"{status.gql_status}: {status.status_description}"
        for status in summary.gql_status_objects
        if status.is_notification and status.gql_status != MISSING_PARAMETER
    ]


async def test_the_check_sees_a_cartesian_product_an_unbounded_path_and_an_unknown_property(graph: Graph) -> None:
    assert await explain(graph, "MATCH (account:Account), (contact:Contact) RETURN count(*) AS pairs")
    assert await explain(graph, "MATCH p = shortestPath((a:Account)-[:PART_OF*]->(b:Account)) RETURN count(p) AS n")
    assert await explain(graph, "MATCH (account:Account) RETURN account.nmae AS name")
