"""What people may do with ties: read them, state them, rebuild them from what happened."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from graph_crm.errors import Ambiguous, Invalid, NotFound, NotPermitted
from graph_crm.graph.client import Graph
from graph_crm.graph.lists import Counts, Span, open_cursor, write_cursor
from graph_crm.graph.pages import Page
from graph_crm.graph.write import Receipt, Write, lock
from graph_crm.ties import store
from graph_crm.ties.acquaintance import Acquaintance, gathered, key_of
from graph_crm.ties.strength import (
    DEFAULT_PARAMETERS,
    epoch_days,
    pair_key,
    recomputed,
    with_contact,
)
from graph_crm.ties.types import InteractionFacts, Participant, TieLevel, TieVisibility
from graph_crm.viewer import Permission, Viewer

PEOPLE_PER_BATCH = 200

TIES_OF_CONTACT = ("ties/of_contacts", "strength DESC")
"""What a cursor of this list carries, so that no other list takes it."""


async def of_ids(graph: Graph, viewer: Viewer, tie_ids: Sequence[str]) -> dict[str, Acquaintance]:
    """The ties with these ids that the viewer may see."""
    viewer.require(Permission.READ_RECORDS)
    return {row.id: row.acquaintance(viewer) for row in await store.of_ids(graph, viewer, tie_ids)}


async def of_pairs(graph: Graph, viewer: Viewer, pairs: Iterable[tuple[str, str]]) -> list[Acquaintance]:
    """The stored ties between these people that the viewer may see, in the order of the pairs."""
    viewer.require(Permission.READ_RECORDS)
    keys = [key_of(*pair_key(*pair)) for pair in pairs]
    if not keys:
        return []
    ties = [row.acquaintance(viewer) for row in await store.of_pairs(graph, viewer, keys)]
    found = {tie.key: tie for tie in ties}
    return [found[key] for key in keys if key in found]


async def of_contacts(
    graph: Graph, viewer: Viewer, contact_ids: Sequence[str], span: Span | None = None
) -> dict[str, Page[Acquaintance]]:
    """The ties of each contact, the strongest first, one page for each."""
    viewer.require(Permission.READ_RECORDS)
    span = span or Span()
    strength, last_at, tie_id, as_of = None, None, None, epoch_days(graph.now())
    if span.cursor is not None:
        # Later pages are told for the moment of the first one: strengths fade while somebody reads.
        strength, last_at, tie_id, as_of = open_cursor(TIES_OF_CONTACT, span.cursor, "after")
    rows = await store.of_contacts(
        graph,
        viewer,
        contact_ids,
        as_of=as_of,
        limit=span.size + 1,
        after=(strength, last_at, tie_id),
        parameters=DEFAULT_PARAMETERS,
    )
    counts = Counts(
        lambda: store.count_of_contacts(graph, viewer, contact_ids, as_of=as_of, parameters=DEFAULT_PARAMETERS)
    )
    pages: dict[str, Page[Acquaintance]] = {}
    for contact_id in contact_ids:
        found = [row for row in rows if row.contact_id == contact_id]
        shown = found[: span.size]
        pages[contact_id] = Page(
            rows=[row.acquaintance(viewer) for row in shown],
            cursors=[
                write_cursor(TIES_OF_CONTACT, [row.strength, row.last_at or 0.0, row.id, as_of]) for row in shown
            ],
            has_next=len(found) > span.size,
            has_previous=span.cursor is not None,
            count=partial(counts.of, contact_id),
        )
    return pages


async def as_they_were(
    graph: Graph, viewer: Viewer, ties: Sequence[Acquaintance], as_of: dt.datetime
) -> list[Acquaintance]:
    """The same ties at an earlier moment: those fed since then are told from their interactions.

    Refuses to tell more than it may; the sentence names the earliest moment that can be answered.
    """
    viewer.require(Permission.READ_RECORDS)
    moment = epoch_days(as_of)
    fed = {
        (tie.first_id, tie.second_id): tie.tie.accumulators.at
        for tie in ties
        if tie.tie.accumulators is not None and tie.tie.accumulators.at > moment
    }
    if not fed:
        return list(ties)
    rows = await store.interactions_of_pairs(graph, fed, as_of)
    contacts = recomputed(((row.facts, row.participants) for row in rows), moment)
    return [
        replace(tie, tie=with_contact(tie.tie, contacts.get(pair)))
        if (pair := (tie.first_id, tie.second_id)) in fed
        else tie
        for tie in ties
    ]


async def person_called(graph: Graph, viewer: Viewer, text: str) -> store.Named:
    """The one person of that name, e-mail address or id. Refuses nobody and several."""
    viewer.require(Permission.READ_RECORDS)
    found = await store.called(graph, viewer, text.strip())
    if not found:
        raise NotFound("Nobody is called {name}, or you may not see them.", name=text)
    if len(found) > 1:
        raise Ambiguous(
            "Several people are called {name}: use an e-mail address or one of the ids {ids}.",
            name=text,
            ids=[person.id for person in found],
            candidates=[person.id for person in found],
        )
    return found[0]


# ------------------------------------------------------------------------------------------------ writes


async def record(
    write: Write, interactions: Iterable[tuple[InteractionFacts, Sequence[Participant]]]
) -> list[tuple[str, str]]:
    """Let interactions feed their ties, inside the transaction that records them.

    The caller holds the locks of everybody who took part. Answers the pairs that came closer.
    """
    contacts = gathered(interactions)
    await store.add_contacts(write, contacts.values(), DEFAULT_PARAMETERS)
    return sorted(contacts)


@dataclass(frozen=True, slots=True)
class Statement:
    """What somebody says of two people's acquaintance."""

    person_id: str
    other_person_id: str
    level: TieLevel
    note: str | None = None
    visibility: TieVisibility | None = None
    confirmed_at: dt.datetime | None = None
    idempotency_key: str | None = None


