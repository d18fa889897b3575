"""What `make bench` compares with is the same work."""

from __future__ import annotations

from typing import Any

from bench.importing import bare, floor_of
from graph_crm.graph.client import Graph
from graph_crm.graph.emptying import empty
from graph_crm.imports.service import Asked, import_sheets
from tests.api import Api
from tests.imports.exports import whole_export
from tests.small_graph import run


async def whole_graph(graph: Graph) -> list[dict[str, Any]]:
    """Every record with its properties, audit values and links."""
    return await run(
        graph,
        """MATCH (node:Record) WHERE NOT node:Vocabulary
        RETURN node.id AS id, labels(node) AS labels, properties(node) AS properties,
          COLLECT { MATCH (node)-[:HAS_VALUES]->(kept) RETURN kept.values } AS changes,
          COLLECT { MATCH (node)-[link]->(end:Record) WITH type(link) AS type, end.id AS id, properties(link) AS held
                    RETURN [type, id, held] ORDER BY type, id } AS links
        ORDER BY id""",
    )


async def test_the_bare_statements_make_the_very_graph_that_an_import_makes(api: Api) -> None:
    await import_sheets(api.graph, api.viewer, whole_export(), Asked(currency="USD"))
    imported = await whole_graph(api.graph)
    assert {"Contact", "SourceRecord", "ChangeEvent"} <= {label for row in imported for label in row["labels"]}
    floor = await floor_of(api.graph)
    await empty(api.graph)
    assert len(await whole_graph(api.graph)) < len(imported) / 2
    await bare(api.graph, floor)
    made = await whole_graph(api.graph)
    for row in (*imported, *made):
        row["labels"].sort()
    assert made == imported
