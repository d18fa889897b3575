"""The only module that holds the driver: how the service reads and writes, and what it promises.

Database work runs in a task of its own under a deadline and is never cancelled: cancelling a driver coroutine
leaks places in its pool, and a cancelled write may have been applied all the same.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Awaitable, Callable, Coroutine, Generator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any, LiteralString, Self, TypeVar, cast

import neo4j
import structlog
from neo4j import AsyncDriver, AsyncGraphDatabase, AsyncManagedTransaction, RoutingControl
from neo4j.exceptions import ConstraintError, Neo4jError

from graph_crm.errors import Duplicate, LimitReached, OutcomeUnknown, Refusal, Unavailable
from graph_crm.graph.disk import is_nearly_full
from graph_crm.graph.gate import PAUSE_SECONDS, Breaker, Gate, end_within
from graph_crm.graph.outcome import Outcome, TooMuchMemory, classify, is_away, needs_more_memory
from graph_crm.graph.parameters import encode
from graph_crm.graph.query import Query
from graph_crm.graph.readiness import Address
from graph_crm.graph.write import Receipt, Write, append_changes, settle
from graph_crm.viewer import Viewer

Row = TypeVar("Row")
Result = TypeVar("Result")
Answer = TypeVar("Answer")

READ_SECONDS = 5.0
FIRST_READ_SECONDS = 15.0
"""What the first run of a statement may take: planning included, for a plan cut short is not kept."""
MOST_PLANNED = 10_000

WRITE_SECONDS = 10.0
BATCH_SECONDS = 60.0
GRACE_SECONDS = 4.0
"""What a transaction may take past its own limit before the caller stops waiting for it."""

ANSWER_SECONDS = 1.0
"""What a write leaves of its request's time, so that what it made can be read and told."""

POOL_SIZE = 40
REPEATS = 5

log = structlog.get_logger("graph_crm.graph")

PATIENCE: ContextVar[float] = ContextVar("patience", default=0.0)


@contextmanager
def patience(seconds: float) -> Generator[None]:
    """Let every read inside take that long: the first run of a statement includes planning it."""
    token = PATIENCE.set(seconds)
    try:
        yield
    finally:
        PATIENCE.reset(token)


def connect(uri: str, user: str, password: str) -> AsyncDriver:
    """A driver with the settings that bound every wait."""
    # The driver logs each broken socket; the service logs its own line for each failed piece of work.
    logging.getLogger("neo4j").setLevel(logging.CRITICAL)
    return AsyncGraphDatabase.driver(  # pyright: ignore[reportUnknownMemberType]
        uri,
        auth=(user, password),
        max_connection_pool_size=POOL_SIZE,
        connection_timeout=2,
        connection_write_timeout=2,
        connection_acquisition_timeout=3,
        max_transaction_retry_time=3,
        max_connection_lifetime=900,
        # liveness_check_timeout stays unset: with it, a cancelled task leaks its place in the pool for ever.
        notifications_min_severity="OFF",
        telemetry_disabled=True,
    )


