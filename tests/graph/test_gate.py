"""The gate lets in what can be worked on and refuses the rest; the breaker answers for a database that is away."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from neo4j.exceptions import IncompleteCommit, ServiceUnavailable

from graph_crm.errors import OutcomeUnknown, Unavailable
from graph_crm.graph.client import ANSWER_SECONDS, Graph
from graph_crm.graph.gate import FAILURES, PAUSE_SECONDS, Breaker, Gate, ending_at
from graph_crm.graph.readiness import Address
from graph_crm.graph.write import Receipt, Write
from tests.api import Api
from tests.graph.trials import COUNT_OF_TRIALS, CREATE_TRIAL, VALUE_OF, a_trial, number


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def later(seconds: float = 10.0) -> float:
    return asyncio.get_running_loop().time() + seconds


@pytest.fixture
async def client(database: Address, api: Api) -> AsyncIterator[Graph]:
    """A client with a gate and a breaker of its own."""
    assert api.graph.database == database.database
    async with Graph.at(database) as own:
        yield own


async def makes_a_trial(write: Write) -> str:
    trial_id = write.new_id()
    await write.run(CREATE_TRIAL, id=trial_id)
    return trial_id


# ------------------------------------------------------------------------------------------------------- the gate


async def test_a_gate_lets_the_next_one_in_when_a_place_becomes_free() -> None:
    gate = Gate(places=1)
    await gate.enter(later())
    waiting = asyncio.create_task(gate.enter(later()))
    await asyncio.sleep(0)
    assert (waiting.done(), gate.waiting) == (False, 1)
    gate.leave()
    await waiting
    assert gate.waiting == 0


async def test_a_gate_refuses_whoever_waited_their_time_and_keeps_their_place_free() -> None:
    gate = Gate(places=1)
    await gate.enter(later())
    with pytest.raises(Unavailable, match="too much to do"):
        await gate.enter(later(0.05))
    with pytest.raises(Unavailable, match="in time"):
        await gate.enter(later(0.0))
    gate.leave()
    await gate.enter(later(0.05))


async def test_a_gate_at_which_too_many_wait_refuses_at_once() -> None:
    gate = Gate(places=1, most_waiting=2)
    await gate.enter(later())
    waiting = [asyncio.create_task(gate.enter(later())) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(Unavailable, match="too much to do"):
        await gate.enter(later())
    gate.leave()
    gate.leave()
    await asyncio.gather(*waiting)


async def test_a_write_whose_caller_gave_up_in_the_queue_never_happens(client: Graph, api: Api) -> None:
    client._gate = Gate(places=1)
    held, let_go = asyncio.Event(), asyncio.Event()

    async def holds(_: Write) -> None:
        held.set()
        await let_go.wait()

    holder = asyncio.create_task(client.maintain(holds, "hold the only place"))
    await held.wait()
    with ending_at(later(ANSWER_SECONDS + 0.1)), pytest.raises(Unavailable, match="too much to do"):
        await client.write(makes_a_trial, api.viewer, Receipt.of("make a trial", None))
    hanging_up = asyncio.create_task(client.write(makes_a_trial, api.viewer, Receipt.of("make a trial", None)))
    await asyncio.sleep(0)
    hanging_up.cancel()
    await asyncio.wait({hanging_up})
    let_go.set()
    await holder
    while client._running:
        await asyncio.wait(client._running)
    assert await number(client, COUNT_OF_TRIALS) == 0
    assert client._gate.waiting == 0


async def test_work_whose_request_is_over_does_not_begin(client: Graph, api: Api) -> None:
    with ending_at(later(0.0)):
        with pytest.raises(Unavailable, match="in time"):
            await client.write(makes_a_trial, api.viewer, Receipt.of("make a trial", None))
        with pytest.raises(Unavailable, match="in time"):
            await client.read(COUNT_OF_TRIALS)
    assert await number(client, COUNT_OF_TRIALS) == 0


# ---------------------------------------------------------------------------------------------------- the breaker


def test_a_breaker_refuses_after_some_failures_in_a_row_and_lets_one_try_after_a_pause() -> None:
    clock = Clock()
    breaker = Breaker(clock)
    for _ in range(FAILURES - 1):
        breaker.failed()
    breaker.answered()
    for _ in range(FAILURES - 1):
        breaker.failed()
    breaker.refuse_while_away()
    breaker.failed()
    with pytest.raises(Unavailable, match="cannot be reached"):
        breaker.refuse_while_away()
    clock.now += PAUSE_SECONDS
    breaker.refuse_while_away()
    with pytest.raises(Unavailable, match="cannot be reached"):
        breaker.refuse_while_away()
    clock.now += PAUSE_SECONDS
    breaker.refuse_while_away()
    breaker.answered()
    breaker.refuse_while_away()
    breaker.refuse_while_away()


async def test_a_dead_database_is_told_at_once_and_asked_again_when_it_is_back(client: Graph) -> None:
    trial_id, clock = await a_trial(client), Clock()
    client._breaker = Breaker(clock)
    driver, client.driver = client.driver, AwayDriver()
    for _ in range(FAILURES):
        with pytest.raises(Unavailable, match="cannot be reached"):
            await number(client, VALUE_OF, id=trial_id)
    assert client.driver.asked == FAILURES
    with pytest.raises(Unavailable, match="cannot be reached"):
        await number(client, VALUE_OF, id=trial_id)
    assert client.driver.asked == FAILURES, "it was asked all the same"
    client.driver = driver
    with pytest.raises(Unavailable, match="cannot be reached"):
        await number(client, VALUE_OF, id=trial_id)
    clock.now += PAUSE_SECONDS
    assert await number(client, VALUE_OF, id=trial_id) == 0
    assert await number(client, VALUE_OF, id=trial_id) == 0


class AwayDriver:
    """A driver whose database is dead."""

    asked = 0

    async def execute_query(self, *_: object, **__: object) -> object:
        self.asked += 1
        raise ServiceUnavailable("away")


async def test_a_write_that_may_have_happened_is_not_told_as_unchanged_when_the_database_goes_away(
    client: Graph, api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    failures = [IncompleteCommit("cut"), *[ServiceUnavailable("away")] * 9]

    async def fails(*_: object) -> None:
        raise failures.pop(0)

    monkeypatch.setattr("graph_crm.graph.client.settle", fails)
    monkeypatch.setattr("graph_crm.graph.client.PAUSE_SECONDS", 0.0)
    with pytest.raises(OutcomeUnknown, match="idempotency key one key"):
        await client.write(makes_a_trial, api.viewer, Receipt.of("make a trial", None, "one key"), seconds=1)
