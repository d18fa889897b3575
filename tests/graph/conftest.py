"""A Neo4j apart from the one that the other tests share: here its schema and its marks come and go."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from neo4j import Driver

from graph_crm.graph.readiness import Address
from tests import neo4j_server


@pytest.fixture(scope="session")
def own_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Address]:
    """The address of that server."""
    with neo4j_server.running_server(tmp_path_factory.mktemp("own")) as address:
        yield address


@pytest.fixture(scope="session")
def own_driver(own_server: Address) -> Iterator[Driver]:
    """The plain driver on it."""
    with neo4j_server.connected(own_server) as connection:
        yield connection
