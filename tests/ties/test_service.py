"""Ties on a real database: stated, seen, recomputed and rebuilt."""

from __future__ import annotations

import datetime as dt
import random
from dataclasses import replace
from functools import partial

import pytest

from graph_crm.errors import Invalid, NotFound, NotPermitted
from graph_crm.graph.client import Graph
from graph_crm.graph.identity import new_id
from graph_crm.graph.lists import Span
from graph_crm.graph.write import Receipt
from graph_crm.ties import service
from graph_crm.ties.acquaintance import Acquaintance
from graph_crm.ties.service import Statement
from graph_crm.ties.strength import epoch_days, faded, moment_of, strength_of
from graph_crm.ties.types import (
    InteractionFacts,
    InteractionType,
    Participant,
    ParticipantRole,
    TieBand,
    TieBasis,
    TieLevel,
    TieVisibility,
)
from graph_crm.viewer import Role, Viewer
from tests.api import Api, a_user
from tests.small_graph import a_contact, a_team, run

STORED_TIES = "MATCH ()-[tie:KNOWS]->() RETURN properties(tie) AS kept ORDER BY tie.id"
DAY = dt.timedelta(days=1)


def strength_now(graph: Graph, tie: Acquaintance) -> float:
    return strength_of(tie.tie, epoch_days(graph.now())).strength


async def the_tie(graph: Graph, viewer: Viewer, one: str, other: str) -> Acquaintance:
    [tie] = await service.of_pairs(graph, viewer, [(one, other)])
    return tie


async def degree(graph: Graph, person_id: str) -> int:
    [row] = await run(graph, "MATCH (person:Person {id: $id}) RETURN person.degree AS degree", id=person_id)
    return row["degree"]


async def test_a_stated_tie_holds_what_was_said_and_fades_from_then(api: Api) -> None:
    anna = await a_user(api.graph, "Anna")
    rachel, margaret = await a_contact(api.graph, "Rachel"), await a_contact(api.graph, "Margaret")
    confirmed = api.graph.now() - 12 * DAY
    tie = await service.state(api.graph, anna, Statement(rachel, margaret, TieLevel.MEDIUM, confirmed_at=confirmed))
    assert tie is not None
    found = strength_of(tie.tie, epoch_days(confirmed) + 12)
    assert found.strength == pytest.approx(0.6 * 2 ** (-12 / 730), abs=1e-6)
    assert (found.basis, found.band) == (TieBasis.STATED, TieBand.MEDIUM)
    assert [await degree(api.graph, rachel), await degree(api.graph, margaret)] == [1, 1]


async def test_stating_a_tie_again_changes_it_and_makes_no_second_one(api: Api) -> None:
    anna = await a_user(api.graph, "Anna")
    rachel = await a_contact(api.graph, "Rachel")
    first = await service.state(api.graph, anna, Statement(anna.user_id, rachel, TieLevel.WEAK))
    second = await service.state(api.graph, anna, Statement(rachel, anna.user_id, TieLevel.STRONG))
    assert first is not None
    assert second is not None
    assert first.id == second.id
    assert second.tie.stated_level is TieLevel.STRONG
    assert await degree(api.graph, rachel) == 1
    [row] = await run(api.graph, "MATCH ()-[tie:KNOWS]->() RETURN count(tie) AS ties")
    assert row["ties"] == 1


@pytest.mark.parametrize("kind", ["oneself", "future", "missing", "hidden"])
async def test_a_refused_statement_leaves_no_tie(api: Api, kind: str) -> None:
    anna = await a_user(api.graph, "Anna")
    rachel = await a_contact(api.graph, "Rachel")
    hidden = await a_contact(api.graph, "Hidden", readers=["somebody else"])
    statement = Statement(anna.user_id, rachel, TieLevel.WEAK)
    refused, error = {
        "oneself": (replace(statement, other_person_id=anna.user_id), Invalid),
        "future": (replace(statement, confirmed_at=api.graph.now() + DAY), Invalid),
        "missing": (replace(statement, other_person_id="nobody"), NotFound),
        "hidden": (replace(statement, other_person_id=hidden), NotFound),
    }[kind]
    with pytest.raises(error):
        await service.state(api.graph, anna, refused)
    [row] = await run(api.graph, "MATCH ()-[tie:KNOWS]->() RETURN count(tie) AS ties")
    assert row["ties"] == 0
    assert await degree(api.graph, anna.user_id) == 0


async def test_a_reader_may_not_state_a_tie(api: Api) -> None:
    reader = await a_user(api.graph, "Rita", Role.READER)
    rachel = await a_contact(api.graph, "Rachel")
    with pytest.raises(NotPermitted):
        await service.state(api.graph, reader, Statement(reader.user_id, rachel, TieLevel.WEAK))


