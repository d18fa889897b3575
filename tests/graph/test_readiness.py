import pytest
from neo4j import Driver

from graph_crm.errors import Conflict
from graph_crm.graph.readiness import Address, refuse_foreign_nodes


def count(driver: Driver) -> int:
    return driver.execute_query("MATCH (node) RETURN count(node) AS count").records[0]["count"]


def test_an_empty_database_is_ours_to_use(empty_database: Address, driver: Driver) -> None:
    driver.execute_query("MATCH (node) DETACH DELETE node")
    refuse_foreign_nodes(driver, empty_database.database)


def test_a_database_that_carries_migrations_is_ours(empty_database: Address, driver: Driver) -> None:
    driver.execute_query("CREATE (:Migration {version: 'V0001'}), (:Account {id: 'a'})")
    refuse_foreign_nodes(driver, empty_database.database)
    driver.execute_query("MATCH (node) DETACH DELETE node")


def test_nodes_that_we_did_not_make_are_refused_and_left_alone(empty_database: Address, driver: Driver) -> None:
    driver.execute_query("MATCH (node) DETACH DELETE node")
    driver.execute_query("CREATE (:Film {title: 'Playtime'}), (:Person {name: 'Jacques Tati'})")
    with pytest.raises(Conflict, match="holds nodes that graph_crm did not make"):
        refuse_foreign_nodes(driver, empty_database.database)
    assert count(driver) == 2
