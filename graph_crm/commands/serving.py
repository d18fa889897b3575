"""Serving the API: the database brought up to date, what is asked most made warm, then the web server."""

from __future__ import annotations

import asyncio
import gc
import logging
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress

import structlog

from graph_crm.app import create_app
from graph_crm.changes import service as changes
from graph_crm.edge.health import Readiness, ServiceProbe
from graph_crm.edge.logs import configure_logs
from graph_crm.edge.server import server_for
from graph_crm.errors import Refusal
from graph_crm.graph.client import Graph, patience
from graph_crm.graph.migrations import migrate
from graph_crm.graph.readiness import Address
from graph_crm.paths import service as paths
from graph_crm.schema import schema
from graph_crm.settings import Settings
from graph_crm.stakeholders import service as stakeholders
from graph_crm.team import service as team
from graph_crm.viewer import maintenance_viewer

ROUNDS = 30
PLANNING_SECONDS = 60.0
FORGET_SECONDS = 3_600.0

log = structlog.get_logger("graph_crm.serving")


async def prepared(graph: Graph, settings: Settings) -> None:
    """Bring the database to what this code and these settings need."""
    await migrate(graph)
    await team.share_as(graph, settings.visibility)


async def warmed(graph: Graph, *, rounds: int) -> None:
    """Have the database plan and compile what is asked most, so that the first person does not wait for it."""
    viewer = maintenance_viewer()
    with suppress(Refusal), patience(PLANNING_SECONDS):
        for _ in range(rounds):
            await asyncio.gather(stakeholders.warm(graph, viewer), paths.warm(graph, viewer))


async def answering(
    settings: Settings,
    address: Address,
    graph: Graph,
    *,
    development_user: str | None = None,
    demo_key: str | None = None,
    started: Callable[[], Awaitable[None]] | None = None,
    at_rest: Callable[[], Awaitable[None]] | None = None,
) -> None:
    """Answer over HTTP until a signal ends it; open requests are answered first.

    `started` runs beside the first warming, `at_rest` once everything is warm.
    """
    # In a demo what to try stays in sight.
    configure_logs(settings.log_format, level=logging.WARNING if demo_key else logging.INFO)
    # What it has to say at a start, the terminal has said already.
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)

    probe = ServiceProbe(address)
    app = create_app(
        settings,
        graph,
        schema,
        probe,
        development_user=development_user,
        demo_key=demo_key,
    )
    server = server_for(app, *settings.listen_address)
    tidying = asyncio.create_task(forgetting(graph))
    warming = asyncio.create_task(ready_when_warm(graph, probe, started, at_rest))
    try:
        await server.serve()
    finally:
        for task in (tidying, warming):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


async def ready_when_warm(
    graph: Graph,
    probe: ServiceProbe,
    started: Callable[[], Awaitable[None]] | None = None,
    at_rest: Callable[[], Awaitable[None]] | None = None,
) -> None:
    """Say that the service is ready once the first questions are warm; the rest goes on behind it."""
    beside = asyncio.ensure_future(all_tried(*(() if started is None else (started(),))))
    await all_tried(warmed(graph, rounds=1))
    probe.phase = Readiness.OK
    await beside
    # What is there by now stays to the end: looking through it again and again would hold up one answer in a hundred.
    gc.collect()
    gc.freeze()
    await all_tried(warmed(graph, rounds=ROUNDS))
    if at_rest is not None:
        await all_tried(at_rest())


async def all_tried(*steps: Awaitable[None]) -> None:
    """Try each step; one that fails is logged, for the service answers without it."""
    for failure in await asyncio.gather(*steps, return_exceptions=True):
        if isinstance(failure, Exception):
            log.error("a step of the start failed", exc_info=failure)


async def forgetting(graph: Graph) -> None:
    """What the passing of time changes, now and every hour: receipts whose time is over, leavers, old assignments."""
    while True:
        for work in (changes.forget_receipts, team.keep_up):
            try:
                await work(graph)
            except Exception as failure:  # whatever went wrong, the next hour tries again
                log.exception("hourly work failed", work=work.__name__, exc_info=failure)
        await asyncio.sleep(FORGET_SECONDS)


def run_loop(work: Callable[[], Awaitable[None]]) -> None:
    """Run until it ends, on the faster event loop where there is one."""

    async def main() -> None:
        await work()

    if sys.platform == "win32":
        asyncio.run(main())
        return
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main())