async def test_a_tie_that_exists_but_ask_hides_the_name_of_its_owner_from_others(api: Api) -> None:
    karim, anna = await a_user(api.graph, "Karim"), await a_user(api.graph, "Anna")
    ines, olivia = await a_user(api.graph, "Inès"), await a_user(api.graph, "Olivia")
    george = await a_contact(api.graph, "George")
    asked = Statement(karim.user_id, george, TieLevel.STRONG, visibility=TieVisibility.EXISTS_BUT_ASK)
    own = await service.state(api.graph, karim, asked)
    assert own is not None
    assert own.hidden_id is None
    seen = await the_tie(api.graph, anna, karim.user_id, george)
    assert seen.hidden_id == karim.user_id
    assert seen.hidden_name is not None
    assert str(seen.hidden_name.read(anna.language)) == "a colleague"
    await a_team(api.graph, "Direction", [karim.user_id, ines.user_id, olivia.user_id])
    seen = await the_tie(api.graph, anna, karim.user_id, george)
    assert seen.hidden_name is not None
    assert seen.hidden_name.read(anna.language) == "a colleague in Direction"
    assert karim.user_id not in seen.id
    pages = await service.of_contacts(api.graph, anna, [george])
    assert [tie.hidden_id for tie in pages[george].rows] == [karim.user_id]


async def test_a_private_tie_is_there_for_its_owner_alone(api: Api) -> None:
    karim, anna = await a_user(api.graph, "Karim"), await a_user(api.graph, "Anna")
    george = await a_contact(api.graph, "George")
    private = Statement(karim.user_id, george, TieLevel.STRONG, visibility=TieVisibility.PRIVATE)
    own = await service.state(api.graph, karim, private)
    assert own is not None
    assert await service.of_pairs(api.graph, anna, [(karim.user_id, george)]) == []
    assert await service.of_ids(api.graph, anna, [own.id]) == {}
    page = (await service.of_contacts(api.graph, anna, [george]))[george]
    assert (page.rows, await page.count()) == ([], 0)
    page = (await service.of_contacts(api.graph, karim, [george]))[george]
    assert ([tie.id for tie in page.rows], await page.count()) == ([own.id], 1)
    for visibility in (None, *TieVisibility):
        with pytest.raises(NotPermitted):
            await service.state(api.graph, anna, replace(private, visibility=visibility))
    again = await the_tie(api.graph, karim, karim.user_id, george)
    assert again.tie.visibility is TieVisibility.PRIVATE


@pytest.mark.parametrize("wanted", [None, *TieVisibility])
async def test_what_is_said_of_a_colleagues_tie_is_answered_alike_whatever_is_stored(
    api: Api, wanted: TieVisibility | None
) -> None:
    karim, anna = await a_user(api.graph, "Karim"), await a_user(api.graph, "Anna")
    refusals: set[tuple[str, tuple[str, ...]]] = set()
    for number, kept in enumerate((None, *TieVisibility)):
        george = await a_contact(api.graph, f"George {number}")
        if kept is not None:
            await service.state(api.graph, karim, Statement(karim.user_id, george, TieLevel.STRONG, visibility=kept))
        before = await run(api.graph, STORED_TIES)
        with pytest.raises(NotPermitted) as refused:
            await service.state(api.graph, anna, Statement(george, karim.user_id, TieLevel.WEAK, visibility=wanted))
        refusals.add((str(refused.value), refused.value.field))
        assert await run(api.graph, STORED_TIES) == before
    assert refusals == {
        ("Only the colleague whose tie this is may state it, or who manages users.", ("otherPersonId",))
    }


async def test_a_tie_that_is_not_of_one_of_ours_with_a_contact_is_shared(api: Api) -> None:
    karim, anna = await a_user(api.graph, "Karim"), await a_user(api.graph, "Anna")
    rachel, george = await a_contact(api.graph, "Rachel"), await a_contact(api.graph, "George")
    for pair in ((rachel, george), (karim.user_id, anna.user_id)):
        for visibility in (TieVisibility.PRIVATE, TieVisibility.EXISTS_BUT_ASK):
            with pytest.raises(Invalid, match="kept from others"):
                await service.state(api.graph, karim, Statement(*pair, TieLevel.WEAK, visibility=visibility))
        assert await service.of_pairs(api.graph, karim, [pair]) == []
        for viewer in (karim, anna):
            stated = await service.state(api.graph, viewer, Statement(*pair, TieLevel.STRONG))
            assert stated is not None
            assert stated.tie.visibility is TieVisibility.SHARED


