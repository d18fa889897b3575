"""`python -m bench`: what the service costs over the bare driver, in one run, on a generated graph."""

from __future__ import annotations

import argparse
import asyncio
import gc
import statistics
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from neo4j import RoutingControl
from rich.console import Console
from rich.table import Table

from bench.generated import NOW_DAYS, SIZES, Marks, generate
from bench.importing import import_rates
from graph_crm.context import Context
from graph_crm.graph.client import Graph, patience
from graph_crm.graph.emptying import empty
from graph_crm.graph.local_server import LocalServer
from graph_crm.graph.migrations import migrate
from graph_crm.graph.parameters import encode
from graph_crm.graph.query import Query
from graph_crm.paths import service as paths
from graph_crm.paths.types import PathFrom, PathRequest
from graph_crm.schema import schema
from graph_crm.settings import Settings
from graph_crm.stakeholders import service as stakeholders
from graph_crm.viewer import PERMISSIONS, Role, Viewer, groups_of

console = Console(width=120)
ROUNDS = 100
SLOW_ROUNDS = 20

MAP = """
query($id: ID!) { stakeholderMap(of: {opportunityId: $id}) {
  status statusReasons { sentence } consensus { support knownShare blockerExposure } roleCoverage { score threads }
  people { id title x y keyPlayer badges contact { displayName } stakeholder { roles stance confidence } }
  links { kind weight } seats { role state sentence } } }
"""


@dataclass(frozen=True, slots=True)
class Statement:
    query: Query[Any]
    parameters: dict[str, Any]


class Recorder(Graph):
    """The client, noting each statement with its parameters so that the bare driver can run the same ones."""

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.statements: list[Statement] = []

    async def read(self, query: Query[Any], **parameters: Any) -> list[Any]:
        self.statements.append(Statement(query, {k: v for k, v in parameters.items() if k != "seconds"}))
        return await super().read(query, **parameters)


@dataclass(frozen=True, slots=True)
class Measured:
    name: str
    p50: float
    p99: float
    bare_p50: float
    statements: int
    hits: int


async def timed(work: Callable[[int], Awaitable[Any]], rounds: int) -> list[float]:
    """Milliseconds of each round."""
    found: list[float] = []
    for number in range(rounds):
        start = time.perf_counter()
        await work(number)
        found.append((time.perf_counter() - start) * 1000)
    return found


async def measure(
    name: str, graph: Recorder, work: Callable[[int], Awaitable[Any]], *, rounds: int = ROUNDS
) -> Measured:
    """The work against the bare driver running the very same statements, interleaved so that both are as warm."""
    recorded: list[list[Statement]] = []
    with patience(60):  # the first run of a statement includes planning it
        for number in range(rounds):
            graph.statements.clear()
            await work(number)
            recorded.append(list(graph.statements))

    async def bare(number: int) -> None:
        for statement in recorded[number]:
            await graph.driver.execute_query(
                statement.query.text,
                encode(statement.parameters),
                routing_=RoutingControl.READ,
                database_=graph.database,
            )

    ours: list[float] = []
    theirs: list[float] = []
    for number in range(rounds):
        ours += await timed(lambda _, n=number: work(n), 1)
        theirs += await timed(lambda _, n=number: bare(n), 1)
    hits = [await hits_of(graph, statements) for statements in recorded[: min(rounds, 10)]]
    return Measured(
        name,
        statistics.median(ours),
        quantile(ours, 0.99),
        statistics.median(theirs),
        max(len(statements) for statements in recorded),
        int(statistics.median(hits)),
    )


def quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


async def hits_of(graph: Recorder, statements: list[Statement]) -> int:
    """Database hits of the statements: the same on every run, whatever else the machine does."""
    total = 0
    for statement in statements:
        async with graph.driver.session(database=graph.database) as session:  # pyright: ignore[reportUnknownMemberType]
            result = await session.run(f"PROFILE {statement.query.text}", encode(statement.parameters))
            summary = await result.consume()
        profile = cast("Any", summary).profile
        total += plan_hits(cast("dict[str, Any]", profile))
    return total


def plan_hits(plan: dict[str, Any]) -> int:
    return int(plan.get("dbHits") or plan.get("args", {}).get("DbHits", 0)) + sum(
        plan_hits(child) for child in plan.get("children", [])
    )


async def questions(graph: Recorder, marks: Marks) -> list[Measured]:
    viewer = Viewer(
        user_id=marks.asker,
        name="bench",
        role=Role.SELLER,
        permissions=PERMISSIONS[Role.SELLER],
        groups=groups_of(marks.asker, Role.SELLER, [], []),
    )
    settings = Settings(home=Path("unused"))

    async def map_service(number: int) -> None:
        await stakeholders.map_of(graph, viewer, marks.deals[number % len(marks.deals)])

    async def map_graphql(number: int) -> None:
        result = await schema.execute(
            MAP,
            variable_values={"id": marks.deals[number % len(marks.deals)]},
            context_value=Context(graph, viewer, settings),
        )
        if result.errors:
            raise result.errors[0]

    def path(start: PathFrom, targets: tuple[str, ...]) -> Callable[[int], Awaitable[Any]]:
        async def work(number: int) -> None:
            request = PathRequest(
                viewer_id=marks.asker,
                as_of=NOW_DAYS,
                to_contact=targets[number % len(targets)],
                start=start,
                first=10,
                diversify=False,
            )
            await paths.warm_paths(graph, viewer, request)

        return work

    return [
        await measure("stakeholder map, 30 people (service)", graph, map_service),
        await measure("stakeholder map, 30 people (GraphQL)", graph, map_graphql),
        await measure("warm paths, from me, ordinary", graph, path(PathFrom.ME, marks.ordinary), rounds=SLOW_ROUNDS),
        await measure("warm paths, from me, hub", graph, path(PathFrom.ME, marks.hubs), rounds=SLOW_ROUNDS),
        await measure(
            "warm paths, from anyone, ordinary", graph, path(PathFrom.ANYONE, marks.ordinary), rounds=SLOW_ROUNDS
        ),
        await measure("warm paths, from anyone, hub", graph, path(PathFrom.ANYONE, marks.hubs), rounds=SLOW_ROUNDS),
    ]


def shown(size: str, rows: list[Measured]) -> Table:
    table = Table(title=f"graph_crm on a graph of size {size}, milliseconds")
    for heading in ("question", "p50", "p99", "bare p50", "ratio", "statements", "database hits"):
        table.add_column(heading, justify="left" if heading == "question" else "right")
    for row in rows:
        table.add_row(
            row.name,
            f"{row.p50:.1f}",
            f"{row.p99:.1f}",
            f"{row.bare_p50:.1f}",
            f"{row.p50 / row.bare_p50:.2f}",
            str(row.statements),
            f"{row.hits:,}",
        )
    return table


async def run(size: str) -> None:
    with tempfile.TemporaryDirectory(prefix="graph-crm-bench-") as folder:
        server = LocalServer(Path(folder))
        address = server.up()
        try:
            async with Recorder.at(address) as graph:
                await migrate(graph)
                console.print(await import_rates(graph))
                await empty(graph)
                start = time.perf_counter()
                marks = await generate(graph.driver, SIZES[size])
                console.print(f"Generated the graph of size {size} in {time.perf_counter() - start:.0f} s.")
                # As the service does once it is ready.
                gc.collect()
                gc.freeze()
                console.print(shown(size, await questions(graph, marks)))
        finally:
            server.down()


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("--size", choices=sorted(SIZES), default="S")
    asyncio.run(run(parser.parse_args().size))
    return 0


if __name__ == "__main__":
    sys.exit(main())
