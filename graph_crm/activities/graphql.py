"""Interactions and notes on the wire."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import Enum
from typing import Any

import strawberry

from graph_crm.activities import service, types
from graph_crm.activities.types import NoteKind
from graph_crm.context import many_each, one_each
from graph_crm.graph.lists import Comparison, Operator, Span, Wanted
from graph_crm.graph.pages import Page
from graph_crm.team.graphql import User
from graph_crm.ties.graphql import Tie
from graph_crm.ties.types import InteractionStatus, InteractionType, ParticipantRole
from graph_crm.wire import (
    Connection,
    Info,
    Node,
    Person,
    UserError,
    answered,
    connection_of,
    edge,
    node_kind,
    one_of_kind,
)

strawberry.enum(
    InteractionType,
    description=(
        "What happened. Mails and messages go one way, everything else is mutual. Registrations, downloads and "
        "others feed no tie."
    ),
)
strawberry.enum(InteractionStatus, description="Whether it happened, is to happen, or was called off.")
strawberry.enum(ParticipantRole, description="What somebody was in it.")
strawberry.enum(
    NoteKind, description="What a note holds: anything, what they want, what we promised, how we proceed."
)


@strawberry.type(description="Somebody who took part.")
class Participation:
    role: ParticipantRole
    row: strawberry.Private[types.TookPart]

    @strawberry.field
    async def person(self, info: Info) -> Person:
        return await one_of_kind(info, "User" if self.row.is_ours else "Contact", self.row.person_id)


@strawberry.type(description="A mail, call, meeting, event or download. Whoever is hidden from you is not in it.")
class Interaction(Node):
    id: strawberry.ID
    type: InteractionType
    status: InteractionStatus
    occurred_at: dt.datetime
    date_only: bool = strawberry.field(description="Whether only the day is known.")
    subject: str | None
    is_automated: bool = strawberry.field(description="Sent by a machine: part of the history, but no contact.")

    @strawberry.field(description="Who took part, those in copy last.")
    async def participants(self, info: Info) -> list[Participation]:
        async def load(ids: list[str]) -> Mapping[str, list[types.TookPart]]:
            return await service.participants_of(info.context.graph, info.context.viewer, ids)

        rows: list[types.TookPart] = await info.context.kept("participants", lambda: many_each(load)).load(self.id)
        return [Participation(role=row.role, row=row) for row in rows]

    @strawberry.field(description="The accounts, contacts and opportunities that it was about.")
    async def about(self, info: Info) -> list[Node]:
        async def load(ids: list[str]) -> Mapping[str, list[types.Subject]]:
            return await service.subjects_of(info.context.graph, info.context.viewer, ids)

        rows: list[types.Subject] = await info.context.kept("subjects", lambda: many_each(load)).load(self.id)
        # At once, so that those of one kind are loaded together.
        found = await asyncio.gather(*(one_of_kind(info, row.kind, row.record_id) for row in rows))
        return [node for node in found if node is not None]

    @staticmethod
    def of(row: types.Interaction) -> Interaction:
        return Interaction(
            id=strawberry.ID(row.id),
            type=row.type,
            status=row.status,
            occurred_at=row.occurred_at,
            date_only=row.date_only,
            subject=row.subject,
            is_automated=row.is_automated,
        )


@strawberry.type(description="Something written down about an account, a contact or an opportunity.")
class Note(Node):
    id: strawberry.ID
    kind: NoteKind
    text: str
    created_at: dt.datetime
    author_id: strawberry.Private[str | None]

    @strawberry.field
    async def author(self, info: Info) -> User | None:
        return await one_of_kind(info, "User", self.author_id)

    @staticmethod
    def of(row: types.Note) -> Note:
        return Note(
            id=strawberry.ID(row.id),
            kind=row.kind,
            text=row.text,
            created_at=row.created_at,
            author_id=row.author_id,
        )


@node_kind("Interaction")
async def load_interactions(info: Info, ids: list[str]) -> Mapping[str, Any]:
    found = await service.of_ids(info.context.graph, info.context.viewer, ids)
    return {key: Interaction.of(row) for key, row in found.items()}


@node_kind("Note")
async def load_notes(info: Info, ids: list[str]) -> Mapping[str, Any]:
    found = await service.notes_of_ids(info.context.graph, info.context.viewer, ids)
    return {key: Note.of(row) for key, row in found.items()}


# ------------------------------------------------------------ fields elsewhere


def one_of(field: str, values: Sequence[Enum] | None, span: Span) -> Wanted:
    """The entries whose field is one of these; all of them when none is named."""
    named = [value.value for value in values or ()]
    return Wanted(Comparison(field, Operator.IN, named) if named else None, span=span)


@edge("interactions")
async def interactions_of(
    info: Info,
    record_id: str,
    *,
    kind: str,
    first: int | None,
    after: str | None,
    types: list[InteractionType] | None,
) -> Connection[Interaction]:
    """One page of what happened with an account, a contact or an opportunity."""
    return await page_of_interactions(info, record_id, kind, one_of("type", types, Span.of(first=first, after=after)))


async def page_of_interactions(info: Info, record_id: str, kind: str, wanted: Wanted) -> Connection[Interaction]:
    async def load(ids: list[str]) -> Mapping[str, Page[types.Interaction]]:
        return await service.interactions_of(info.context.graph, info.context.viewer, kind, ids, wanted)

    loader = info.context.kept(("interactions", kind, repr(wanted)), lambda: one_each(load))
    return connection_of(await loader.load(record_id), Interaction.of)


@edge("notes")
async def notes_of(
    info: Info,
    record_id: str,
    *,
    kind: str,
    first: int | None,
    after: str | None,
    kinds: list[NoteKind] | None,
) -> Connection[Note]:
    """One page of what was noted about an account, a contact or an opportunity."""
    wanted = one_of("kind", kinds, Span.of(first=first, after=after))

    async def load(ids: list[str]) -> Mapping[str, Page[types.Note]]:
        return await service.notes_of(info.context.graph, info.context.viewer, kind, ids, wanted)

    loader = info.context.kept(("notes", kind, repr(wanted)), lambda: one_each(load))
    return connection_of(await loader.load(record_id), Note.of)


OneEach = Callable[..., Awaitable[Mapping[str, types.Interaction]]]


async def single(info: Info, record_id: str, kind: str, which: OneEach) -> Interaction | None:
    """One interaction of a record, loaded together with those of its like."""

    async def load(ids: list[str]) -> Mapping[str, types.Interaction]:
        return await which(info.context.graph, info.context.viewer, kind, ids)

    row: types.Interaction | None = await info.context.kept((which, kind), lambda: one_each(load)).load(record_id)
    return None if row is None else Interaction.of(row)


@edge("firstInteraction")
async def first_interaction(info: Info, record_id: str, *, kind: str) -> Interaction | None:
    return await single(info, record_id, kind, service.first_of)


@edge("lastInteraction")
async def last_interaction(info: Info, record_id: str, *, kind: str) -> Interaction | None:
    return await single(info, record_id, kind, service.last_of)


@edge("nextInteraction")
async def next_interaction(info: Info, record_id: str, *, kind: str) -> Interaction | None:
    return await single(info, record_id, kind, service.next_of)


# ------------------------------------------------------------------- mutations


@strawberry.input(one_of=True, description="Somebody, by id or by an e-mail address of theirs.")
class ParticipantInput:
    person_id: strawberry.ID | None = strawberry.UNSET
    email_address: str | None = strawberry.UNSET


@strawberry.input(
    description=(
        "Held unless it lies ahead, then planned. The sender of a mail or message wrote it; of anything else they "
        "called it. Shared mailboxes such as info@ are left out. The same externalId again changes nothing; it "
        "starts with the system that gave it. A note is about the same records and people."
    )
)
class LogInteractionInput:
    type: InteractionType
    occurred_at: dt.datetime
    participants: list[ParticipantInput]
    date_only: bool | None = None
    status: InteractionStatus | None = None
    sender: ParticipantInput | None = None
    cc: list[ParticipantInput] | None = None
    is_automated: bool | None = None
    external_id: str | None = None
    subject: str | None = None
    note: str | None = None
    about_ids: list[strawberry.ID] | None = None
    idempotency_key: str | None = None
    client_mutation_id: str | None = None


@strawberry.type(description="updatedTies are those that this interaction has just fed.")
class InteractionPayload:
    client_mutation_id: str | None
    user_errors: list[UserError]
    interaction: Interaction | None = None
    updated_ties: list[Tie] = strawberry.field(default_factory=list[Tie])


def named(person: ParticipantInput, *field: str) -> types.PersonNamed:
    """Who is meant, and where in the input."""
    if isinstance(person.person_id, str):
        return types.PersonNamed(person_id=person.person_id, field=(*field, "personId"))
    return types.PersonNamed(email_address=person.email_address or "", field=(*field, "emailAddress"))


def each_named(people: list[ParticipantInput] | None, field: str) -> tuple[types.PersonNamed, ...]:
    return tuple(named(person, field, str(position)) for position, person in enumerate(people or ()))


@strawberry.type
class ActivitiesMutation:
    @strawberry.mutation(description="Logs what happened or is planned; those who took part come closer.")
    async def log_interaction(self, info: Info, input: LogInteractionInput) -> InteractionPayload:
        async def work() -> Mapping[str, Any]:
            asked = types.NewInteraction(
                type=input.type,
                occurred_at=input.occurred_at,
                participants=each_named(input.participants, "participants"),
                sender=None if input.sender is None else named(input.sender, "sender"),
                cc=each_named(input.cc, "cc"),
                status=input.status,
                date_only=bool(input.date_only),
                is_automated=bool(input.is_automated),
                external_id=input.external_id,
                subject=input.subject,
                note=input.note,
                about_ids=tuple(input.about_ids or ()),
            )
            logged = await service.log(
                info.context.graph, info.context.viewer, asked, idempotency_key=input.idempotency_key
            )
            return {
                "interaction": None if logged.interaction is None else Interaction.of(logged.interaction),
                "updated_ties": [Tie.of(info, pair) for pair in logged.ties],
            }

        return await answered(info, InteractionPayload, input.client_mutation_id, work())
