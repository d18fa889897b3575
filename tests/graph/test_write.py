"""Writes happen exactly once, in turn, wholly or not at all."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import pytest

from graph_crm.errors import Conflict, Invalid, NotFound
from graph_crm.graph.write import Receipt, Write
from graph_crm.viewer import Role, Viewer, groups_of
from tests.api import Api, RecordingGraph
from tests.graph.trials import (
    COUNT_OF_CHANGES,
    COUNT_OF_RECEIPTS,
    COUNT_OF_TRIALS,
    CREATE_TRIAL,
    SET_VALUE,
    VALUE_OF,
    a_trial,
    number,
    question,
)

CALLERS = 16


@dataclass(frozen=True, slots=True)
class Sequences:
    values: list[int]


SEQUENCES = question(
    "MATCH (change:ChangeEvent) WITH change.sequence AS value ORDER BY value RETURN collect(value) AS values",
    Sequences,
)


def makes_a_trial(**after: object) -> Callable[[Write], Awaitable[str]]:
    async def work(write: Write) -> str:
        trial_id = write.new_id()
        await write.run(CREATE_TRIAL, id=trial_id)
        write.created(trial_id, "trial.made", **after)
        return trial_id

    return work


def adds_one(trial_id: str) -> Callable[[Write], Awaitable[int]]:
    """Reads, then writes what it read plus one: only a lock taken before keeps every addition."""

    async def work(write: Write) -> int:
        found = await write.one(VALUE_OF, id=trial_id)
        assert found is not None
        await write.run(SET_VALUE, id=trial_id, value=found.value + 1)
        write.changed(trial_id, "trial.raised", before={"value": found.value}, after={"value": found.value + 1})
        return found.value + 1

    return work


def somebody(viewer: Viewer, user_id: str) -> Viewer:
    groups = groups_of(user_id, Role.ADMINISTRATOR, [], [])
    return Viewer(user_id=user_id, name=user_id, role=viewer.role, permissions=viewer.permissions, groups=groups)


async def test_a_repeat_gets_the_first_answer_and_writes_nothing(api: Api) -> None:
    receipt = Receipt.of("make a trial", {"value": 1}, "one key")
    first = await api.graph.write(makes_a_trial(), api.viewer, receipt)
    again = await api.graph.write(makes_a_trial(), api.viewer, Receipt.of("make a trial", {"value": 1}, "one key"))
    assert again == first
    assert await number(api.graph, COUNT_OF_TRIALS) == 1
    assert await number(api.graph, COUNT_OF_CHANGES) == 1


@pytest.mark.parametrize(
    "other",
    [Receipt.of("make a trial", {"value": 2}, "one key"), Receipt.of("drop a trial", {"value": 1}, "one key")],
)
async def test_a_key_used_for_another_request_is_a_conflict_and_nothing_is_written(api: Api, other: Receipt) -> None:
    await api.graph.write(makes_a_trial(), api.viewer, Receipt.of("make a trial", {"value": 1}, "one key"))
    with pytest.raises(Conflict, match="already used for another request") as refused:
        await api.graph.write(makes_a_trial(), api.viewer, other)
    assert refused.value.field == ("idempotencyKey",)
    assert await number(api.graph, COUNT_OF_TRIALS) == 1


async def test_of_many_callers_with_one_key_one_writes_and_all_get_its_answer(api: Api) -> None:
    answers = await asyncio.gather(
        *(
            api.graph.write(makes_a_trial(), api.viewer, Receipt.of("make a trial", None, "shared"))
            for _ in range(CALLERS)
        )
    )
    assert len(set(answers)) == 1
    assert await number(api.graph, COUNT_OF_TRIALS) == 1
    assert await number(api.graph, COUNT_OF_CHANGES) == 1


async def test_the_keys_of_two_people_never_meet(api: Api) -> None:
    for user_id in ("ada", "bob"):
        receipt = Receipt.of("make a trial", {"of": user_id}, "the same key")
        await api.graph.write(makes_a_trial(), somebody(api.viewer, user_id), receipt)
    assert await number(api.graph, COUNT_OF_TRIALS) == 2


@pytest.mark.parametrize("key", ["", "k" * 201])
def test_a_key_has_one_to_two_hundred_characters(key: str) -> None:
    with pytest.raises(Invalid, match="1 to 200 characters"):
        Receipt.of("make a trial", None, key)


async def test_work_that_is_refused_leaves_nothing_not_even_its_receipt(api: Api) -> None:
    receipts = await number(api.graph, COUNT_OF_RECEIPTS)

    async def refused(write: Write) -> str:
        await makes_a_trial()(write)
        raise NotFound("There is no such trial.")

    for _ in range(2):
        with pytest.raises(NotFound):
            await api.graph.write(refused, api.viewer, Receipt.of("make a trial", None, "refused once"))
    assert await number(api.graph, COUNT_OF_TRIALS) == 0
    assert await number(api.graph, COUNT_OF_CHANGES) == 0
    assert await number(api.graph, COUNT_OF_RECEIPTS) == receipts
    await api.graph.write(makes_a_trial(), api.viewer, Receipt.of("make a trial", None, "refused once"))
    assert await number(api.graph, COUNT_OF_TRIALS) == 1


async def test_a_fault_in_the_work_leaves_nothing_and_stays_what_it_is(api: Api) -> None:
    async def faulty(write: Write) -> str:
        await makes_a_trial()(write)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await api.graph.write(faulty, api.viewer, Receipt.of("make a trial", None))
    assert await number(api.graph, COUNT_OF_TRIALS) == 0


# ----------------------------------------------------------------------------------------------------- locks


async def test_no_addition_is_lost_when_the_record_is_locked_first(api: Api) -> None:
    trial_id = await a_trial(api.graph)

    async def caller() -> None:
        for _ in range(5):
            await api.graph.write(adds_one(trial_id), api.viewer, Receipt.of("raise", None), locks=[trial_id])

    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    assert await number(api.graph, VALUE_OF, id=trial_id) == CALLERS * 5


async def test_without_the_lock_additions_are_lost_so_the_test_above_means_something(api: Api) -> None:
    trial_id = await a_trial(api.graph)

    async def caller() -> None:
        for _ in range(5):
            await api.graph.maintain(adds_one(trial_id), "raise without a lock")

    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    assert await number(api.graph, VALUE_OF, id=trial_id) < CALLERS * 5


async def test_of_many_callers_with_one_version_one_wins_and_the_others_are_told_the_current_one(api: Api) -> None:
    trial_id = await a_trial(api.graph)
    won = 0
    for version in range(1, 6):
        results = await asyncio.gather(
            *(
                api.graph.write(
                    adds_one(trial_id), api.viewer, Receipt.of("raise", None), versions={trial_id: version}
                )
                for _ in range(CALLERS)
            ),
            return_exceptions=True,
        )
        refused = [result for result in results if isinstance(result, Conflict)]
        assert len(refused) == CALLERS - 1
        assert {refusal.sentence.values["current"] for refusal in refused} == {version + 1}
        assert {refusal.field for refusal in refused} == {("expectedVersion",)}
        won += len(results) - len(refused)
    assert await number(api.graph, VALUE_OF, id=trial_id) == won == 5


async def test_locks_are_taken_in_one_order_so_nobody_waits_in_a_circle(api: Api) -> None:
    trials = [await a_trial(api.graph, f"trial {letter}") for letter in "abcd"]
    draw = random.Random(7)
    attempts = 0

    async def caller() -> None:
        nonlocal attempts
        for _ in range(5):
            chosen = draw.sample(trials, 3)

            async def work(write: Write, chosen: list[str] = chosen) -> None:
                nonlocal attempts
                attempts += 1
                for trial_id in chosen:
                    await adds_one(trial_id)(write)

            await api.graph.write(work, api.viewer, Receipt.of("raise three", None), locks=chosen)

    await asyncio.gather(*(caller() for _ in range(CALLERS)))
    assert attempts == CALLERS * 5, "a deadlock made the driver repeat some of them"
    values = [await number(api.graph, VALUE_OF, id=trial_id) for trial_id in trials]
    assert sum(values) == CALLERS * 5 * 3


# ------------------------------------------------------------------------------------------------ audit trail


async def test_a_reader_of_the_changes_misses_none_while_many_write_and_some_fail(api: Api) -> None:
    draw = random.Random(11)
    seen: list[int] = []
    gaps: list[list[int]] = []
    writing = True

    async def reader() -> None:
        while True:
            last = not writing
            found = await api.graph.read_one(SEQUENCES)
            assert found is not None
            if found.values[: len(seen)] != seen or found.values != list(range(1, len(found.values) + 1)):
                gaps.append(found.values)
            seen[:] = found.values
            if last:
                return

    async def writer(graph: RecordingGraph) -> int:
        made = 0
        for _ in range(10):
            fails = draw.random() < 0.05

            async def work(write: Write, fails: bool = fails) -> str:
                trial_id = await makes_a_trial(value=1)(write)
                if fails:
                    raise NotFound("There is no such trial.")
                return trial_id

            try:
                await graph.write(work, api.viewer, Receipt.of("make a trial", None))
                made += 1
            except NotFound:
                pass
        return made

    reading = asyncio.create_task(reader())
    made = sum(await asyncio.gather(*(writer(api.graph) for _ in range(CALLERS))))
    writing = False
    await reading
    assert gaps == []
    assert len(seen) == made
    assert 0 < CALLERS * 10 - made < 40


async def test_a_change_raises_the_version_of_its_record_and_keeps_both_values(api: Api) -> None:
    @dataclass(frozen=True, slots=True)
    class Noted:
        version: int
        action: str
        fields: list[str]
        values: str

    trial_id = await a_trial(api.graph)
    await api.graph.write(adds_one(trial_id), api.viewer, Receipt.of("raise", None), versions={trial_id: 1})
    noted = question(
        """
        MATCH (change:ChangeEvent {record_id: $id})-[:HAS_VALUES]->(values:ChangeValues),
              (trial:Record:Trial {id: $id})
        RETURN trial.version AS version, change.action AS action, change.fields AS fields, values.values AS values
        """,
        Noted,
    )
    assert await api.graph.read(noted, id=trial_id) == [
        Noted(2, "trial.raised", ["value"], '{"after":{"value":1},"before":{"value":0}}')
    ]
