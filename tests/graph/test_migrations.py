"""A database is brought to the version of the code: once, whoever starts, and never against its content."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from neo4j import Driver

from graph_crm.errors import Conflict, Unavailable
from graph_crm.graph import migrations
from graph_crm.graph.client import Graph
from graph_crm.graph.migrations import APPLIED, SCHEMA_ITEMS, migrate, shipped, wanted_schema
from graph_crm.graph.readiness import Address
from tests.graph.trials import Number, number, question

ALL = len(shipped())
NODES = question("MATCH (node) RETURN count(node) AS value", Number)
MIGRATE = """
import asyncio, os
from graph_crm.graph.client import Graph
from graph_crm.graph.migrations import migrate
from graph_crm.graph.readiness import Address

async def main():
    async with Graph.at(Address(os.environ["URI"], os.environ["USER_NAME"], os.environ["PASSWORD"])) as graph:
        print(await migrate(graph))

asyncio.run(main())
"""


@pytest_asyncio.fixture
async def fresh(own_server: Address, own_driver: Driver) -> AsyncIterator[Graph]:
    """The client of a database in which there is nothing at all."""
    own_driver.execute_query("MATCH (node) DETACH DELETE node")
    for kind, kinds in (("CONSTRAINT", "CONSTRAINTS"), ("INDEX", "INDEXES")):
        records, _, _ = own_driver.execute_query(f"SHOW {kinds} YIELD name, type WHERE type <> 'LOOKUP' RETURN name")
        for record in records:
            own_driver.execute_query(f"DROP {kind} {record['name']}")
    async with Graph.at(own_server) as graph:
        yield graph


async def schema_of(graph: Graph) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    return {item.name: (tuple(sorted(item.on)), item.properties) for item in await graph.read(SCHEMA_ITEMS)}


async def is_complete(graph: Graph) -> bool:
    wanted = {name: (item.on, item.properties) for name, item in wanted_schema(shipped()).items()}
    marked = {row.version: row.checksum for row in await graph.read(APPLIED)}
    return await schema_of(graph) == wanted and marked == {m.version: m.checksum for m in shipped()}


async def test_an_empty_database_gets_everything_and_the_next_start_nothing(fresh: Graph) -> None:
    assert await migrate(fresh) == ALL
    assert await is_complete(fresh)
    before = await number(fresh, NODES)
    assert await migrate(fresh) == 0
    assert await is_complete(fresh)
    assert await number(fresh, NODES) == before


async def test_a_database_that_is_up_to_date_is_only_read(fresh: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    assert await migrate(fresh) == ALL

    async def refuse(*_: object, **__: object) -> None:
        raise AssertionError

    monkeypatch.setattr(fresh, "maintain", refuse)
    assert await migrate(fresh) == 0


async def test_three_processes_that_start_at_once_migrate_once_without_an_error(
    fresh: Graph, own_server: Address
) -> None:
    environment = {
        **os.environ,
        "URI": own_server.uri,
        "USER_NAME": own_server.user,
        "PASSWORD": own_server.password,
    }
    processes = await asyncio.gather(
        *(
            asyncio.create_subprocess_exec(
                sys.executable,
                "-c",
                MIGRATE,
                env=environment,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
            for _ in range(3)
        )
    )
    ended = await asyncio.gather(*(process.communicate() for process in processes))
    assert [(process.returncode, errors) for process, (_, errors) in zip(processes, ended, strict=True)] == [
        (0, b"")
    ] * 3
    assert sorted(int(output) for output, _ in ended) == [0, 0, ALL]
    assert await is_complete(fresh)


async def test_a_migration_that_was_cut_off_is_done_by_the_next_start(fresh: Graph, own_driver: Driver) -> None:
    first = shipped()[0]
    for text in first.statements[: len(first.statements) // 2]:
        own_driver.execute_query(text)
    own_driver.execute_query(
        "CREATE (:MigrationLock {name: 'schema', owner: 'killed', until: timestamp() + 300, touched: timestamp()})"
    )
    assert await migrate(fresh) == ALL
    assert await is_complete(fresh)


async def test_a_process_that_migrates_for_too_long_is_not_waited_for(
    fresh: Graph, own_driver: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(migrations, "LONGEST_WAIT_SECONDS", 0.3)
    own_driver.execute_query(
        "CREATE (:MigrationLock {name: 'schema', owner: 'another', until: timestamp() + 600000})"
    )
    with pytest.raises(Unavailable, match="Another process has been migrating this database for too long"):
        await migrate(fresh)
    assert set(await schema_of(fresh)) == {"migration_lock_name"}


@dataclass(frozen=True, slots=True)
class Spoiled:
    """A change made behind the service's back, and what the next start says of it."""

    statement: str
    sentence: str


@pytest.mark.parametrize(
    "spoiled",
    [
        Spoiled(
            "MATCH (migration:Migration {version: 1}) SET migration.checksum = 'of another file'",
            "Migration 1 was edited after it had been applied. Put the original file back.",
        ),
        Spoiled(
            "CREATE (:Migration {version: 999, name: 'later', checksum: 'unknown'})",
            "This database was used by a newer graph_crm (migration 999). Install that version.",
        ),
        Spoiled(
            "DROP INDEX account_name",
            "The database has another account_name than graph_crm needs. Drop it, then start again.",
        ),
    ],
    ids=["an edited file", "a newer version", "an index that is gone"],
)
async def test_a_database_that_is_not_what_the_files_made_of_it_is_refused(
    fresh: Graph, own_driver: Driver, spoiled: Spoiled
) -> None:
    await migrate(fresh)
    own_driver.execute_query(spoiled.statement)  # pyright: ignore[reportArgumentType]
    before = (await number(fresh, NODES), await schema_of(fresh))
    with pytest.raises(Conflict) as refused:
        await migrate(fresh)
    assert str(refused.value) == spoiled.sentence
    assert (await number(fresh, NODES), await schema_of(fresh)) == before


async def test_another_index_under_one_of_our_names_is_named(fresh: Graph, own_driver: Driver) -> None:
    own_driver.execute_query("CREATE INDEX account_name FOR (thing:Thing) ON (thing.size)")
    with pytest.raises(Conflict) as refused:
        await migrate(fresh)
    assert str(refused.value) == (
        "The database has another account_name than graph_crm needs. Drop it, then start again."
    )


async def test_a_database_of_somebody_else_is_refused_and_left_as_it_was(fresh: Graph, own_driver: Driver) -> None:
    own_driver.execute_query("CREATE (:Movie {title: 'Theirs'})-[:SHOWN_IN]->(:Cinema)")
    with pytest.raises(Conflict, match="holds nodes that graph_crm did not make"):
        await migrate(fresh)
    assert await number(fresh, NODES) == 2
    assert await schema_of(fresh) == {}
