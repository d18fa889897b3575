"""A connection that is cut in the middle of a write loses nothing and doubles nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from graph_crm.errors import OutcomeUnknown, Unavailable
from graph_crm.graph.client import Graph
from graph_crm.graph.readiness import Address
from graph_crm.graph.write import Receipt, Write
from tests.api import Api
from tests.graph.cutting_proxy import COMMIT, RUN, Cut, Moment, cutting_proxy
from tests.graph.trials import COUNT_OF_TRIALS, CREATE_TRIAL, number

CUTS = [10, pytest.param(50, marks=pytest.mark.long)]


@pytest.fixture
async def behind_a_bad_network(database: Address, api: Api) -> AsyncIterator[tuple[Graph, Cut]]:
    """A client whose connections can be cut; the database is empty and migrated."""
    assert api.graph.database == database.database
    async with (
        cutting_proxy(database.uri) as (uri, cut),
        Graph.at(replace(database, uri=uri)) as graph,
    ):
        yield graph, cut


def in_use(graph: Graph) -> int:
    return sum(connection.in_use for group in graph.driver._pool.connections.values() for connection in group)


async def makes_a_trial(write: Write) -> str:
    trial_id = write.new_id()
    await write.run(CREATE_TRIAL, id=trial_id)
    write.created(trial_id, "trial.made")
    return trial_id


@pytest.mark.parametrize("cuts", CUTS)
@pytest.mark.parametrize("moment", list(Moment))
@pytest.mark.parametrize("message", [pytest.param(COMMIT, id="COMMIT"), pytest.param(RUN, id="RUN")])
async def test_a_write_that_is_cut_happens_exactly_once(
    behind_a_bad_network: tuple[Graph, Cut], api: Api, message: int, moment: Moment, cuts: int
) -> None:
    graph, cut = behind_a_bad_network
    await graph.write(makes_a_trial, api.viewer, Receipt.of("make a trial", None))
    for done in range(1, cuts + 1):
        cut.arm(message, moment)
        trial_id = await graph.write(makes_a_trial, api.viewer, Receipt.of("make a trial", None))
        assert isinstance(trial_id, str)
        assert cut.done == done
    assert await number(api.graph, COUNT_OF_TRIALS) == cuts + 1
    assert in_use(graph) == 0


@pytest.mark.parametrize("moment", list(Moment))
async def test_without_a_receipt_a_caller_who_repeats_doubles_so_the_test_above_means_something(
    behind_a_bad_network: tuple[Graph, Cut], api: Api, moment: Moment
) -> None:
    graph, cut = behind_a_bad_network
    await graph.maintain(makes_a_trial, "make a trial")
    for _ in range(5):
        cut.arm(COMMIT, moment)
        with pytest.raises(OutcomeUnknown):
            await graph.maintain(makes_a_trial, "make a trial")
        await graph.maintain(makes_a_trial, "make a trial")
    made = await number(api.graph, COUNT_OF_TRIALS)
    match moment:
        case Moment.BEFORE:
            assert made == 6
        case Moment.AT_ONCE:
            assert 6 <= made <= 11
        case Moment.AFTER:
            assert made == 11


async def test_a_connection_that_is_cut_every_time_ends_with_the_key_to_ask_again(
    behind_a_bad_network: tuple[Graph, Cut], api: Api
) -> None:
    graph, cut = behind_a_bad_network

    async def cut_again(write: Write) -> str:
        cut.arm(COMMIT, Moment.BEFORE)
        return await makes_a_trial(write)

    receipt = Receipt.of("make a trial", None, "try me again")
    with pytest.raises(OutcomeUnknown, match="idempotency key try me again"):
        await graph.write(cut_again, api.viewer, receipt)
    assert await number(api.graph, COUNT_OF_TRIALS) == 0
    await graph.write(makes_a_trial, api.viewer, receipt)
    assert await number(api.graph, COUNT_OF_TRIALS) == 1


async def test_a_question_that_is_cut_is_asked_again(behind_a_bad_network: tuple[Graph, Cut], api: Api) -> None:
    graph, cut = behind_a_bad_network
    for moment in Moment:
        cut.arm(RUN, moment)
        try:
            assert await number(graph, COUNT_OF_TRIALS) == 0
        except Unavailable:
            pytest.fail(f"a question was given up that was cut {moment.value}")
    assert cut.done == len(Moment)
    assert await number(api.graph, COUNT_OF_TRIALS) == 0
