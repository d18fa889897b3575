"""A stakeholder map as it is answered: what the rules make of the facts.

Without the permission to read judgements every field that holds one is None, and people are ordered by name.
Contacts, users and stakeholders are named by their ids; sentences are read in the viewer's language.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from graph_crm.contacts.types import Seniority
from graph_crm.language import Sentence, say
from graph_crm.stakeholders.facts import LinkFacts, ScopeFacts, SeatFacts, StakeholderFacts
from graph_crm.stakeholders.types import (
    PARAMETERS_VERSION,
    BuyingRole,
    CoverageLevel,
    Finding,
    InfluenceLevel,
    MapStatus,
    SeatState,
    Stance,
)
from graph_crm.ties.strength import TieStrength
from graph_crm.ties.types import TieBand


@dataclass(frozen=True, slots=True, kw_only=True)
class Factor:
    """One term of a score: its value, its weight, and the points that it adds; the points sum to the
    score.
    """

    key: str
    label: Sentence
    value: float
    weight: float
    points: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Influence:
    """How much weight somebody carries, 0 to 1, and why. The points of `factors` sum to `score`."""

    score: float
    formal: float | None
    authority: float | None
    reach: float | None
    computed: float
    stated: float | None
    stated_confidence: float | None
    low_evidence: bool
    factors: tuple[Factor, ...]
    reasons: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownBy:
    """One of ours who knows a contact.

    When the tie exists but its owner wants to be asked first, `user_id` and `tie` are None, `hidden` is
    true and `who` is the team to ask, if the team is large enough not to name one person. `number` tells one of ours
    from another within one map, and nothing else.
    """

    number: int

    user_id: str | None
    who: str | None
    hidden: bool
    strength: float
    band: TieBand
    last_at: dt.datetime | None
    days: int | None
    tie: TieStrength | None


class Badge(StrEnum):
    """A mark on a card, beside roles and stance."""

    KEY_PLAYER = "KEY_PLAYER"
    MUST_AGREE = "MUST_AGREE"
    VETO = "VETO"
    TO_WIN = "TO_WIN"
    PRIMARY = "PRIMARY"
    ONLY_THROUGH_ONE = "ONLY_THROUGH_ONE"
    NOT_REACHED = "NOT_REACHED"
    OUTSIDE = "OUTSIDE"
    NO_PART = "NO_PART"

    @property
    def label(self) -> Sentence:
        return BADGE_LABELS[self]


BADGE_LABELS = {
    Badge.KEY_PLAYER: say("Key player"),
    Badge.MUST_AGREE: say("Must agree"),
    Badge.VETO: say("Veto"),
    Badge.TO_WIN: say("To win"),
    Badge.PRIMARY: say("Primary contact"),
    Badge.ONLY_THROUGH_ONE: say("Known by one of us only"),
    Badge.NOT_REACHED: say("No contact yet"),
    Badge.OUTSIDE: say("Outside the company"),
    Badge.NO_PART: say("No part in this deal"),
}


class Placement(StrEnum):
    """Where somebody stands on the picture."""

    LINE = "LINE"
    NO_LINE = "NO_LINE"
    OUTSIDE = "OUTSIDE"


@dataclass(frozen=True, slots=True, kw_only=True)
class MapPerson:
    """One card of the map.

    `id` is the stakeholder's, or the contact's for somebody without a part. `manager_id` is the contact
    above on the reporting line, with cycles cut; `depth` counts from the top. `known_by` holds ours with
    a tie above 0, strongest first; `reached_by` those of at least .15. `only_through` is set when exactly
    one of ours reaches the person.
    """

    id: str
    contact_id: str
    stakeholder_id: str | None
    name: str
    family_name: str
    title: str | None
    seniority: Seniority
    placement: Placement
    manager_id: str | None
    depth: int
    roles: tuple[BuyingRole, ...]
    is_primary: bool
    must_agree: bool
    veto: bool
    engaged: bool
    coverage: CoverageLevel
    known_by: tuple[KnownBy, ...]
    badges: tuple[Badge, ...] = ()
    stance: Stance | None = None
    influence_level: InfluenceLevel | None = None
    confidence: float | None = None
    influence: Influence | None = None
    key_player: bool | None = None
    to_win: bool | None = None
    part: StakeholderFacts | None = None

    @property
    def has_part(self) -> bool:
        return self.stakeholder_id is not None

    @property
    def external(self) -> bool:
        return Badge.OUTSIDE in self.badges

    @property
    def x(self) -> float | None:
        """Influence, 0 to 1."""
        return self.influence.score if self.influence is not None else None

    @property
    def y(self) -> float | None:
        """Stance, from -1 (blocker) to 1 (champion)."""
        value = self.stance.value_for_us if self.stance is not None else None
        return value / 2 if value is not None else None

    @property
    def best_tie(self) -> KnownBy | None:
        return self.known_by[0] if self.known_by else None

    @property
    def band(self) -> TieBand:
        return self.known_by[0].band if self.known_by else TieBand.NONE

    @property
    def reached_by(self) -> tuple[KnownBy, ...]:
        return tuple(known for known in self.known_by if known.band not in {TieBand.NONE, TieBand.FAINT})

    @property
    def only_through(self) -> KnownBy | None:
        reached = self.reached_by
        return reached[0] if len(reached) == 1 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One seat of the role template, and who fills it (contact ids, most influential first)."""

    seat: SeatFacts
    state: SeatState
    holders: tuple[str, ...]
    only_through: KnownBy | None
    sentence: Sentence

    @property
    def role(self) -> BuyingRole | None:
        return self.seat.role

    @property
    def label(self) -> Sentence:
        return self.seat.role.label if self.seat.role is not None else Stance.CHAMPION.label

    @property
    def word(self) -> Sentence:
        """The label in the middle of a sentence."""
        return self.seat.role.word if self.seat.role is not None else Stance.CHAMPION.word


