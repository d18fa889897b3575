"""What people do with interactions and notes: log them, and look back and ahead."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from graph_crm.activities import store
from graph_crm.activities.mailboxes import is_shared
from graph_crm.activities.types import (
    Happening,
    Interaction,
    NewInteraction,
    NewNote,
    Note,
    PersonNamed,
    Recorded,
    Subject,
    TookPart,
)
from graph_crm.contacts.addresses import email_address
from graph_crm.errors import Ambiguous, Invalid, NotFound
from graph_crm.graph.client import Graph
from graph_crm.graph.lists import AllOf, Comparison, Direction, Listing, Operator, Span, Wanted
from graph_crm.graph.pages import Page
from graph_crm.graph.texts import optional_line, optional_text
from graph_crm.graph.write import Receipt, Write
from graph_crm.ties import service as ties
from graph_crm.ties import store as tie_store
from graph_crm.ties.acquaintance import Acquaintance, key_of
from graph_crm.ties.strength import DIRECTED
from graph_crm.ties.types import InteractionStatus, ParticipantRole
from graph_crm.viewer import Permission, Viewer

LONGEST_KEY = 500
MOST_PEOPLE = 500
MOST_SUBJECTS = 50
OWN = "graph_crm:"
"""How the external ids begin that the service itself gives."""

ListingOf = Mapping[str, Listing[Interaction]]

INTERACTIONS: ListingOf = {
    "Account": store.OF_ACCOUNT,
    "Contact": store.OF_CONTACT,
    "Opportunity": store.OF_OPPORTUNITY,
}
NOTES: Mapping[str, Listing[Note]] = {
    "Account": store.NOTES_OF_ACCOUNT,
    "Contact": store.NOTES_OF_CONTACT,
    "Opportunity": store.NOTES_OF_OPPORTUNITY,
}


async def of_ids(graph: Graph, viewer: Viewer, ids: Sequence[str]) -> dict[str, Interaction]:
    """The interactions with these ids that the viewer may see, by id."""
    viewer.require(Permission.READ_RECORDS)
    return {found.id: found for found in await store.of_ids(graph, ids, viewer)}


async def participants_of(graph: Graph, viewer: Viewer, ids: Sequence[str]) -> dict[str, list[TookPart]]:
    """Who took part in each of these interactions, those in copy last. Whoever is hidden is left out."""
    viewer.require(Permission.READ_RECORDS)
    found: defaultdict[str, list[TookPart]] = defaultdict(list)
    for row in await store.participants_of(graph, ids, viewer):
        found[row.interaction_id].append(row)
    return dict(found)


async def subjects_of(graph: Graph, viewer: Viewer, ids: Sequence[str]) -> dict[str, list[Subject]]:
    """What each of these interactions was about, as far as it is visible."""
    viewer.require(Permission.READ_RECORDS)
    found: defaultdict[str, list[Subject]] = defaultdict(list)
    for row in await store.subjects_of(graph, ids, viewer):
        found[row.interaction_id].append(row)
    return dict(found)


async def notes_of_ids(graph: Graph, viewer: Viewer, ids: Sequence[str]) -> dict[str, Note]:
    """The notes with these ids that the viewer may see, by id."""
    viewer.require(Permission.READ_RECORDS)
    return {found.id: found for found in await store.notes_of_ids(graph, ids, viewer)}


async def interactions_of(
    graph: Graph, viewer: Viewer, kind: str, ids: Sequence[str], wanted: Wanted
) -> dict[str, Page[Interaction]]:
    """One page of interactions for each account, contact or opportunity, the newest first.

    An account's are those about it, those about its opportunities, and those with somebody who worked there then.
    """
    viewer.require(Permission.READ_RECORDS)
    return await INTERACTIONS[kind].pages_of_each(graph, ids, wanted, viewer_groups=viewer.groups)


async def notes_of(
    graph: Graph, viewer: Viewer, kind: str, ids: Sequence[str], wanted: Wanted
) -> dict[str, Page[Note]]:
    """One page of notes for each account, contact or opportunity, the newest first."""
    viewer.require(Permission.READ_RECORDS)
    return await NOTES[kind].pages_of_each(graph, ids, wanted, viewer_groups=viewer.groups)


async def first_of(graph: Graph, viewer: Viewer, kind: str, ids: Sequence[str]) -> dict[str, Interaction]:
    """The earliest interaction held with each of these."""
    viewer.require(Permission.READ_RECORDS)
    return await _one_each(graph, viewer, kind, ids, held_until(graph.now()), Direction.ASC)


async def last_of(graph: Graph, viewer: Viewer, kind: str, ids: Sequence[str]) -> dict[str, Interaction]:
    """The newest interaction held with each of these; it never lies in the future."""
    viewer.require(Permission.READ_RECORDS)
    return await _one_each(graph, viewer, kind, ids, held_until(graph.now()), Direction.DESC)


async def next_of(graph: Graph, viewer: Viewer, kind: str, ids: Sequence[str]) -> dict[str, Interaction]:
    """The next interaction planned with each of these."""
    viewer.require(Permission.READ_RECORDS)
    planned = AllOf(
        (
            Comparison("status", Operator.EQUAL, InteractionStatus.PLANNED.value),
            Comparison("occurred_at", Operator.GREATER, graph.now()),
        )
    )
    return await _one_each(graph, viewer, kind, ids, planned, Direction.ASC)


def held_until(now: dt.datetime) -> AllOf:
    return AllOf(
        (
            Comparison("status", Operator.EQUAL, InteractionStatus.HELD.value),
            Comparison("occurred_at", Operator.LESS_OR_EQUAL, now),
        )
    )


async def _one_each(
    graph: Graph, viewer: Viewer, kind: str, ids: Sequence[str], condition: AllOf, direction: Direction
) -> dict[str, Interaction]:
    wanted = Wanted(condition, (("occurred_at", direction),), Span(1))
    pages = await INTERACTIONS[kind].pages_of_each(graph, ids, wanted, viewer_groups=viewer.groups)
    return {record_id: page.rows[0] for record_id, page in pages.items() if page.rows}


# ----------------------------------------------------------------------------------------------- logging


@dataclass(frozen=True, slots=True)
class Logged:
    """The interaction as it stands now, and the ties it has just fed, as far as the viewer may see them."""

    interaction: Interaction | None
    ties: list[Acquaintance]


async def log(graph: Graph, viewer: Viewer, asked: NewInteraction, *, idempotency_key: str | None = None) -> Logged:
    """Log an interaction; its people come closer in the same transaction. The same external id changes nothing."""
    viewer.require(Permission.LOG_INTERACTIONS)
    wanted = checked(asked, graph.now())
    people, mailboxes = await _people_of(graph, viewer, wanted)
    roles = roles_of(wanted, people)
    await _refuse_unseen(graph, viewer, wanted.about_ids)
    if not wanted.about_ids and all(person.is_ours for person in people.values()):
        raise Invalid("Name somebody of theirs who took part, or say what it was about.", field=("participants",))
    ids = [*roles, *wanted.about_ids]
    accounts = await store.touched_accounts(graph, ids, wanted.occurred_at.date())

    async def work(write: Write) -> dict[str, Any]:
        happening = Happening(
            external_id=wanted.external_id or f"{OWN}{write.new_id()}",
            type=wanted.type,
            occurred_at=wanted.occurred_at,
            status=wanted.status or InteractionStatus.HELD,
            date_only=wanted.date_only,
            is_automated=wanted.is_automated,
            subject=wanted.subject,
            participants=roles,
            about_ids=wanted.about_ids,
            shared_mailboxes=mailboxes,
        )
        [recorded], pairs = await record(write, [happening])
        if recorded.made:
            write.created(
                recorded.id,
                "interaction.logged",
                type=happening.type,
                status=happening.status,
                occurred_at=happening.occurred_at,
                person_ids=sorted(roles),
                about_ids=list(wanted.about_ids),
            )
        if recorded.made and wanted.note is not None:
            theirs = [person.person_id for person in people.values() if not person.is_ours]
            note = NewNote(
                external_id=f"{OWN}{write.new_id()}",
                text=wanted.note,
                about_ids=tuple(sorted({*wanted.about_ids, *theirs})),
                kind=wanted.note_kind,
                author_id=viewer.user_id,
            )
            await record_notes(write, [note])
        return {"id": recorded.id, "pairs": pairs}

    receipt = Receipt.of("log interaction", wanted, idempotency_key)
    done = await graph.write(work, viewer, receipt, locks=[*ids, *accounts])
    found = await store.of_ids(graph, [done["id"]], viewer)
    keys = [key_of(*pair) for pair in done["pairs"]]
    fed = [row.acquaintance(viewer) for row in await tie_store.of_pairs(graph, viewer, keys)] if keys else []
    return Logged(found[0] if found else None, sorted(fed, key=lambda tie: tie.key))


def checked(asked: NewInteraction, now: dt.datetime) -> NewInteraction:
    """The interaction as it will be kept. Refuses what cannot have happened."""
    ahead = asked.occurred_at > now
    if ahead and asked.status is InteractionStatus.HELD:
        raise Invalid("This moment lies in the future: {moment}.", moment=asked.occurred_at, field=("occurredAt",))
    if 1 + len(asked.participants) + len(asked.cc) > MOST_PEOPLE:
        raise Invalid("At most {limit} people.", limit=MOST_PEOPLE, field=("participants",))
    if len(asked.about_ids) > MOST_SUBJECTS:
        raise Invalid("It can be about {limit} records at most.", limit=MOST_SUBJECTS, field=("aboutIds",))
    return replace(
        asked,
        status=asked.status or (InteractionStatus.PLANNED if ahead else InteractionStatus.HELD),
        external_id=optional_line(asked.external_id, ("externalId",), longest=LONGEST_KEY),
        subject=optional_line(asked.subject, ("subject",)),
        note=optional_text(asked.note, ("note",)),
        about_ids=tuple(sorted(set(asked.about_ids))),
    )


def everybody(wanted: NewInteraction) -> list[PersonNamed]:
    sender = [] if wanted.sender is None else [wanted.sender]
    return [*sender, *wanted.participants, *wanted.cc]


async def _people_of(
    graph: Graph, viewer: Viewer, wanted: NewInteraction
) -> tuple[dict[PersonNamed, store.PersonFound], tuple[str, ...]]:
    """Who is meant, and the shared mailboxes among the addresses. Refuses whom nobody knows by that address."""
    named = everybody(wanted)
    addresses = {
        person: email_address(person.email_address, person.field).value
        for person in named
        if person.email_address is not None
    }
    mailboxes = frozenset(address for address in addresses.values() if is_shared(address))
    asked_ids = {person.person_id for person in named if person.person_id is not None}
    found: defaultdict[str, list[store.PersonFound]] = defaultdict(list)
    for row in await store.people(
        graph, viewer, person_ids=sorted(asked_ids), addresses=sorted({*addresses.values()} - mailboxes)
    ):
        found[row.asked].append(row)
    people: dict[PersonNamed, store.PersonFound] = {}
    for person in named:
        asked = person.person_id or addresses.get(person, "")
        if asked in mailboxes:
            continue
        people[person] = the_one(person, asked, found[asked])
    return people, tuple(sorted(mailboxes))


def the_one(person: PersonNamed, asked: str, rows: Sequence[store.PersonFound]) -> store.PersonFound:
    """The only one who answers to that. Refuses none and several."""
    if not rows:
        if person.email_address is None:
            raise NotFound("There is no such person, or you may not see them.", field=person.field)
        raise NotFound(
            "Nobody is known by the e-mail address {address}. Record the contact first.",
            address=asked,
            field=person.field,
        )
    if len(rows) > 1:
        raise Ambiguous(
            "Several people have the e-mail address {address}.",
            address=asked,
            field=person.field,
            candidates=sorted(row.person_id for row in rows),
        )
    return rows[0]


def roles_of(wanted: NewInteraction, people: Mapping[PersonNamed, store.PersonFound]) -> dict[str, ParticipantRole]:
    """Who took part, each once: whoever is named twice has the first of their roles."""
    directed = wanted.type in DIRECTED
    roles: dict[str, ParticipantRole] = {}

    def add(named: Iterable[PersonNamed], role: ParticipantRole) -> None:
        for person in named:
            if person in people:
                roles.setdefault(people[person].person_id, role)

    if wanted.sender is not None:
        add([wanted.sender], ParticipantRole.SENDER if directed else ParticipantRole.ORGANIZER)
    add(wanted.participants, ParticipantRole.TO if directed else ParticipantRole.ATTENDEE)
    add(wanted.cc, ParticipantRole.CC)
    return roles


async def _refuse_unseen(graph: Graph, viewer: Viewer, about_ids: Sequence[str]) -> None:
    seen = await store.subjects(graph, viewer, about_ids) if about_ids else frozenset[str]()
    for position, about_id in enumerate(about_ids):
        if about_id not in seen:
            raise NotFound("There is no such record, or you may not see it.", field=("aboutIds", str(position)))


# ------------------------------------------------------------------------ inside the transaction of a caller


async def record(write: Write, happenings: Sequence[Happening]) -> tuple[list[Recorded], list[tuple[str, str]]]:
    """Store interactions, let them feed their ties, and date the last contact with their accounts and people.

    Those whose external id is known already change nothing. Answers what became of each, and the pairs that came
    closer. The caller holds the locks of everybody in them.
    """
    rows = await store.create(write, happenings)
    made = [row for row in rows if row.made]
    pairs = await ties.record(write, [(row.facts, row.participants) for row in made])
    if made:
        await store.touch(write, [row.id for row in made])
    return [Recorded(row.id, row.made) for row in rows], pairs


async def record_notes(write: Write, notes: Sequence[NewNote]) -> list[Recorded]:
    """Store notes. Those whose external id is known already change nothing."""
    recorded = await store.create_notes(write, notes)
    for made in recorded:
        if made.made:
            write.created(made.id, "note.written")
    return recorded
