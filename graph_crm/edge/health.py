"""Two questions for whoever runs the service: does the process live, and can it answer?"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from enum import StrEnum

import orjson
import structlog
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graph_crm.edge.languages import language_of
from graph_crm.graph.disk import is_nearly_full
from graph_crm.graph.outcome import RESTART_CODES
from graph_crm.graph.readiness import Address, NotReady, WrongPassword, connected, probe
from graph_crm.language import Language, Sentence, say

log = structlog.stdlib.get_logger("graph_crm.health")

PROBE_SECONDS = 3.0
FAILED_STATES = ("TransactionLogError", "TransactionCommitFailed", ": online ", ": dirty", "No space left on device")


class Readiness(StrEnum):
    OK = "ok"
    READ_ONLY = "disk nearly full"
    STARTING = "starting"
    MIGRATING = "migrating"
    UNAVAILABLE = "unavailable"
    RESTART_NEEDED = "restart needed"


SENTENCES: dict[Readiness, Sentence] = {
    Readiness.OK: say("The service answers."),
    Readiness.READ_ONLY: say(
        "The service answers questions and saves nothing: the disk of the database is nearly full. Make room."
    ),
    Readiness.STARTING: say("The service is starting. Ask again in a moment."),
    Readiness.MIGRATING: say("The database is being brought up to date. Ask again in a moment."),
    Readiness.UNAVAILABLE: say("The database cannot be reached. The service answers again as soon as it can."),
    Readiness.RESTART_NEEDED: say(
        "The database must be restarted; often its disk is full. Make room, then restart it."
    ),
}


ANSWERING = {Readiness.OK, Readiness.READ_ONLY}
"""Withdrawing a service that still answers questions would help nobody."""


def health_routes(probe: Callable[[], Awaitable[Readiness]], language: Language) -> list[Route]:
    """`/health/live` and `/health/ready`. The probe asks the database; it may fail or hang."""

    one = OneProbe(probe)

    async def live(request: Request) -> Response:
        return written(Readiness.OK, request, language)

    async def ready(request: Request) -> Response:
        return written(await one.readiness(), request, language)

    return [Route("/health/live", live, methods=["GET"]), Route("/health/ready", ready, methods=["GET"])]


class OneProbe:
    """Asks one probe at a time: whoever asks meanwhile waits for the same answer, so none pile up.

    A slow probe is left to end by itself: database work is never cancelled.
    """

    def __init__(self, probe: Callable[[], Awaitable[Readiness]]) -> None:
        self.probe = probe
        self._running: asyncio.Task[Readiness] | None = None

    async def readiness(self) -> Readiness:
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._asked())
        done, _ = await asyncio.wait({self._running}, timeout=PROBE_SECONDS)
        return done.pop().result() if done else Readiness.UNAVAILABLE

    async def _asked(self) -> Readiness:
        try:
            return await self.probe()
        except Exception as fault:  # whatever is wrong, the answer is that it cannot answer
            log.warning("The database could not be asked", exc_info=fault)
            return Readiness.UNAVAILABLE


class ServiceProbe:
    """Says what the service is doing while it starts, and afterwards whether its database answers."""

    def __init__(self, address: Address) -> None:
        self.address = address
        self.phase = Readiness.STARTING

    async def __call__(self) -> Readiness:
        if self.phase is not Readiness.OK:
            return self.phase
        return await asyncio.to_thread(database_readiness, self.address)


def database_readiness(address: Address) -> Readiness:
    """Whether the database reads, writes and holds itself for sound, asked on a connection of its own."""
    try:
        with connected(address) as driver:
            probe(driver, address.database)
    except NotReady as problem:
        return readiness_of(str(problem))
    except WrongPassword:
        return Readiness.UNAVAILABLE
    return Readiness.READ_ONLY if address.folder is not None and is_nearly_full(address.folder) else Readiness.OK


def readiness_of(problem: str) -> Readiness:
    """A database that failed keeps its port open and says it is online; only a restart helps."""
    failed = any(code in problem for code in (*RESTART_CODES, *FAILED_STATES))
    return Readiness.RESTART_NEEDED if failed else Readiness.UNAVAILABLE


def written(readiness: Readiness, request: Request, default: Language) -> Response:
    language = language_of(request.headers, default)
    body = {"status": readiness.value, "message": SENTENCES[readiness].read(language)}
    fine = readiness in ANSWERING
    return Response(
        orjson.dumps(body),
        200 if fine else 503,
        {"cache-control": "no-store", **({} if fine else {"retry-after": "2"})},
        media_type="application/json",
    )
