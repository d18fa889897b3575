"""The real Neo4j that tests run on: one per test process, started by the code that starts everybody else's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from neo4j import Driver, GraphDatabase

from graph_crm.graph.local_server import LocalServer
from graph_crm.graph.readiness import Address
from graph_crm.graph.server_configuration import TEST_PROFILE

# What migrations made stays; what a test made goes. The counters go back to their first number.
EMPTY = """
MATCH (node)
WHERE NOT node:Migration AND NOT node:MigrationLock AND NOT node:Sequence AND NOT node:Organisation
  AND NOT node:Vocabulary
WITH node
LIMIT 2000
DETACH DELETE node
RETURN count(*) AS count
"""


@contextmanager
def running_server(home: Path) -> Iterator[Address]:
    """A server of the caller's own, stopped at the end."""
    server = LocalServer(home, profile=TEST_PROFILE)
    server.prepare_quick_starts()
    address = server.up()
    try:
        yield address
    finally:
        server.down()


@contextmanager
def connected(address: Address) -> Iterator[Driver]:
    """The plain driver, for what a test has to see or prepare behind the service's back."""
    with GraphDatabase.driver(
        address.uri, auth=(address.user, address.password), notifications_min_severity="OFF"
    ) as driver:
        yield driver


def empty(driver: Driver, database: str = "neo4j") -> None:
    """Delete what tests made and keep what migrations made."""
    with driver.session(database=database) as session:
        # One transaction for each part: a whole import takes longer to delete than one may last.
        while session.run(EMPTY).single(strict=True)["count"]:
            pass
        session.run("MATCH (sequence:Sequence) SET sequence.value = 0").consume()
