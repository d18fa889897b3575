"""Interactions and notes in the graph."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

from graph_crm.activities.types import Happening, Interaction, NewNote, Note, Recorded, Subject, TookPart
from graph_crm.graph.client import Graph
from graph_crm.graph.lists import Direction, Filter, Kind, Listing, Order, columns_of, number_filter, word_filter
from graph_crm.graph.query import query
from graph_crm.graph.write import Write
from graph_crm.ties.strength import epoch_days
from graph_crm.ties.types import InteractionFacts, InteractionStatus, InteractionType, Participant
from graph_crm.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Identified:
    id: str


@dataclass(frozen=True, slots=True)
class PersonFound:
    """Somebody who answers to an id or an e-mail address."""

    asked: str
    person_id: str
    is_ours: bool


@dataclass(frozen=True, slots=True)
class RecordedInteraction:
    id: str
    made: bool
    type: InteractionType
    occurred_at: dt.datetime
    status: InteractionStatus
    is_automated: bool
    participants: list[Participant]

    @property
    def facts(self) -> InteractionFacts:
        return InteractionFacts(self.type, epoch_days(self.occurred_at), self.status, self.is_automated)


CREATE = query("activities/create", RecordedInteraction)
TOUCH = query("activities/touch", Identified)
TOUCHED_ACCOUNTS = query("activities/touched_accounts", Identified)
PEOPLE = query("activities/people", PersonFound)
SUBJECTS = query("activities/subjects", Identified)
OF_IDS = query("activities/of_ids", Interaction)
PARTICIPANTS_OF = query("activities/participants_of", TookPart)
SUBJECTS_OF = query("activities/subjects_of", Subject)
CREATE_NOTES = query("activities/create_notes", Recorded)
NOTES_OF_IDS = query("activities/notes_of_ids", Note)


async def of_ids(graph: Graph, ids: Sequence[str], viewer: Viewer) -> list[Interaction]:
    return await graph.read(OF_IDS, interaction_ids=list(ids), viewer_groups=viewer.groups)


async def participants_of(graph: Graph, ids: Sequence[str], viewer: Viewer) -> list[TookPart]:
    return await graph.read(PARTICIPANTS_OF, interaction_ids=list(ids), viewer_groups=viewer.groups)


async def subjects_of(graph: Graph, ids: Sequence[str], viewer: Viewer) -> list[Subject]:
    return await graph.read(SUBJECTS_OF, interaction_ids=list(ids), viewer_groups=viewer.groups)


async def notes_of_ids(graph: Graph, ids: Sequence[str], viewer: Viewer) -> list[Note]:
    return await graph.read(NOTES_OF_IDS, note_ids=list(ids), viewer_groups=viewer.groups)


async def people(
    graph: Graph, viewer: Viewer, *, person_ids: Iterable[str], addresses: Iterable[str]
) -> list[PersonFound]:
    return await graph.read(
        PEOPLE, person_ids=list(person_ids), addresses=list(addresses), viewer_groups=viewer.groups
    )


async def subjects(graph: Graph, viewer: Viewer, ids: Sequence[str]) -> frozenset[str]:
    """Which of these ids are records that something may be about."""
    rows = await graph.read(SUBJECTS, ids=list(ids), viewer_groups=viewer.groups)
    return frozenset(row.id for row in rows)


async def touched_accounts(graph: Graph, ids: Iterable[str], day: dt.date) -> list[str]:
    """The accounts whose last interaction may be one with these people about these opportunities."""
    return [row.id for row in await graph.read(TOUCHED_ACCOUNTS, ids=list(ids), day=day)]


async def create(write: Write, happenings: Sequence[Happening]) -> list[RecordedInteraction]:
    return await write.run(
        CREATE,
        interactions=[properties_of(write, happening) for happening in happenings],
        actor_id=write.actor_id,
        now=write.now,
    )


def properties_of(write: Write, happening: Happening) -> dict[str, Any]:
    return {
        "id": write.new_id(),
        "external_id": happening.external_id,
        "type": happening.type,
        "status": happening.status,
        "occurred_at": happening.occurred_at,
        "date_only": happening.date_only or None,
        "subject": happening.subject,
        "is_automated": happening.is_automated,
        "source": happening.source,
        "shared_mailboxes": list(happening.shared_mailboxes) or None,
        "participants": [
            {"person_id": person_id, "role": role} for person_id, role in happening.participants.items()
        ],
        "about_ids": list(happening.about_ids),
    }


async def touch(write: Write, interaction_ids: Sequence[str]) -> None:
    await write.run(TOUCH, interaction_ids=list(interaction_ids), now=write.now)


async def create_notes(write: Write, notes: Sequence[NewNote]) -> list[Recorded]:
    return await write.run(
        CREATE_NOTES,
        notes=[
            {
                "id": write.new_id(),
                "external_id": note.external_id,
                "kind": note.kind,
                "text": note.text,
                "author_id": note.author_id,
                "created_at": note.created_at or write.now,
                "source": note.source,
                "about_ids": list(note.about_ids),
            }
            for note in notes
        ],
        now=write.now,
    )


# ------------------------------------------------------------------- lists

FILTERS: Mapping[str, Filter] = {
    "type": word_filter("interaction.type"),
    "status": word_filter("interaction.status"),
    "occurred_at": number_filter("interaction.occurred_at"),
}
ORDERS: Mapping[str, Order] = {"occurred_at": Order.by("interaction.occurred_at", Kind.MOMENT)}
NEWEST_FIRST = (("occurred_at", Direction.DESC),)


def interactions_of(name: LiteralString, match: LiteralString) -> Listing[Interaction]:
    """The interactions of one kind of record; `match` starts at it and yields each interaction once."""
    return Listing(
        name=name,
        row=Interaction,
        match=match + "\nWITH of_id, interaction\nWHERE true",
        carried="interaction",
        identity="interaction.id",
        returning=columns_of(OF_IDS),
        orders=ORDERS,
        filters=FILTERS,
        default=NEWEST_FIRST,
        anchored=True,
    )


OF_ACCOUNT = interactions_of(
    "activities/of_accounts",
    """MATCH (account:Record:Account {id: of_id})