@dataclass(frozen=True, slots=True, kw_only=True)
class Ally:
    """A supporter who can move somebody: `score` = `influence` x `conviction` x `tie`; `via` stand
    between.
    """

    contact_id: str
    score: float
    influence: float
    conviction: float
    tie: float
    via: tuple[str, ...]
    ask: KnownBy | None


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockerPlan:
    """Somebody opposed or undecided and who could win them over, best first.

    `in_conflict` are supporters left out because they are in conflict with the person; `manager_id` is
    whom to look for a warm path to when there is no ally.
    """

    contact_id: str
    exposure: float
    allies: tuple[Ally, ...]
    in_conflict: tuple[str, ...]
    manager_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonToWin:
    """Whose agreement is lacking, and the best way: the ally first, then those between."""

    contact_id: str
    through: tuple[str, ...]
    score: float | None
    ask: KnownBy | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consensus:
    """How far the people who must agree do agree. All lists hold contact ids.

    `reached` is None when nobody is named whose agreement is needed. `without_part` are those named who have no part.
    """

    support: float | None
    known_share: float | None
    blocker_exposure: float | None
    mean_stance: float | None
    shares: tuple[Factor, ...]
    reached: bool | None
    needed: tuple[str, ...]
    needed_count: int
    veto: tuple[str, ...]
    agreed: tuple[str, ...]
    missing: tuple[str, ...]
    opposed: tuple[str, ...]
    without_part: tuple[str, ...]
    people_to_win: tuple[PersonToWin, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChampionStrength:
    """`strength` is the cube root of influence x tie x access to the economic buyer."""

    contact_id: str
    strength: float
    influence: float
    tie: float
    access: float
    sentence: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Threads:
    """On how many people a relation really rests: `threads` = 1 / sum of squared shares (id, share)."""

    threads: float
    index: float
    single: bool
    shares: tuple[tuple[str, float], ...]
    sentence: Sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleCoverage:
    """How well the seats are filled, and how broadly we are connected; the points of `factors` sum to
    `score`.
    """

    score: float | None
    factors: tuple[Factor, ...]
    seats: tuple[Seat, ...]
    their_threads: Threads
    our_threads: Threads
    champions: tuple[ChampionStrength, ...]
    blockers: tuple[BlockerPlan, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class StakeholderMap:
    """The map: people in reading order, who moves whom, seats, agreement, status and what to do next.

    `known_at_is_past` says that somebody asked what was believed at an earlier moment. `left_out` counts
    people whom a very large map does not show.
    """

    scope: ScopeFacts
    as_of: dt.datetime
    known_at: dt.datetime
    known_at_is_past: bool
    judgements: bool
    status: MapStatus | None
    reasons: tuple[Finding, ...]
    people: tuple[MapPerson, ...]
    links: tuple[LinkFacts, ...]
    seats: tuple[Seat, ...]
    consensus: Consensus | None
    role_coverage: RoleCoverage | None
    left_out: int = 0
    parameters_version: str = PARAMETERS_VERSION

    @property
    def truncated(self) -> bool:
        return self.left_out > 0

    def person(self, contact_id: str) -> MapPerson:
        return next(person for person in self.people if person.contact_id == contact_id)