async def test_a_tie_with_a_contact_whom_the_viewer_may_not_see_is_absent(api: Api) -> None:
    anna = await a_user(api.graph, "Anna")
    rachel = await a_contact(api.graph, "Rachel")
    hidden = await a_contact(api.graph, "Hidden", readers=["all-records"])
    await service.state(api.graph, api.viewer, Statement(rachel, hidden, TieLevel.STRONG))
    assert await service.of_pairs(api.graph, anna, [(rachel, hidden)]) == []
    page = (await service.of_contacts(api.graph, anna, [rachel, hidden]))[rachel]
    assert (page.rows, await page.count()) == ([], 0)


async def test_ties_of_a_contact_come_the_strongest_first_and_page_by_page(api: Api) -> None:
    rachel = await a_contact(api.graph, "Rachel")
    users = [await a_user(api.graph, f"User {number}") for number in range(5)]
    levels = [TieLevel.WEAK, TieLevel.STRONG, TieLevel.MEDIUM, TieLevel.WEAK, TieLevel.STRONG]
    for number, (user, level) in enumerate(zip(users, levels, strict=True)):
        confirmed = api.graph.now() - (number + 1) * DAY
        await service.state(api.graph, user, Statement(user.user_id, rachel, level, confirmed_at=confirmed))
    everybody = (await service.of_contacts(api.graph, api.viewer, [rachel]))[rachel]
    ids = {user.user_id: number for number, user in enumerate(users)}
    assert [ids[tie.from_id] for tie in everybody.rows] == [1, 4, 2, 0, 3]
    assert [tie.to_id for tie in everybody.rows] == [rachel] * 5
    found: list[str] = []
    after = None
    for _ in range(3):
        page = (await service.of_contacts(api.graph, api.viewer, [rachel], Span(2, after)))[rachel]
        found += [tie.id for tie in page.rows]
        after = page.cursors[-1]
        assert await page.count() == 5
    assert found == [tie.id for tie in everybody.rows]
    assert not page.has_next


# ------------------------------------------------------------------------------------- rebuild

TYPES = [InteractionType.EMAIL, InteractionType.MEETING, InteractionType.CALL, InteractionType.EVENT]


async def some_history(api: Api, people: list[str], ours: set[str], seed: int) -> None:
    """Random interactions, each stored and fed to its ties in the order of the dice, late ones too."""
    dice = random.Random(seed)
    now = api.graph.now()
    for number in range(60):
        present = dice.sample(people, dice.randint(2, 5))
        kind = dice.choice(TYPES)
        roles = [ParticipantRole.ATTENDEE] * len(present)
        if kind is InteractionType.EMAIL:
            roles = [dice.choice([ParticipantRole.SENDER, ParticipantRole.TO])]
            roles += [dice.choice([ParticipantRole.TO, ParticipantRole.CC]) for _ in present[1:]]
        occurred_at = now - dt.timedelta(days=dice.uniform(0, 400))
        participants = [
            Participant(person_id, role, is_ours=person_id in ours)
            for person_id, role in zip(present, roles, strict=True)
        ]
        facts = InteractionFacts(kind, epoch_days(occurred_at), is_automated=dice.random() < 0.1)
        await stored(api, facts, participants)
        fed = partial(service.record, interactions=[(facts, participants)])
        await api.graph.write(fed, api.viewer, Receipt.of("log", number), locks=present)


async def stored(api: Api, facts: InteractionFacts, participants: list[Participant]) -> None:
    await run(
        api.graph,
        """CREATE (interaction:Record:Interaction {
          id: $id, external_id: $id, type: $type, status: 'HELD', occurred_at: $occurred_at,
          is_automated: $is_automated})
        WITH interaction
        UNWIND $participants AS participant
        MATCH (person:Person {id: participant.person_id})
        CREATE (person)-[:TOOK_PART_IN {role: participant.role}]->(interaction)""",
        id=new_id(),
        type=facts.type.value,
        occurred_at=moment_of(facts.at),
        is_automated=facts.is_automated,
        participants=[{"person_id": one.person_id, "role": one.role.value} for one in participants],
    )


async def contact_of_ties(api: Api, as_of: float) -> dict[str, tuple[object, ...]]:
    rows = await run(
        api.graph,
        "MATCH ()-[tie:KNOWS]->() RETURN tie {.*, outbound: tie.out, inbound: tie.in} AS tie ORDER BY tie.key",
    )
    found: dict[str, tuple[object, ...]] = {}
    for row in rows:
        tie = row["tie"]
        kept = 2 ** ((tie["at"] - as_of) / 90)
        amounts = [pytest.approx(tie[name] * kept, abs=1e-9) for name in ("outbound", "inbound", "mutual")]
        moments = [
            pytest.approx(tie[name], abs=1e-9) if name in tie else None
            for name in ("last_at", "last_out_at", "last_in_at", "last_mutual_at")
        ]
        found[tie["key"]] = (*amounts, *moments, tie["count"], tie.get("stated_level"))
    return found


