"""Whose database it is, before anything is written to it."""

from __future__ import annotations

import pytest
from neo4j import Driver

from graph_crm.errors import Conflict
from graph_crm.graph.readiness import Address, refuse_foreign_nodes


@pytest.fixture
def nothing(own_server: Address, own_driver: Driver) -> Address:
    """A database in which there is nothing at all."""
    own_driver.execute_query("MATCH (node) DETACH DELETE node")
    return own_server


def count(driver: Driver) -> int:
    return driver.execute_query("MATCH (node) RETURN count(node) AS count").records[0]["count"]


def test_an_empty_database_is_ours_to_use(nothing: Address, own_driver: Driver) -> None:
    refuse_foreign_nodes(own_driver, nothing.database)


def test_a_database_that_carries_migrations_is_ours(nothing: Address, own_driver: Driver) -> None:
    own_driver.execute_query("CREATE (:Migration {version: 'V0001'}), (:Account {id: 'a'})")
    refuse_foreign_nodes(own_driver, nothing.database)


def test_nodes_that_we_did_not_make_are_refused_and_left_alone(nothing: Address, own_driver: Driver) -> None:
    own_driver.execute_query("CREATE (:Film {title: 'Playtime'}), (:Person {name: 'Jacques Tati'})")
    with pytest.raises(Conflict, match="holds nodes that graph_crm did not make"):
        refuse_foreign_nodes(own_driver, nothing.database)
    assert count(own_driver) == 2