async def state(graph: Graph, viewer: Viewer, statement: Statement) -> Acquaintance | None:
    """Write down how well two people know each other, as somebody says it."""
    viewer.require(Permission.STATE_TIES)
    if statement.person_id == statement.other_person_id:
        raise Invalid("A tie takes two people.", field=("otherPersonId",))
    if statement.confirmed_at is not None and statement.confirmed_at > graph.now():
        raise Invalid(
            "This moment lies in the future: {moment}.", field=("confirmedAt",), moment=statement.confirmed_at
        )
    known = await _both_people(graph, viewer, statement)
    first_id, second_id = pair_key(statement.person_id, statement.other_person_id)
    ours = [person_id for person_id in (first_id, second_id) if known[person_id].is_ours]
    refuse_to_speak_for_others(viewer, statement, ours)

    async def work(write: Write) -> str:
        stored = await store.stored(write, first_id, second_id)
        visibility, owner_id = shown_to(statement, stored, ours)
        stated_at = epoch_days(statement.confirmed_at or write.now)
        row = await write.one(
            store.STATE,
            first_id=first_id,
            second_id=second_id,
            key=key_of(first_id, second_id),
            tie_id=write.new_id(),
            level=statement.level,
            stated_at=stated_at,
            stated_by=viewer.user_id,
            note=statement.note,
            visibility=visibility,
            owner_id=owner_id,
        )
        if row is None:
            raise NotFound("There is no such person, or you may not see them.", field=("otherPersonId",))
        before = {} if stored is None else {"stated_level": stored.stated_level, "visibility": stored.visibility}
        after = {"stated_level": statement.level, "visibility": visibility}
        if stored is None:
            write.created(row.id, "tie.stated", person_ids=[first_id, second_id], **after)
        else:
            write.changed(row.id, "tie.stated", before=before, after=after)
        return row.id

    tie_id = await graph.write(
        work,
        viewer,
        Receipt.of("state tie", replace(statement, idempotency_key=None), statement.idempotency_key),
        locks=[first_id, second_id],
    )
    # Whoever may only write still reads what they have just written.
    return next((row.acquaintance(viewer) for row in await store.of_ids(graph, viewer, [tie_id])), None)


async def _both_people(graph: Graph, viewer: Viewer, statement: Statement) -> dict[str, store.PersonRow]:
    """The two people of a statement. Refuses one whom the viewer may not see."""
    known = await store.people(graph, viewer, [statement.person_id, statement.other_person_id])
    for person_id, name in ((statement.person_id, "personId"), (statement.other_person_id, "otherPersonId")):
        if person_id not in known:
            raise NotFound("There is no such person, or you may not see them.", field=(name,))
    return known


