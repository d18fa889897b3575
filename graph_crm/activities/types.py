"""What happened, what is planned, and what was noted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from graph_crm.language import Sentence, say
from graph_crm.ties.types import InteractionStatus, InteractionType, ParticipantRole


class NoteKind(StrEnum):
    NOTE = "NOTE"
    OBJECTIVE = "OBJECTIVE"
    PROMISE = "PROMISE"
    STRATEGY = "STRATEGY"

    @property
    def label(self) -> Sentence:
        return NOTE_KIND_LABELS[self]


NOTE_KIND_LABELS: Mapping[NoteKind, Sentence] = {
    NoteKind.NOTE: say("Note"),
    NoteKind.OBJECTIVE: say("Objective"),
    NoteKind.PROMISE: say("Promise"),
    NoteKind.STRATEGY: say("Strategy"),
}


@dataclass(frozen=True, slots=True)
class TookPart:
    """Somebody who took part, ours or theirs."""

    interaction_id: str
    person_id: str
    is_ours: bool
    role: ParticipantRole


@dataclass(frozen=True, slots=True)
class Subject:
    """What an interaction was about: an account, a contact or an opportunity."""

    interaction_id: str
    record_id: str
    kind: str


@dataclass(frozen=True, slots=True)
class Interaction:
    """A mail, call, meeting or the like."""

    id: str
    type: InteractionType
    status: InteractionStatus
    occurred_at: dt.datetime
    date_only: bool
    subject: str | None
    is_automated: bool


@dataclass(frozen=True, slots=True)
class Note:
    id: str
    kind: NoteKind
    text: str
    author_id: str | None
    created_at: dt.datetime


@dataclass(frozen=True, slots=True)
class PersonNamed:
    """Somebody named by id or by e-mail address; `field` is where in the input."""

    person_id: str | None = None
    email_address: str | None = None
    field: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewInteraction:
    """An interaction as it is logged. Without a status it was held, or is planned when it lies ahead."""

    type: InteractionType
    occurred_at: dt.datetime
    participants: tuple[PersonNamed, ...] = ()
    sender: PersonNamed | None = None
    cc: tuple[PersonNamed, ...] = ()
    status: InteractionStatus | None = None
    date_only: bool = False
    is_automated: bool = False
    external_id: str | None = None
    subject: str | None = None
    note: str | None = None
    note_kind: NoteKind = NoteKind.NOTE
    about_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Happening:
    """An interaction as it is stored: everybody and everything in it is known by id.

    `external_id` starts with the system that named it; the same one again is the same interaction.
    """

    external_id: str
    type: InteractionType
    occurred_at: dt.datetime
    status: InteractionStatus = InteractionStatus.HELD
    date_only: bool = False
    is_automated: bool = False
    subject: str | None = None
    source: str = "graph_crm"
    participants: Mapping[str, ParticipantRole] = field(default_factory=dict[str, ParticipantRole])
    about_ids: tuple[str, ...] = ()
    shared_mailboxes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class NewNote:
    """A note as it is stored. `external_id` as for a happening."""

    external_id: str
    text: str
    about_ids: tuple[str, ...]
    kind: NoteKind = NoteKind.NOTE
    author_id: str | None = None
    created_at: dt.datetime | None = None
    source: str = "graph_crm"


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of one of several: its id, and whether it was new."""

    id: str
    made: bool
