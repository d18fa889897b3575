"""The client keeps its promises: reads only read, work is never cancelled, every wait has an end."""

from __future__ import annotations

import asyncio
import random
import socket
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from neo4j.exceptions import (
    ConnectionAcquisitionTimeoutError,
    DriverError,
    IncompleteCommit,
    Neo4jError,
    ServiceUnavailable,
    SessionExpired,
)

from graph_crm.errors import Duplicate, LimitReached, OutcomeUnknown, Refusal, Unavailable
from graph_crm.graph.client import GRACE_SECONDS, POOL_SIZE, READ_SECONDS, WRITE_SECONDS, Graph, connect, refused
from graph_crm.graph.outcome import Outcome, TooMuchMemory, classify
from graph_crm.graph.readiness import Address
from graph_crm.graph.write import Receipt, Write
from tests.api import Api
from tests.graph.trials import (
    COUNT_OF_TRIALS,
    CREATE_TRIAL,
    SET_VALUE,
    VALUE_OF,
    Number,
    a_trial,
    number,
    question,
)

ONE = question("RETURN 1 AS value", Number, "tests/one")
SLOW = question(
    "UNWIND range(1, 1000000000) AS step WITH step WHERE step % 7 = 8 RETURN count(step) AS value",
    Number,
    "tests/slow",
)
GREEDY = question(
    "UNWIND range(1, 20000000) AS step WITH collect(toString(step) + 'x') AS texts RETURN size(texts) AS value",
    Number,
    "tests/greedy",
)
HINT = "connection.recv_timeout_seconds"


@dataclass(frozen=True, slots=True)
class Running:
    query: str


RUNNING = question(
    """
    SHOW TRANSACTIONS YIELD metaData, currentQuery
    WHERE metaData.query = 'tests/slow'
    RETURN metaData.query AS query
    """,
    Running,
)


@pytest.fixture
async def client(database: Address, api: Api) -> AsyncIterator[Graph]:
    """A client of its own, so that what a test does to its pool stays there; the database is empty and migrated."""
    assert api.graph.database == database.database
    async with Graph.at(database) as own:
        yield own


def in_use(graph: Graph) -> int:
    """Connections that are not back in the pool."""
    pool = graph.driver._pool  # the driver has no public way to ask
    return sum(connection.in_use for group in pool.connections.values() for connection in group)


async def all_ended(graph: Graph) -> None:
    """Wait for the work that nobody waits for any more."""
    while graph._running:
        await asyncio.wait(graph._running)


async def answers_as_before(graph: Graph) -> None:
    assert in_use(graph) == 0
    assert await asyncio.gather(*(number(graph, ONE) for _ in range(60))) == [1] * 60
    assert in_use(graph) == 0


# ----------------------------------------------------------------------------------------------------- reading


async def test_the_server_itself_refuses_a_write_in_a_read(client: Graph) -> None:
    with pytest.raises(Neo4jError, match="AccessMode"):
        await client.read(CREATE_TRIAL, id="by reading")
    assert await number(client, COUNT_OF_TRIALS) == 0


async def test_the_server_knows_which_question_it_works_on(client: Graph) -> None:
    slow = asyncio.create_task(client.read(SLOW, seconds=2))
    found: list[Running] = []
    while not found and not slow.done():
        found = await client.read(RUNNING)
    assert found == [Running("tests/slow")]
    with pytest.raises(LimitReached):
        await slow


async def test_a_question_over_its_time_is_asked_once_and_refused_in_a_sentence(client: Graph) -> None:
    began = time.monotonic()
    with pytest.raises(LimitReached, match="more time or memory"):
        await client.read(SLOW, seconds=1)
    assert time.monotonic() - began < 2 * (1 + 1) + 1, "it was asked again"
    await answers_as_before(client)


async def test_a_question_over_its_memory_is_asked_once_and_refused_in_a_sentence(client: Graph) -> None:
    asked = 0

    async def greedy(write: Write) -> int:
        nonlocal asked
        asked += 1
        return (await write.run(GREEDY))[0].value

    with pytest.raises(LimitReached, match="more time or memory"):
        await client.maintain(greedy, "greedy")
    assert asked == 1
    with pytest.raises(LimitReached, match="more time or memory"):
        await client.read(GREEDY, seconds=30)
    await answers_as_before(client)