WHERE any(group IN account.readers WHERE group IN $viewer_groups)
CALL (account) {
  MATCH (account)<-[:ABOUT]-(interaction:Interaction)
  RETURN interaction
  UNION
  MATCH (account)<-[:FOR_ACCOUNT]-(opportunity:Opportunity)<-[:ABOUT]-(interaction:Interaction)
  WHERE any(group IN opportunity.readers WHERE group IN $viewer_groups)
  RETURN interaction
  UNION
  MATCH (account)<-[employment:WORKS_AT]-(contact:Contact)-[:TOOK_PART_IN|ABOUT]-(interaction:Interaction)
  WHERE any(group IN contact.readers WHERE group IN $viewer_groups)
    AND (employment.valid_from IS NULL OR employment.valid_from <= date(interaction.occurred_at))
    AND (employment.valid_to IS NULL OR employment.valid_to > date(interaction.occurred_at))
  RETURN interaction
}""",
)

OF_CONTACT = interactions_of(
    "activities/of_contacts",
    """MATCH (contact:Record:Contact {id: of_id})
WHERE any(group IN contact.readers WHERE group IN $viewer_groups)
CALL (contact) {
  MATCH (contact)-[:TOOK_PART_IN|ABOUT]-(interaction:Interaction)
  RETURN DISTINCT interaction
}""",
)

OF_OPPORTUNITY = interactions_of(
    "activities/of_opportunities",
    """MATCH (opportunity:Record:Opportunity {id: of_id})<-[:ABOUT]-(interaction:Interaction)
WHERE any(group IN opportunity.readers WHERE group IN $viewer_groups)""",
)

NOTE_FILTERS: Mapping[str, Filter] = {"kind": word_filter("note.kind")}
NOTE_ORDERS: Mapping[str, Order] = {"created_at": Order.by("note.created_at", Kind.MOMENT)}
NEWEST_NOTE_FIRST = (("created_at", Direction.DESC),)


def notes_of(name: LiteralString, match: LiteralString) -> Listing[Note]:
    """The notes about one kind of record; `match` starts at it and yields each note once."""
    return Listing(
        name=name,
        row=Note,
        match=match + "\nWITH of_id, note\nWHERE true",
        carried="note",
        identity="note.id",
        returning=columns_of(NOTES_OF_IDS),
        orders=NOTE_ORDERS,
        filters=NOTE_FILTERS,
        default=NEWEST_NOTE_FIRST,
        anchored=True,
    )


NOTES_OF_ACCOUNT = notes_of(
    "activities/notes_of_accounts",
    """MATCH (account:Record:Account {id: of_id})
WHERE any(group IN account.readers WHERE group IN $viewer_groups)
CALL (account) {
  MATCH (account)<-[:ABOUT]-(note:Note)
  RETURN note
  UNION
  MATCH (account)<-[:FOR_ACCOUNT]-(opportunity:Opportunity)<-[:ABOUT]-(note:Note)
  WHERE any(group IN opportunity.readers WHERE group IN $viewer_groups)
  RETURN note
  UNION
  MATCH (account)<-[employment:WORKS_AT]-(contact:Contact)<-[:ABOUT]-(note:Note)
  WHERE any(group IN contact.readers WHERE group IN $viewer_groups)
    AND (employment.valid_from IS NULL OR employment.valid_from <= date(note.created_at))
    AND (employment.valid_to IS NULL OR employment.valid_to > date(note.created_at))
  RETURN note
}""",
)

NOTES_OF_CONTACT = notes_of(
    "activities/notes_of_contacts",
    """MATCH (contact:Record:Contact {id: of_id})<-[:ABOUT]-(note:Note)
WHERE any(group IN contact.readers WHERE group IN $viewer_groups)""",
)

NOTES_OF_OPPORTUNITY = notes_of(
    "activities/notes_of_opportunities",
    """MATCH (opportunity:Record:Opportunity {id: of_id})<-[:ABOUT]-(note:Note)
WHERE any(group IN opportunity.readers WHERE group IN $viewer_groups)""",
)