def refuse_to_speak_for_others(viewer: Viewer, statement: Statement, ours: Sequence[str]) -> None:
    """Refuse the tie of a colleague, and one that nobody of ours could keep to themselves.

    What is stored plays no part: a refusal that depends on it would tell of a private tie.
    """
    if ours and viewer.user_id not in ours and not viewer.may(Permission.MANAGE_USERS):
        name = "personId" if statement.person_id in ours else "otherPersonId"
        raise NotPermitted("Only the colleague whose tie this is may state it, or who manages users.", field=(name,))
    if len(ours) != 1 and statement.visibility not in {None, TieVisibility.SHARED}:
        raise Invalid("Only a tie between one of ours and a contact can be kept from others.", field=("visibility",))


def shown_to(
    statement: Statement, stored: store.StoredTie | None, ours: Sequence[str]
) -> tuple[TieVisibility, str | None]:
    """Who will see the tie, and whose it is: our end's; one between two of ours or two contacts is shared."""
    if len(ours) != 1:
        return TieVisibility.SHARED, ours[0] if ours else None
    current = TieVisibility.SHARED if stored is None else stored.visibility
    return statement.visibility or current, ours[0]


# ----------------------------------------------------------------------------------------------- rebuild


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild has done: people gone through, ties told anew, ties dropped, degrees put right."""

    people: int = 0
    ties: int = 0
    dropped: int = 0
    corrected: int = 0

    def __add__(self, other: Rebuilt) -> Rebuilt:
        return Rebuilt(
            self.people + other.people,
            self.ties + other.ties,
            self.dropped + other.dropped,
            self.corrected + other.corrected,
        )


async def rebuild(
    graph: Graph,
    viewer: Viewer,
    *,
    report: Callable[[Rebuilt], None] = lambda _: None,
    people_per_batch: int = PEOPLE_PER_BATCH,
) -> Rebuilt:
    """Tell the contact of every tie anew from the interactions, some people at a time.

    A rebuild that was cut off goes on where it stopped. Others may write meanwhile: whoever is in a batch is
    locked until it is done.
    """
    viewer.require(Permission.MAINTAIN_DATABASE)
    position = await graph.read_one(store.REBUILD_POSITION)
    after_id = "" if position is None else position.after_id
    done = Rebuilt(people=0 if position is None else position.done)
    while person_ids := await store.persons_after(graph, after_id, people_per_batch):
        after_id = person_ids[-1]
        done += await graph.maintain(batch_of(person_ids, done.people + len(person_ids)), "rebuild ties")
        report(done)
    await graph.maintain(lambda write: write.run(store.REBUILD_ENDED), "end of rebuilding ties")
    return done


def batch_of(person_ids: list[str], reached: int) -> Callable[[Write], Awaitable[Rebuilt]]:
    """The work that brings the ties which start at these people up to date."""

    async def work(write: Write) -> Rebuilt:
        await lock(write, person_ids)
        own = frozenset(person_ids)
        interactions = await write.run(store.INTERACTIONS_OF_PEOPLE, person_ids=person_ids)
        contacts = gathered((row.facts, row.participants) for row in interactions)
        starting = [contact for contact in contacts.values() if contact.first_id in own]
        await lock(write, [contact.second_id for contact in starting])
        await write.run(store.CLEAR_CONTACTS, person_ids=person_ids)
        await store.add_contacts(write, starting, DEFAULT_PARAMETERS)
        dropped = await write.one(store.DROP_EMPTY, person_ids=person_ids)
        corrected = await write.one(store.COUNT_DEGREES, person_ids=person_ids)
        await write.run(
            store.REBUILD_REACHED,
            after_id=person_ids[-1],
            done=reached,
            parameters_version=DEFAULT_PARAMETERS.parameters_version,
            now=write.now,
        )
        return Rebuilt(
            people=len(person_ids),
            ties=len(starting),
            dropped=0 if dropped is None else dropped.dropped,
            corrected=0 if corrected is None else corrected.corrected,
        )

    return work