@pytest.mark.parametrize("seed", [1, 2])
async def test_a_rebuild_equals_what_was_fed_one_by_one(api: Api, seed: int) -> None:
    users = [(await a_user(api.graph, f"User {number}")).user_id for number in range(3)]
    contacts = [await a_contact(api.graph, f"Contact {number}") for number in range(6)]
    await some_history(api, users + contacts, set(users), seed)
    await service.state(api.graph, api.viewer, Statement(users[0], contacts[0], TieLevel.STRONG))
    as_of = epoch_days(api.graph.now())
    before = await contact_of_ties(api, as_of)
    degrees = [await degree(api.graph, person_id) for person_id in users + contacts]
    assert len(before) > 10
    # What a rebuild has to put right: sums that are off, a tie that nothing feeds, a degree that lies.
    await run(
        api.graph,
        """MATCH ()-[tie:KNOWS]->() SET tie.out = 99.0, tie.count = 7, tie.last_at = 1.0
        WITH count(*) AS ties
        MATCH (one:User {id: $user}), (other:User {id: $admin})
        CREATE (one)-[:KNOWS {id: 'x', key: 'x', out: 1.0, in: 0.0, mutual: 0.0, at: 1.0, count: 1,
          visibility: 'SHARED'}]->(other)
        SET one.degree = 50, other.degree = 9""",
        user=users[0],
        admin=api.viewer.user_id,
    )
    steps: list[service.Rebuilt] = []
    done = await service.rebuild(api.graph, api.viewer, report=steps.append, people_per_batch=4)
    assert await contact_of_ties(api, as_of) == before
    assert [await degree(api.graph, person_id) for person_id in users + contacts] == degrees
    assert await degree(api.graph, api.viewer.user_id) == 0
    assert (done.people, done.dropped, len(steps)) == (10, 1, 3)


async def test_a_rebuild_that_was_cut_off_goes_on_where_it_stopped(api: Api) -> None:
    users = [(await a_user(api.graph, f"User {number}")).user_id for number in range(3)]
    contacts = [await a_contact(api.graph, f"Contact {number}") for number in range(6)]
    await some_history(api, users + contacts, set(users), 3)
    before = await contact_of_ties(api, epoch_days(api.graph.now()))

    class CutOff(Exception):
        pass

    def cut(done: service.Rebuilt) -> None:
        if done.people >= 4:
            raise CutOff

    with pytest.raises(CutOff):
        await service.rebuild(api.graph, api.viewer, report=cut, people_per_batch=4)
    steps: list[service.Rebuilt] = []
    await service.rebuild(api.graph, api.viewer, report=steps.append, people_per_batch=4)
    assert [step.people for step in steps] == [8, 10]
    assert await contact_of_ties(api, epoch_days(api.graph.now())) != {}
    assert len(before) == len(await contact_of_ties(api, 0.0))


async def test_ties_of_the_past_are_told_from_their_interactions(api: Api) -> None:
    users = [(await a_user(api.graph, f"User {number}")).user_id for number in range(3)]
    contacts = [await a_contact(api.graph, f"Contact {number}") for number in range(4)]
    await some_history(api, users + contacts, set(users), 4)
    moment = api.graph.now() - 150 * DAY
    pairs = [(user, contact) for user in users for contact in contacts]
    ties = await service.of_pairs(api.graph, api.viewer, pairs)
    past = await service.as_they_were(api.graph, api.viewer, ties, moment)
    await run(
        api.graph,
        "MATCH (late:Interaction) WHERE late.occurred_at > $moment DETACH DELETE late",
        moment=moment,
    )
    await service.rebuild(api.graph, api.viewer)
    rebuilt = {tie.key: tie for tie in await service.of_pairs(api.graph, api.viewer, pairs)}
    assert len(rebuilt) > 3
    for tie in past:
        if tie.tie.accumulators is None:
            assert tie.key not in rebuilt
            continue
        expected = rebuilt[tie.key].tie.accumulators
        assert expected is not None
        told = faded(tie.tie.accumulators, epoch_days(moment))
        stored = faded(expected, epoch_days(moment))
        assert told.outbound == pytest.approx(stored.outbound, abs=1e-9)
        assert told.inbound == pytest.approx(stored.inbound, abs=1e-9)
        assert told.mutual == pytest.approx(stored.mutual, abs=1e-9)
        assert tie.tie.interaction_count == rebuilt[tie.key].tie.interaction_count
