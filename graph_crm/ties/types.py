"""What is known of two people's acquaintance, and the words for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from graph_crm.language import Sentence, say, say_in


class TieBand(StrEnum):
    """How strong a tie reads to people."""

    NONE = "NONE"
    FAINT = "FAINT"
    WEAK = "WEAK"
    MEDIUM = "MEDIUM"
    STRONG = "STRONG"

    @property
    def label(self) -> Sentence:
        return TIE_BAND_LABELS[self]

    @property
    def word(self) -> Sentence:
        """The label in the middle of a sentence."""
        return TIE_BAND_WORDS[self]


class TieLevel(StrEnum):
    """What somebody may state about a tie."""

    WEAK = "WEAK"
    MEDIUM = "MEDIUM"
    STRONG = "STRONG"

    @property
    def label(self) -> Sentence:
        return TIE_LEVEL_LABELS[self]


class TieVisibility(StrEnum):
    """Who sees a tie: all who see both ends; they too, but without our end's name; or its owner alone."""

    SHARED = "SHARED"
    EXISTS_BUT_ASK = "EXISTS_BUT_ASK"
    PRIVATE = "PRIVATE"

    @property
    def label(self) -> Sentence:
        return TIE_VISIBILITY_LABELS[self]


class TieBasis(StrEnum):
    """Where the strength of a tie comes from."""

    NONE = "NONE"
    OBSERVED = "OBSERVED"
    STATED = "STATED"
    LATENT = "LATENT"
    OVERRIDE = "OVERRIDE"
    TEAM = "TEAM"
    ORGANISATION = "ORGANISATION"


class InteractionType(StrEnum):
    MESSAGE = "MESSAGE"
    EMAIL = "EMAIL"
    EVENT = "EVENT"
    WEBINAR_REGISTRATION = "WEBINAR_REGISTRATION"
    DOWNLOAD = "DOWNLOAD"
    CALL = "CALL"
    VIDEO_MEETING = "VIDEO_MEETING"
    MEETING = "MEETING"
    INTRODUCTION = "INTRODUCTION"
    OTHER = "OTHER"

    @property
    def label(self) -> Sentence:
        return INTERACTION_TYPE_LABELS[self]


class InteractionStatus(StrEnum):
    PLANNED = "PLANNED"
    HELD = "HELD"
    CANCELLED = "CANCELLED"

    @property
    def label(self) -> Sentence:
        return INTERACTION_STATUS_LABELS[self]


class ParticipantRole(StrEnum):
    SENDER = "SENDER"
    TO = "TO"
    CC = "CC"
    ORGANIZER = "ORGANIZER"
    ATTENDEE = "ATTENDEE"

    @property
    def label(self) -> Sentence:
        return PARTICIPANT_ROLE_LABELS[self]


TIE_BAND_LABELS: Mapping[TieBand, Sentence] = {
    TieBand.NONE: say("No tie"),
    TieBand.FAINT: say("Faint"),
    TieBand.WEAK: say("Weak"),
    TieBand.MEDIUM: say("Medium"),
    TieBand.STRONG: say("Strong"),
}

TIE_BAND_WORDS: Mapping[TieBand, Sentence] = {
    TieBand.NONE: say_in("tie", "no tie"),
    TieBand.FAINT: say("faint"),
    TieBand.WEAK: say("weak"),
    TieBand.MEDIUM: say("medium"),
    TieBand.STRONG: say("strong"),
}

TIE_LEVEL_LABELS: Mapping[TieLevel, Sentence] = {
    TieLevel.WEAK: say("Weak"),
    TieLevel.MEDIUM: say("Medium"),
    TieLevel.STRONG: say("Strong"),
}

TIE_VISIBILITY_LABELS: Mapping[TieVisibility, Sentence] = {
    TieVisibility.SHARED: say("Shared"),
    TieVisibility.EXISTS_BUT_ASK: say("Exists, but ask"),
    TieVisibility.PRIVATE: say("Private"),
}

INTERACTION_TYPE_LABELS: Mapping[InteractionType, Sentence] = {
    InteractionType.MESSAGE: say("Message"),
    InteractionType.EMAIL: say("E-mail"),
    InteractionType.EVENT: say("Event"),
    InteractionType.WEBINAR_REGISTRATION: say("Webinar registration"),
    InteractionType.DOWNLOAD: say("Download"),
    InteractionType.CALL: say("Call"),
    InteractionType.VIDEO_MEETING: say("Video meeting"),
    InteractionType.MEETING: say("Meeting"),
    InteractionType.INTRODUCTION: say("Introduction"),
    InteractionType.OTHER: say("Other interaction"),
}

INTERACTION_STATUS_LABELS: Mapping[InteractionStatus, Sentence] = {
    InteractionStatus.PLANNED: say("Planned"),
    InteractionStatus.HELD: say("Held"),
    InteractionStatus.CANCELLED: say("Cancelled"),
}

PARTICIPANT_ROLE_LABELS: Mapping[ParticipantRole, Sentence] = {
    ParticipantRole.SENDER: say("Sender"),
    ParticipantRole.TO: say("Recipient"),
    ParticipantRole.CC: say("In copy"),
    ParticipantRole.ORGANIZER: say("Organiser"),
    ParticipantRole.ATTENDEE: say("Attendee"),
}


@dataclass(frozen=True, slots=True)
class Accumulators:
    """What two people exchanged, faded to one moment: `outbound` from the smaller id to the greater.

    `at` counts days since 1970, so that fading is arithmetic here and in the database alike.
    """

    outbound: float
    inbound: float
    mutual: float
    at: float

    @property
    def reversed(self) -> Accumulators:
        """The same, seen from the other end."""
        return Accumulators(self.inbound, self.outbound, self.mutual, self.at)


@dataclass(frozen=True, slots=True)
class PairContribution:
    """What one interaction adds to one pair at the moment it happens; `first_id` is the smaller id."""

    first_id: str
    second_id: str
    outbound: float = 0.0
    inbound: float = 0.0
    mutual: float = 0.0


@dataclass(frozen=True, slots=True)
class InteractionFacts:
    """What a tie needs to know of an interaction. `at` counts days since 1970."""

    type: InteractionType
    at: float
    status: InteractionStatus = InteractionStatus.HELD
    is_automated: bool = False


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody in an interaction. Shared mailboxes are no people and must not be given."""

    person_id: str
    role: ParticipantRole
    is_ours: bool = False
    declined: bool = False
    opted_out: bool = False


@dataclass(frozen=True, slots=True)
class Tie:
    """All that is stored about one pair of people; moments count days since 1970."""

    accumulators: Accumulators | None = None
    last_at: float | None = None
    interaction_count: int = 0
    stated_level: TieLevel | None = None
    stated_at: float | None = None
    latent_months: float | None = None
    latent_until: float | None = None
    override: float | None = None
    visibility: TieVisibility = TieVisibility.SHARED
    owner_id: str | None = None