async def test_a_caller_of_a_question_is_answered_at_its_deadline_while_the_work_ends_by_itself(
    client: Graph, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("graph_crm.graph.client.GRACE_SECONDS", -0.9)
    began = time.monotonic()
    with pytest.raises(Unavailable, match="did not answer in time"):
        await client.read(SLOW, seconds=1)
    assert time.monotonic() - began < 0.9
    await all_ended(client)
    await answers_as_before(client)


# ----------------------------------------------------------------------------------------------------- writing


async def test_a_write_that_outlives_its_deadline_is_settled_by_its_receipt(
    client: Graph, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    trial_id = await a_trial(client)
    held, let_go = asyncio.Event(), asyncio.Event()

    async def slow(write: Write) -> int:
        await write.run(SET_VALUE, id=trial_id, value=1)
        held.set()
        await let_go.wait()
        return 1

    monkeypatch.setattr("graph_crm.graph.client.GRACE_SECONDS", -7.0)
    receipt = Receipt.of("set a value", 1, "slow")
    with pytest.raises(OutcomeUnknown, match="idempotency key slow"):
        await client.write(slow, api.viewer, receipt)
    assert held.is_set()
    let_go.set()
    await all_ended(client)
    monkeypatch.undo()
    assert await number(client, VALUE_OF, id=trial_id) == 1

    async def never(_: Write) -> int:
        raise AssertionError("the work was done twice")

    assert await client.write(never, api.viewer, receipt) == 1
    await answers_as_before(client)


@pytest.mark.parametrize("cancels", [200, pytest.param(2_000, marks=pytest.mark.long)])
async def test_callers_who_hang_up_leave_no_connection_behind_and_the_work_goes_on(
    client: Graph, api: Api, cancels: int
) -> None:
    draw = random.Random(3)
    ended = 0

    async def write_one() -> None:
        async def work(write: Write) -> str:
            trial_id = write.new_id()
            await write.run(CREATE_TRIAL, id=trial_id)
            return trial_id

        await client.write(work, api.viewer, Receipt.of("make a trial", None))

    async def caller() -> None:
        nonlocal ended
        task = asyncio.create_task(write_one() if draw.random() < 0.5 else client.read(ONE))
        await asyncio.wait({task}, timeout=draw.uniform(0, 0.02))
        if not task.done():
            task.cancel()
        ended += not (await asyncio.gather(task, return_exceptions=True))[0]

    started = 0
    while started < cancels:
        await asyncio.gather(*(caller() for _ in range(20)))
        started += 20
    await all_ended(client)
    assert await number(client, COUNT_OF_TRIALS) > 0
    assert len(client.driver._pool.connections) == 1
    await answers_as_before(client)


async def test_what_somebody_recorded_meanwhile_is_told_as_a_duplicate(client: Graph) -> None:
    await a_trial(client, "once")
    with pytest.raises(Duplicate, match="just recorded the same thing"):
        await a_trial(client, "once")
    assert await number(client, COUNT_OF_TRIALS) == 1


async def test_a_lock_that_is_not_given_in_time_is_a_busy_database(client: Graph, api: Api) -> None:
    trial_id = await a_trial(client)
    held, let_go = asyncio.Event(), asyncio.Event()

    async def holds(write: Write) -> None:
        await write.run(SET_VALUE, id=trial_id, value=1)
        held.set()
        await let_go.wait()

    holder = asyncio.create_task(client.maintain(holds, "hold a lock"))
    await held.wait()

    async def wants(write: Write) -> None:
        await write.run(SET_VALUE, id=trial_id, value=2)

    try:
        with pytest.raises(Unavailable, match="busy"):
            await client.write(wants, api.viewer, Receipt.of("set a value", 2), seconds=20)
    finally:
        let_go.set()
        await holder
    assert await number(client, VALUE_OF, id=trial_id) == 1


# ----------------------------------------------------------------------------------------- an unreachable server


@asynccontextmanager
async def mute_server() -> AsyncIterator[int]:
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0), backlog=POOL_SIZE * 2) as listener:
        yield listener.getsockname()[1]


