"""Fixtures every test may ask for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from neo4j import Driver

from graph_crm.graph.migrations import migrate
from graph_crm.graph.readiness import Address
from tests import neo4j_server
from tests.api import Api, RecordingGraph, an_administrator


@pytest.fixture(scope="session")
def database(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    """The address of this test process's own Neo4j."""
    with neo4j_server.running_server(tmp_path_factory.mktemp("home")) as address:
        yield address


@pytest.fixture(scope="session")
def driver(database: Address) -> Iterator[Driver]:
    """The plain driver on that database."""
    with neo4j_server.connected(database) as connection:
        yield connection


@pytest.fixture
def empty_database(database: Address, driver: Driver) -> Address:
    """The same Neo4j, without what earlier tests made."""
    neo4j_server.empty(driver, database.database)
    return database


@pytest_asyncio.fixture(scope="session")
async def graph(database: Address) -> AsyncIterator[RecordingGraph]:
    """The service's own client on that database, migrated."""
    async with RecordingGraph.at(database) as connected:
        await migrate(connected)
        yield connected


@pytest.fixture
async def api(graph: RecordingGraph, empty_database: Address) -> Api:
    """The GraphQL API on an empty database, asked by an administrator unless a test names another viewer."""
    return Api(graph, await an_administrator(graph))
