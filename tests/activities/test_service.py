"""Interactions on a real database: logged once, seen by those who may, feeding their ties exactly."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import replace

import pytest

from graph_crm.activities import service
from graph_crm.activities.mailboxes import is_shared
from graph_crm.activities.service import Logged
from graph_crm.activities.types import NewInteraction, NewNote, NoteKind, PersonNamed
from graph_crm.errors import Ambiguous, Conflict, Invalid, NotFound, NotPermitted, Refusal
from graph_crm.graph.lists import Comparison, Operator, Wanted
from graph_crm.graph.write import Receipt, Write
from graph_crm.opportunities import service as opportunities
from graph_crm.opportunities.types import NewOpportunity
from graph_crm.ties import service as ties
from graph_crm.ties.strength import TieStrength, epoch_days, strength_of
from graph_crm.ties.types import InteractionStatus, InteractionType, ParticipantRole, TieBand
from graph_crm.viewer import Role, Viewer
from tests.api import Api, a_user
from tests.small_graph import a_contact, an_account, employ, run

DAY = dt.timedelta(days=1)


def by_id(*person_ids: str) -> tuple[PersonNamed, ...]:
    return tuple(PersonNamed(person_id=person_id) for person_id in person_ids)


async def log(
    api: Api, kind: InteractionType, days_ago: float, *person_ids: str, viewer: Viewer | None = None
) -> Logged:
    wanted = NewInteraction(kind, api.graph.now() - days_ago * DAY, by_id(*person_ids))
    return await service.log(api.graph, viewer or api.viewer, wanted)


async def mail(api: Api, occurred_at: dt.datetime, sender: str, to: list[str], cc: list[str] | None = None) -> Logged:
    wanted = NewInteraction(InteractionType.EMAIL, occurred_at, by_id(*to), PersonNamed(sender), by_id(*(cc or [])))
    return await service.log(api.graph, api.viewer, wanted)


async def strength(api: Api, one: str, other: str, as_of: dt.datetime) -> TieStrength:
    [tie] = await ties.of_pairs(api.graph, api.viewer, [(one, other)])
    return strength_of(tie.tie, epoch_days(as_of))


# ---------------------------------------------------------------------------- worked numbers (domain.md, 3a)


async def test_the_worked_example_comes_out_exactly_whatever_the_order(api: Api) -> None:
    us = [(await a_user(api.graph, f"User {number}")).user_id for number in range(2)]
    them = [await a_contact(api.graph, f"Contact {number}") for number in range(4)]
    day0 = api.graph.now() - DAY
    for u, v in ((us[0], them[0]), (them[1], us[1])):
        w, others = them[2], [them[3], us[0] if u != us[0] and v != us[0] else us[1], v]
        meeting = NewInteraction(InteractionType.MEETING, day0 - 30 * DAY, by_id(u, v, w))
        # The newest first: what comes late is added as exactly as what comes in time.
        await mail(api, day0, u, [w, *others[:2]], [v])
        await mail(api, day0 - DAY, w, [u, v])
        await mail(api, day0 - 90 * DAY, v, [u])
        await service.log(api.graph, api.viewer, meeting)
        await mail(api, day0 - 90 * DAY, u, [v])
        found = await strength(api, u, v, day0)
        assert found.strength == pytest.approx(0.405468, abs=1e-6)
        assert found.band is TieBand.MEDIUM
        assert found.exchange == pytest.approx(2.599901, abs=1e-6)
        outbound, inbound = (found.outbound, found.inbound) if u < v else (found.inbound, found.outbound)
        assert (outbound, inbound) == (pytest.approx(0.625), pytest.approx(0.5))
        assert found.mutual == pytest.approx(1.587401, abs=1e-6)
        later = [await strength(api, u, v, day0 + days * DAY) for days in (90, 180)]
        assert [one.strength for one in later] == [
            pytest.approx(0.228941, abs=1e-6),
            pytest.approx(0.121900, abs=1e-6),
        ]


@pytest.mark.parametrize(("sent", "received", "expected"), [(1, 0, 0.019801), (20, 0, 0.095163), (1, 1, 0.329680)])
async def test_mails_without_an_answer_stay_faint(api: Api, sent: int, received: int, expected: float) -> None:
    rachel = await a_contact(api.graph, "Rachel")
    moment = api.graph.now() - DAY
    for _ in range(sent):
        await mail(api, moment, api.viewer.user_id, [rachel])
    for _ in range(received):
        await mail(api, moment, rachel, [api.viewer.user_id])
    found = await strength(api, rachel, api.viewer.user_id, moment)
    assert found.strength == pytest.approx(expected, abs=1e-6)


async def test_meetings_of_two_and_calls_of_eight_weigh_as_they_should(api: Api) -> None:
    people = [await a_contact(api.graph, f"Contact {number}") for number in range(8)]
    moment = api.graph.now() - DAY
    found: list[float] = []
    for _ in range(3):
        await service.log(
            api.graph,
            api.viewer,
            NewInteraction(InteractionType.MEETING, moment, by_id(people[0], api.viewer.user_id)),
        )
        found.append((await strength(api, people[0], api.viewer.user_id, moment)).strength)
    assert found == [pytest.approx(one, abs=1e-6) for one in (0.550671, 0.798103, 0.909282)]
    await service.log(api.graph, api.viewer, NewInteraction(InteractionType.VIDEO_MEETING, moment, by_id(*people)))
    assert (await strength(api, people[1], people[2], moment)).strength == pytest.approx(0.082144, abs=1e-6)


async def test_weight_zero_automated_planned_and_cancelled_feed_no_tie(api: Api) -> None:
    rachel = await a_contact(api.graph, "Rachel")
    now = api.graph.now()
    both = by_id(rachel, api.viewer.user_id)
    for wanted in (
        NewInteraction(InteractionType.WEBINAR_REGISTRATION, now - DAY, both),
        NewInteraction(InteractionType.OTHER, now - DAY, both),
        NewInteraction(InteractionType.EMAIL, now - DAY, both, is_automated=True),
        NewInteraction(InteractionType.MEETING, now + DAY, both),
        NewInteraction(InteractionType.MEETING, now - DAY, both, status=InteractionStatus.CANCELLED),
    ):
        assert (await service.log(api.graph, api.viewer, wanted)).ties == []
    assert await ties.of_pairs(api.graph, api.viewer, [(rachel, api.viewer.user_id)]) == []


async def test_interactions_of_one_pair_logged_at_once_lose_nothing(api: Api) -> None:
    rachel, tom = await a_contact(api.graph, "Rachel"), await a_contact(api.graph, "Tom")
    moment = api.graph.now() - DAY

    async def several(number: int) -> None:
        for _ in range(5):
            people = [rachel, api.viewer.user_id] if number % 2 else [api.viewer.user_id, rachel, tom]
            wanted = NewInteraction(InteractionType.CALL, moment - number * DAY, by_id(*people))
            await service.log(api.graph, api.viewer, wanted)

    await asyncio.gather(*(several(number) for number in range(8)))
    found = await strength(api, rachel, api.viewer.user_id, moment)
    expected = sum(5 * (2 if number % 2 else 1) * 2 ** (-number / 90) for number in range(8))
    assert found.interaction_count == 40
    assert found.mutual == pytest.approx(expected, abs=1e-9)
    [row] = await run(api.graph, "MATCH ()-[tie:KNOWS]->() RETURN count(tie) AS ties")
    assert row["ties"] == 3
    [row] = await run(api.graph, "MATCH (person:Person {id: $id}) RETURN person.degree AS degree", id=rachel)
    assert row["degree"] == 2


async def test_a_rebuild_equals_what_was_logged(api: Api) -> None:
    people = [await a_contact(api.graph, f"Contact {number}") for number in range(3)]
    for number in range(6):
        await log(api, InteractionType.CALL, number * 20, api.viewer.user_id, *people[: 1 + number % 3])
        await mail(api, api.graph.now() - number * 11 * DAY, people[number % 3], [api.viewer.user_id])
    as_of = api.graph.now()
    before = [await strength(api, person, api.viewer.user_id, as_of) for person in people]
    await ties.rebuild(api.graph, api.viewer)
    after = [await strength(api, person, api.viewer.user_id, as_of) for person in people]
    for one, other in zip(before, after, strict=True):
        assert one.strength == pytest.approx(other.strength, abs=1e-9)
        assert one.interaction_count == other.interaction_count


# ------------------------------------------------------------------------------------------------ logging


async def test_an_interaction_logged_shows_its_people_and_dates_the_last_contact(api: Api) -> None:
    rachel, account = (
        await a_contact(api.graph, "Rachel", email="rachel@harrow.example"),
        await an_account(api.graph, "H"),
    )
    former = await an_account(api.graph, "Ferrand-Lys")
    moment = api.graph.now() - 12 * DAY
    await employ(api.graph, rachel, account, valid_from=(moment - 100 * DAY).date())
    await employ(api.graph, rachel, former, valid_to=(moment - 100 * DAY).date())
    wanted = NewInteraction(
        InteractionType.EMAIL,
        moment,
        (PersonNamed(email_address="Rachel@Harrow.example"), PersonNamed(email_address="info@harrow.example")),
        PersonNamed(person_id=api.viewer.user_id),
        subject="  The pilot ",
        note="Wants  a visit.\n\nSoon.",
    )
    logged = await service.log(api.graph, api.viewer, wanted)
    assert logged.interaction is not None
    assert (logged.interaction.subject, logged.interaction.status) == ("The pilot", InteractionStatus.HELD)
    present = await service.participants_of(api.graph, api.viewer, [logged.interaction.id])
    assert [(one.person_id, one.role) for one in present[logged.interaction.id]] == [
        (api.viewer.user_id, ParticipantRole.SENDER),
        (rachel, ParticipantRole.TO),
    ]
    assert [tie.tie.interaction_count for tie in logged.ties] == [1]
    for kind, record_id in (("Contact", rachel), ("Account", account)):
        last = await service.last_of(api.graph, api.viewer, kind, [record_id])
        assert last[record_id].id == logged.interaction.id
        notes = await service.notes_of(api.graph, api.viewer, kind, [record_id], Wanted())
        assert [(note.text, note.author_id, note.kind) for note in notes[record_id].rows] == [
            ("Wants  a visit.\n\nSoon.", api.viewer.user_id, NoteKind.NOTE)
        ]
        [row] = await run(api.graph, "MATCH (r:Record {id: $id}) RETURN r.last_interaction_at AS at", id=record_id)
        assert row["at"].to_native() == moment
    assert await service.last_of(api.graph, api.viewer, "Account", [former]) == {}
    [row] = await run(api.graph, "MATCH (r:Record {id: $id}) RETURN r.last_interaction_at AS at", id=former)
    assert row["at"] is None


async def test_what_lies_ahead_is_planned_and_never_the_last_interaction(api: Api) -> None:
    rachel = await a_contact(api.graph, "Rachel")
    planned = await log(api, InteractionType.MEETING, -5, rachel)
    await log(api, InteractionType.MEETING, -9, rachel)
    first = await log(api, InteractionType.WEBINAR_REGISTRATION, 30, rachel)
    held = await log(api, InteractionType.CALL, 3, rachel)
    late = await log(api, InteractionType.CALL, 10, rachel)
    assert planned.interaction is not None
    assert planned.interaction.status is InteractionStatus.PLANNED
    for found, expected in (
        (await service.last_of(api.graph, api.viewer, "Contact", [rachel]), held),
        (await service.first_of(api.graph, api.viewer, "Contact", [rachel]), first),
        (await service.next_of(api.graph, api.viewer, "Contact", [rachel]), planned),
    ):
        assert expected.interaction is not None
        assert found[rachel].id == expected.interaction.id
    [row] = await run(api.graph, "MATCH (r:Record {id: $id}) RETURN r.last_interaction_at AS at", id=rachel)
    assert held.interaction is not None
    assert row["at"].to_native() == held.interaction.occurred_at
    page = (await service.interactions_of(api.graph, api.viewer, "Contact", [rachel], Wanted()))[rachel]
    assert late.interaction is not None
    assert (len(page.rows), await page.count()) == (5, 5)
    calls = Wanted(Comparison("type", Operator.IN, [InteractionType.CALL.value]))
    page = (await service.interactions_of(api.graph, api.viewer, "Contact", [rachel], calls))[rachel]
    assert ([one.id for one in page.rows], await page.count()) == ([held.interaction.id, late.interaction.id], 2)


async def test_the_same_external_id_changes_nothing(api: Api) -> None:
    rachel = await a_contact(api.graph, "Rachel")
    moment = api.graph.now() - DAY
    wanted = NewInteraction(
        InteractionType.EMAIL,
        moment,
        by_id(rachel),
        PersonNamed(api.viewer.user_id),
        external_id="mail:1",
        note="Hello",
    )
    first = await service.log(api.graph, api.viewer, wanted)
    events = await api.count("ChangeEvent")
    for again in (wanted, replace(wanted, subject="Other", type=InteractionType.MEETING)):
        repeated = await service.log(api.graph, api.viewer, again)
        assert repeated.interaction == first.interaction
        assert repeated.ties == []
    at_once = await asyncio.gather(
        *(service.log(api.graph, api.viewer, replace(wanted, external_id="mail:2")) for _ in range(6))
    )
    assert len({logged.interaction.id for logged in at_once if logged.interaction is not None}) == 1
    assert await api.count("Interaction") == 2
    assert await api.count("Note") == 2
    assert await api.count("ChangeEvent") == events + 2
    found = await strength(api, rachel, api.viewer.user_id, moment)
    assert found.interaction_count == 2


async def test_an_idempotency_key_logs_once_and_refuses_other_content(api: Api) -> None:
    rachel = await a_contact(api.graph, "Rachel")
    wanted = NewInteraction(InteractionType.CALL, api.graph.now() - DAY, by_id(rachel, api.viewer.user_id))
    first = await service.log(api.graph, api.viewer, wanted, idempotency_key="once")
    again = await service.log(api.graph, api.viewer, wanted, idempotency_key="once")
    assert first == again
    with pytest.raises(Conflict):
        await service.log(api.graph, api.viewer, replace(wanted, subject="Other"), idempotency_key="once")
    assert await api.count("Interaction") == 1


NOBODY = PersonNamed(person_id="nobody", field=("participants", "0", "personId"))
UNKNOWN = PersonNamed(email_address="who@nowhere.example", field=("participants", "0", "emailAddress"))
SHARED = PersonNamed(email_address="twins@home.example", field=("participants", "0", "emailAddress"))
BROKEN = PersonNamed(email_address="no address", field=("participants", "0", "emailAddress"))


@pytest.mark.parametrize(
    ("person", "change", "error", "field"),
    [
        (NOBODY, {}, NotFound, ("participants", "0", "personId")),
        (UNKNOWN, {}, NotFound, ("participants", "0", "emailAddress")),
        (SHARED, {}, Ambiguous, ("participants", "0", "emailAddress")),
        (BROKEN, {}, Invalid, ("participants", "0", "emailAddress")),
        (None, {"about_ids": ("nothing",)}, NotFound, ("aboutIds", "0")),
        (None, {"participants": ()}, Invalid, ("participants",)),
        (None, {"occurred_at": dt.datetime(2999, 1, 1, tzinfo=dt.UTC)}, Invalid, ("occurredAt",)),
        (None, {"external_id": "x" * 501}, Invalid, ("externalId",)),
    ],
)
async def test_a_refused_interaction_leaves_no_trace(
    api: Api, person: PersonNamed | None, change: dict[str, object], error: type[Refusal], field: tuple[str, ...]
) -> None:
    rachel = await a_contact(api.graph, "Rachel")
    for name in ("Ann", "Bob"):
        await a_contact(api.graph, name, email="twins@home.example")
    people = by_id(rachel, api.viewer.user_id) if person is None else (person, *by_id(rachel))
    wanted = NewInteraction(
        InteractionType.CALL, api.graph.now() - DAY, people, status=InteractionStatus.HELD, note="Hello"
    )
    with pytest.raises(error) as refusal:
        await service.log(api.graph, api.viewer, replace(wanted, **change))  # pyright: ignore[reportArgumentType]
    assert refusal.value.field == field
    for label in ("Interaction", "Note", "ChangeEvent", "Receipt"):
        assert await api.count(label) == 0
    [row] = await run(api.graph, "MATCH (r:Record {id: $id}) RETURN r.last_interaction_at AS at", id=rachel)
    assert row["at"] is None


async def test_a_reader_logs_nothing(api: Api) -> None:
    reader = await a_user(api.graph, "Rita", Role.READER)
    rachel = await a_contact(api.graph, "Rachel")
    with pytest.raises(NotPermitted):
        await log(api, InteractionType.CALL, 1, rachel, viewer=reader)
    assert await api.count("Interaction") == 0


# ---------------------------------------------------------------------------------------------- visibility


async def test_whoever_is_hidden_is_left_out_of_what_the_others_see(api: Api) -> None:
    anna = await a_user(api.graph, "Anna")
    rachel = await a_contact(api.graph, "Rachel")
    hidden = await a_contact(api.graph, "Hidden", readers=["all-records"])
    both = await log(api, InteractionType.CALL, 2, rachel, hidden)
    alone = await log(api, InteractionType.CALL, 1, hidden, anna.user_id)
    assert both.interaction is not None
    assert alone.interaction is not None
    all_of_them = await service.participants_of(api.graph, api.viewer, [both.interaction.id])
    assert {one.person_id for one in all_of_them[both.interaction.id]} == {hidden, rachel}
    seen = await service.of_ids(api.graph, anna, [both.interaction.id, alone.interaction.id])
    present = await service.participants_of(api.graph, anna, [both.interaction.id, alone.interaction.id])
    assert {key: [one.person_id for one in rows] for key, rows in present.items()} == {both.interaction.id: [rachel]}
    assert alone.interaction.id not in seen
    page = (await service.interactions_of(api.graph, anna, "Contact", [hidden], Wanted()))[hidden]
    assert (page.rows, await page.count()) == ([], 0)
    with pytest.raises(NotFound):
        await log(api, InteractionType.CALL, 1, hidden, viewer=anna)


async def test_an_interaction_about_a_deal_counts_for_its_account(api: Api) -> None:
    account, other = await an_account(api.graph, "TechCorp"), await an_account(api.graph, "Other")
    rachel, consultant = await a_contact(api.graph, "Rachel"), await a_contact(api.graph, "Étienne")
    await employ(api.graph, rachel, account)
    deal = await opportunities.create(api.graph, api.viewer, NewOpportunity("Deal", account_id=account))
    moment = api.graph.now() - DAY
    for number, (people, about) in enumerate(
        (((rachel,), ()), ((consultant,), (deal.id,)), ((rachel,), (deal.id, account)), ((consultant,), (account,)))
    ):
        wanted = NewInteraction(InteractionType.MEETING, moment - number * DAY, by_id(*people), about_ids=about)
        await service.log(api.graph, api.viewer, wanted)
    counts: dict[str, int] = {}
    for kind, record_id in (("Account", account), ("Account", other), ("Opportunity", deal.id), ("Contact", rachel)):
        page = (await service.interactions_of(api.graph, api.viewer, kind, [record_id], Wanted()))[record_id]
        assert len(page.rows) == await page.count()
        counts[record_id] = len(page.rows)
    assert counts == {account: 4, other: 0, deal.id: 2, rachel: 2}
    [row] = await run(api.graph, "MATCH (r:Record {id: $id}) RETURN r.last_interaction_at AS at", id=account)
    assert row["at"].to_native() == moment


async def test_a_note_stands_with_what_it_is_about(api: Api) -> None:
    account = await an_account(api.graph, "Ferrand-Lys")

    async def work(write: Write) -> list[str]:
        kinds = {"Réduire les retards de 20 %": NoteKind.OBJECTIVE, "Other": NoteKind.NOTE}
        notes = [NewNote(text, text, (account,), kind, api.viewer.user_id) for text, kind in kinds.items()]
        return [recorded.id for recorded in await service.record_notes(write, notes)]

    objective, _ = await api.graph.write(work, api.viewer, Receipt.of("write notes", None))
    note = (await service.notes_of_ids(api.graph, api.viewer, [objective]))[objective]
    wanted = Wanted(Comparison("kind", Operator.IN, [NoteKind.OBJECTIVE.value]))
    page = (await service.notes_of(api.graph, api.viewer, "Account", [account], wanted))[account]
    assert (page.rows, await page.count()) == ([note], 1)
    anna = await a_user(api.graph, "Anna")
    await run(api.graph, "MATCH (r:Account {id: $id}) SET r.readers = ['all-records']", id=account)
    assert await service.notes_of_ids(api.graph, anna, [note.id]) == {}


@pytest.mark.parametrize(
    ("address", "shared"),
    [
        ("info@example.com", True),
        ("Contact@example.com", True),
        ("service-client@example.com", True),
        ("no-reply+x@example.com", True),
        ("jean.dupont@example.com", False),
        ("information.smith@example.com", False),
    ],
)
def test_a_function_s_mailbox_is_no_person(address: str, *, shared: bool) -> None:
    assert is_shared(address) is shared