@pytest.mark.parametrize("answers", ["never", "not at all"])
async def test_a_server_that_does_not_answer_is_told_within_the_deadline(answers: str, api: Api) -> None:
    async with mute_server() as port:
        uri = f"bolt://127.0.0.1:{port}" if answers == "never" else "bolt://127.0.0.1:9"
        async with Graph(connect(uri, "nobody", "nothing")) as away:

            async def work(_: Write) -> None:
                raise AssertionError("there is no transaction to work in")

            async def told(asked: Awaitable[object]) -> float:
                began = time.monotonic()
                with pytest.raises(Unavailable):
                    await asked
                return time.monotonic() - began

            reading, writing = await asyncio.gather(
                told(away.read(ONE)), told(away.write(work, api.viewer, Receipt.of("make a trial", None)))
            )
            assert reading < READ_SECONDS + GRACE_SECONDS + 1
            assert writing < WRITE_SECONDS + GRACE_SECONDS + 1


async def test_the_server_promises_a_sign_of_life_every_four_seconds(client: Graph) -> None:
    assert await number(client, ONE) == 1
    hints = [
        connection.connection_hints[HINT]
        for group in client.driver._pool.connections.values()
        for connection in group
    ]
    assert hints
    assert all(0 < hint <= 4 for hint in hints)


# -------------------------------------------------------------------------------------------------- what it means


def server_error(code: str) -> Neo4jError:
    return Neo4jError._hydrate_neo4j(code=code, message="what the server said")


@pytest.mark.parametrize(
    ("error", "outcome", "refusal"),
    [
        (IncompleteCommit("cut"), Outcome.UNKNOWN, OutcomeUnknown),
        (TimeoutError(), Outcome.UNKNOWN, OutcomeUnknown),
        (server_error("Neo.DatabaseError.Transaction.TransactionCommitFailed"), Outcome.UNKNOWN, OutcomeUnknown),
        (server_error("Neo.DatabaseError.Transaction.TransactionLogError"), Outcome.UNKNOWN, OutcomeUnknown),
        (server_error("Neo.DatabaseError.General.UnknownError"), Outcome.UNKNOWN, OutcomeUnknown),
        (ServiceUnavailable("away"), Outcome.RETRY, Unavailable),
        (SessionExpired("expired"), Outcome.RETRY, Unavailable),
        (ConnectionAcquisitionTimeoutError("full"), Outcome.RETRY, Unavailable),
        (server_error("Neo.TransientError.Transaction.DeadlockDetected"), Outcome.RETRY, Unavailable),
        (server_error("Neo.ClientError.Transaction.LockAcquisitionTimeout"), Outcome.RETRY, Unavailable),
        (server_error("Neo.TransientError.Transaction.LockClientStopped"), Outcome.RETRY, Unavailable),
        (server_error("Neo.ClientError.Security.Unauthorized"), Outcome.RETRY, Unavailable),
        (server_error("Neo.DatabaseError.Transaction.TransactionStartFailed"), Outcome.RESTART, Unavailable),
        (server_error("Neo.TransientError.General.DatabaseUnavailable"), Outcome.RESTART, Unavailable),
        (TooMuchMemory(), Outcome.TOO_LARGE, LimitReached),
        (server_error("Neo.TransientError.General.MemoryPoolOutOfMemoryError"), Outcome.TOO_LARGE, LimitReached),
        (server_error("Neo.ClientError.Transaction.TransactionTimedOut"), Outcome.TOO_LARGE, LimitReached),
    ],
)
def test_each_failure_of_the_database_becomes_the_refusal_that_says_what_became_of_the_data(
    error: Exception, outcome: Outcome, refusal: type[Refusal]
) -> None:
    assert classify(error) is outcome
    assert type(refused(error, "tests")) is refusal


@pytest.mark.parametrize(
    "error", [server_error("Neo.ClientError.Statement.SyntaxError"), DriverError("misused"), ZeroDivisionError()]
)
def test_a_fault_of_the_program_stays_what_it_is(error: Exception) -> None:
    assert refused(error, "tests") is error
