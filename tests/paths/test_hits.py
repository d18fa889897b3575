"""What warm paths ask of the database, on a graph that is always the same: hits do not depend on the machine."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Any

from bench.generated import NOW_DAYS, SIZES, Marks, generate
from graph_crm.graph.client import Graph
from graph_crm.graph.parameters import encode
from graph_crm.graph.query import Query
from graph_crm.graph.readiness import Address
from graph_crm.paths import service
from graph_crm.paths.types import PathFrom, PathRequest
from graph_crm.viewer import PERMISSIONS, Role, Viewer, groups_of
from tests.api import Api

# Measured, and a fifth more: the median of ten ordinary contacts, and the contact who knows three hundred.
CEILINGS = {
    (PathFrom.ME, "ordinary"): 1_300,
    (PathFrom.ME, "hub"): 11_800,
    (PathFrom.ANYONE, "ordinary"): 1_600,
    (PathFrom.ANYONE, "hub"): 13_800,
}
MOST_STATEMENTS = {PathFrom.ME: 3, PathFrom.ANYONE: 7}


class ProfilingGraph(Graph):
    """The client, which also keeps the database hits of each statement."""

    hits: list[int]

    async def read(self, query: Query[Any], **parameters: Any) -> list[Any]:
        given = {name: value for name, value in parameters.items() if name != "seconds"}
        async with self.driver.session(database=self.database) as session:  # pyright: ignore[reportUnknownMemberType]
            result = await session.run(f"PROFILE {query.text}", encode(given))
            summary: Any = await result.consume()
            self.hits.append(hits_of(summary.profile))
        return await super().read(query, **(parameters | {"seconds": 30}))


def hits_of(plan: Any) -> int:
    return int(plan["args"].get("DbHits", 0)) + sum(hits_of(child) for child in plan.get("children", []))


async def hits_to(graph: ProfilingGraph, marks: Marks, start: PathFrom, targets: Sequence[str]) -> float:
    """The median of the hits of an answer; none may take too many statements."""
    found: list[int] = []
    role = Role.SELLER
    viewer = Viewer(marks.asker, "Asker", role, PERMISSIONS[role], groups_of(marks.asker, role, [], []))
    for target in targets:
        graph.hits = []
        request = PathRequest(
            viewer_id=viewer.user_id, as_of=NOW_DAYS, to_contact=target, start=start, first=10, diversify=False
        )
        answer = await service.warm_paths(graph, viewer, request)
        assert answer is not None
        assert answer.found.exact
        assert len(graph.hits) <= MOST_STATEMENTS[start]
        found.append(sum(graph.hits))
    return statistics.median(found)


async def test_paths_ask_little_of_the_database(api: Api, database: Address) -> None:
    marks = await generate(api.graph.driver, SIZES["XS"])
    async with ProfilingGraph.at(database) as graph:
        hits = {
            (start, kind): await hits_to(graph, marks, start, targets)
            for start in (PathFrom.ME, PathFrom.ANYONE)
            for kind, targets in (("ordinary", marks.ordinary[:10]), ("hub", marks.hubs))
        }
    above = {key: (found, CEILINGS[key]) for key, found in hits.items() if found > CEILINGS[key]}
    assert above == {}