class Graph:
    """Typed reads and exactly-once writes on one database.

    Raises `Unavailable` when the database does not answer in time or too much waits for it, `LimitReached` when
    a question needs more than it may use, `OutcomeUnknown` when a write may or may not have happened.
    """

    def __init__(self, driver: AsyncDriver, database: str = "neo4j", *, folder: Path | None = None) -> None:
        self.driver = driver
        self.database = database
        self.folder = folder
        self._bookmarks = AsyncGraphDatabase.bookmark_manager()
        self._gate = Gate()
        self._breaker = Breaker()
        self._running: set[asyncio.Task[Any]] = set()
        self._planned: set[str] = set()

    @classmethod
    def at(cls, address: Address) -> Self:
        """The client of the database at this address."""
        return cls(connect(address.uri, address.user, address.password), address.database, folder=address.folder)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Let what is under way end, then close the connections."""
        if self._running:
            await asyncio.wait(self._running, timeout=GRACE_SECONDS)
        await self.driver.close()

    def now(self) -> dt.datetime:
        """The moment that a write records, in UTC."""
        return dt.datetime.now(dt.UTC)

    # ------------------------------------------------------------------ reads

    async def read(self, query: Query[Row], *, seconds: float | None = None, **parameters: Any) -> list[Row]:
        """The rows that answer a question, in READ mode: the server itself refuses a write.

        Without `seconds` it may take as long as any answer, and the first time what planning takes besides.
        """
        ready = encode(parameters)
        usual = READ_SECONDS if query.text in self._planned else FIRST_READ_SECONDS
        seconds = max(usual if seconds is None else seconds, PATIENCE.get())
        text = neo4j.Query(query.text, metadata={"query": query.name}, timeout=seconds)

        async def work() -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
            try:
                return await self.driver.execute_query(
                    text,
                    ready,
                    routing_=RoutingControl.READ,
                    database_=self.database,
                    bookmark_manager_=self._bookmarks,
                    result_transformer_=columns_and_values,
                )
            except Neo4jError as error:
                raise unrepeatable(error) from error

        try:
            columns, values = await self._bounded(work, query.name, end_within(seconds + GRACE_SECONDS))
        except OutcomeUnknown:
            raise Unavailable("The database did not answer in time. Try again.") from None
        if len(self._planned) < MOST_PLANNED:
            self._planned.add(query.text)
        return query.decode(columns, values)

    async def read_one(self, query: Query[Row], *, seconds: float | None = None, **parameters: Any) -> Row | None:
        """The only row of the answer, or None."""
        rows = await self.read(query, seconds=seconds, **parameters)
        return rows[0] if rows else None

    # ----------------------------------------------------------------- writes

    async def write(
        self,
        work: Callable[[Write], Awaitable[Answer]],
        viewer: Viewer,
        receipt: Receipt,
        *,
        locks: Sequence[str] = (),
        versions: Mapping[str, int] | None = None,
        seconds: float = WRITE_SECONDS,
    ) -> Answer:
        """Do one use case in one transaction, exactly once for its receipt, and return its answer.

        `work` may run again after a deadlock, so nothing in it may reach outside the transaction. Its answer is
        a value of JSON (usually the ids it made): a repeat with the same receipt gets the first answer back and
        writes nothing. `locks` are ids of records that nobody else may change meanwhile; `versions` are the
        versions the caller read. Raises `Conflict` when a version moved on or when the receipt's key was used
        for other content.
        """
        if self.folder is not None and is_nearly_full(self.folder):
            # Neo4j that meets the end of its disk answers nothing more, not even what it has, until a restart.
            log.error("disk nearly full: writes are refused", folder=str(self.folder))
            raise Unavailable("The disk of the database is nearly full. Nothing can be saved until room is made.")
        key = receipt.key_of(viewer)

        async def attempt() -> Answer:
            async with self._session() as session:

                @neo4j.unit_of_work(metadata={"query": receipt.action}, timeout=seconds)
                async def transaction(tx: AsyncManagedTransaction) -> Answer:
                    write = Write(self._runner(tx), actor_id=viewer.user_id, now=self.now())
                    return cast(
                        "Answer",
                        await settle(write, work, key, receipt.digest, locks, versions or {}, viewer.groups),
                    )

                return await session.execute_write(transaction)

        end = end_within(seconds + GRACE_SECONDS, kept=ANSWER_SECONDS)
        begun = False
        for repeat in range(REPEATS):
            try:
                return await self._bounded(attempt, receipt.action, end)
            except OutcomeUnknown:
                # The receipt settles it: the next attempt finds it, or does the work for the first time.
                begun = True
            except Unavailable:
                if not begun:
                    raise
            pause = PAUSE_SECONDS if repeat else 0.0
            if asyncio.get_running_loop().time() + pause >= end:
                break
            await asyncio.sleep(pause)
        raise OutcomeUnknown(
            "It is not known whether this was saved. Send it again with the idempotency key {key}.",
            key=receipt.shown_key,
        )

    async def maintain(
        self, work: Callable[[Write], Awaitable[Answer]], name: str, *, seconds: float = BATCH_SECONDS
    ) -> Answer:
        """A write of the service itself (migrations, rebuilding derived data), without a receipt.

        The work must be such that doing it twice changes nothing more. What it notes goes into the audit trail.
        """

        async def attempt() -> Answer:
            async with self._session() as session:

                @neo4j.unit_of_work(metadata={"query": name}, timeout=seconds)
                async def transaction(tx: AsyncManagedTransaction) -> Answer:
                    write = Write(self._runner(tx), actor_id=None, now=self.now())
                    answer = await work(write)
                    await append_changes(write)
                    return answer

                return await session.execute_write(transaction)

        return await self._bounded(attempt, name, end_within(seconds + GRACE_SECONDS))

    # ---------------------------------------------------------------- private

    def _session(self) -> neo4j.AsyncSession:
        return self.driver.session(  # pyright: ignore[reportUnknownMemberType]
            database=self.database, bookmark_manager=self._bookmarks, default_access_mode=neo4j.WRITE_ACCESS
        )

    def _runner(self, tx: AsyncManagedTransaction) -> Callable[[LiteralString, dict[str, Any]], Awaitable[Any]]:
        async def run(text: LiteralString, parameters: dict[str, Any]) -> Any:
            try:
                result = await tx.run(text, parameters)
                return await columns_and_values(result)
            except Neo4jError as error:
                raise unrepeatable(error) from error

        return run

    async def _bounded(self, work: Callable[[], Coroutine[Any, Any, Result]], name: str, end: float) -> Result:
        """The result of the work, or a refusal once its time is over. Work that has begun goes on to its end."""
        self._breaker.refuse_while_away()
        await self._gate.enter(end)
        task = asyncio.create_task(work(), name=name)
        self._running.add(task)
        task.add_done_callback(self._ended)
        done, _ = await asyncio.wait({task}, timeout=end - asyncio.get_running_loop().time())
        if not done:
            log.warning("database work over its deadline", query=name)
            raise OutcomeUnknown("The database did not answer in time.")
        error = task.exception()
        if error is None:
            return task.result()
        raise refused(error, name) from error

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._running.discard(task)
        self._gate.leave()
        if task.cancelled():
            return
        # Retrieved, so that a failure nobody waits for any more is not reported as lost.
        error = task.exception()
        if error is not None and is_away(error):
            self._breaker.failed()
        else:
            self._breaker.answered()


async def columns_and_values(result: neo4j.AsyncResult) -> tuple[tuple[str, ...], list[tuple[Any, ...]]]:
    columns = tuple(result.keys())
    return columns, [tuple(record.values()) async for record in result]


def unrepeatable(error: Neo4jError) -> BaseException:
    """The error to raise inside a transaction's function: one that the driver repeats only when that helps."""
    return TooMuchMemory(str(error.code)) if needs_more_memory(error) else error


def refused(error: BaseException, name: str) -> BaseException:
    """The refusal that a failure of the database becomes; any other exception stays as it is."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, ConstraintError):
        return Duplicate("Somebody has just recorded the same thing. Load it again.")
    outcome = classify(error)
    if outcome is None:
        return error
    code = getattr(error, "code", None) or type(error).__name__
    log.warning("database work failed", query=name, code=code, outcome=outcome.value)
    match outcome:
        case Outcome.UNKNOWN:
            return OutcomeUnknown("The connection to the database was lost while saving.")
        case Outcome.TOO_LARGE:
            return LimitReached("This question needs more time or memory than one answer may take. Narrow it.")
        case Outcome.RESTART:
            return Unavailable("The database needs a restart. Nothing was changed.")
        case Outcome.RETRY:
            return Unavailable("The database is busy or cannot be reached. Nothing was changed; try again.")
        case Outcome.REFUSED:
            return error
