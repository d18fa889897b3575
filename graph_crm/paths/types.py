"""Chains of people from one of ours to somebody we want to meet, and what they are found from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from graph_crm.contacts.types import Seniority
from graph_crm.errors import Invalid
from graph_crm.language import Sentence, say
from graph_crm.stakeholders.types import EvidenceGrade, Stance
from graph_crm.ties.strength import DEFAULT_PARAMETERS as DEFAULT_TIE_PARAMETERS
from graph_crm.ties.strength import TieParameters
from graph_crm.ties.types import TieBasis, TieVisibility

LONGEST = 4


class PathFrom(StrEnum):
    """Where a path starts: with whoever asks, with somebody of one team, or with any of ours."""

    ME = "ME"
    TEAM = "TEAM"
    ANYONE = "ANYONE"

    @property
    def label(self) -> Sentence:
        return PATH_FROM_LABELS[self]


class PathBand(StrEnum):
    WARM = "WARM"
    LUKEWARM = "LUKEWARM"
    COLD = "COLD"

    @property
    def label(self) -> Sentence:
        return PATH_BAND_LABELS[self]


PATH_FROM_LABELS = {
    PathFrom.ME: say("From me"),
    PathFrom.TEAM: say("From a team"),
    PathFrom.ANYONE: say("From anyone"),
}

PATH_BAND_LABELS = {
    PathBand.WARM: say("Warm"),
    PathBand.LUKEWARM: say("Lukewarm"),
    PathBand.COLD: say("Cold"),
}


@dataclass(frozen=True, slots=True)
class PathParameters:
    """Every weight of the score of a path. Changing one asks for a new version."""

    version: str = "paths-1"
    ties: TieParameters = DEFAULT_TIE_PARAMETERS
    introduction: float = 0.8
    willingness: Mapping[Stance, float] = field(
        default_factory=lambda: MappingProxyType(
            {
                Stance.CHAMPION: 1.0,
                Stance.SUPPORTER: 0.95,
                Stance.NEUTRAL: 0.8,
                Stance.UNKNOWN: 0.8,
                Stance.SKEPTIC: 0.3,
                Stance.BLOCKER: 0.3,
            }
        )
    )
    rank_step: float = 0.1
    least_rank_factor: float = 0.6
    least_target_factor: float = 0.5
    warm: float = 0.35
    lukewarm: float = 0.15
    likeness: float = 0.5
    pool: int = 5
    usual_willingness: float = 0.8
    margin: int = 3
    most_learned: int = 400
    least_learned: int = 40
    most_ties: int = 200_000
    most_pops: int = 200_000
    first_chunk: int = 100
    chunk_growth: int = 4
    most_asked: int = 10_000
    least_named_group: int = 3

    @property
    def parameters_version(self) -> str:
        return f"{self.ties.parameters_version} {self.version}"


DEFAULT_PATH_PARAMETERS = PathParameters()


@dataclass(frozen=True, slots=True)
class PathTeam:
    """A team of ours and how many active people it has."""

    id: str
    name: str
    active_members: int


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands towards us in one deal or account plan, as it was in force at the date asked for.

    `at_target` is true when it is about the account that the path leads to.
    """

    stance: Stance
    at_target: bool = False
    account: str | None = None
    deal: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PathPerson:
    """Somebody who may stand on a path, with all that its score depends on.

    `restricted` is true when the person's data must not be processed any more. `at_competitor`: employed today
    by an account that is flagged as a competitor. `degree` is the number of stored ties. A `hidden` person is one
    of ours who wants to be asked first: known by a group at most, never by name.

    Not `known` means that only `id`, `is_user`, `degree`, `assessed` and the ids of the teams were read: until the
    rest is, the person counts as the best that such a person can be. `assessed` is true when somebody's part in a
    deal or an account plan may tell how willing the person is.
    """

    id: str
    name: str
    given_name: str | None = None
    is_user: bool = False
    active: bool = True
    opted_out: bool = False
    do_not_contact: bool = False
    restricted: bool = False
    at_competitor: bool = False
    degree: int = 0
    seniority: Seniority = Seniority.UNKNOWN
    standings: tuple[Standing, ...] = ()
    willing_to_introduce: float | None = None
    teams: tuple[PathTeam, ...] = ()
    leaves_on: dt.date | None = None
    hidden: bool = False
    group: str | None = None
    known: bool = True
    assessed: bool = True

    @property
    def short_name(self) -> str:
        return self.given_name or self.name

    @property
    def blocks_at_target(self) -> bool:
        return any(standing.at_target and standing.stance is Stance.BLOCKER for standing in self.standings)

    @property
    def may_stand_between(self) -> bool:
        """Whether this person may be asked for an introduction at all."""
        if self.is_user:
            return self.active and not self.opted_out
        return not (
            self.do_not_contact
            or self.restricted
            or self.at_competitor
            or self.blocks_at_target
            or self.willing_to_introduce == 0
        )


class PathTie(NamedTuple):
    """One tie as a path search reads it, its strength already told; moments count days since 1970.

    `unanswered_from` is the id of the end that wrote to the other without ever getting an answer. Not `detailed`
    means that only the ends, the strength and who may see it were read. `groups` are the teams of our end that are
    large enough to be named, when the viewer may not know whose tie it is.
    """

    first_id: str
    second_id: str
    strength: float
    basis: TieBasis = TieBasis.OBSERVED
    last_at: float | None = None
    stated_at: float | None = None
    interaction_count: int = 0
    unanswered_from: str | None = None
    visibility: TieVisibility = TieVisibility.SHARED
    owner_id: str | None = None
    detailed: bool = True
    groups: tuple[PathTeam, ...] | None = None


GRADES: Mapping[TieBasis, EvidenceGrade] = {
    TieBasis.OBSERVED: EvidenceGrade.OBSERVED,
    TieBasis.STATED: EvidenceGrade.STATED,
    TieBasis.OVERRIDE: EvidenceGrade.STATED,
    TieBasis.TEAM: EvidenceGrade.STATED,
    TieBasis.ORGANISATION: EvidenceGrade.STATED,
    TieBasis.LATENT: EvidenceGrade.INFERRED,
    TieBasis.NONE: EvidenceGrade.INFERRED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PathRequest:
    """A question for warm paths, to one contact or into one account. `as_of` counts days since 1970."""

    viewer_id: str
    as_of: float
    to_contact: str | None = None
    to_account: str | None = None
    start: PathFrom = PathFrom.ANYONE
    asker_id: str | None = None
    team_id: str | None = None
    max_hops: int = 3
    first: int = 5
    min_strength: float = 0.05
    max_stale_days: int | None = None
    avoid: frozenset[str] = frozenset()
    diversify: bool = True

    def __post_init__(self) -> None:
        if (self.to_contact is None) == (self.to_account is None):
            raise Invalid("A warm path leads either to a contact or into an account.", field=("to",))
        if not 1 <= self.max_hops <= LONGEST:
            raise Invalid("A warm path has 1 to {longest} steps.", field=("maxHops",), longest=LONGEST)
        if not 1 <= self.first <= 100:
            raise Invalid("Ask for 1 to 100 paths.", field=("first",))
        if not 0 <= self.min_strength <= 1:
            raise Invalid("The least strength of a tie is a number from 0 to 1.", field=("minStrength",))
        if self.max_stale_days is not None and self.max_stale_days < 0:
            raise Invalid("The days since the last contact cannot be negative.", field=("maxStaleDays",))
        if (self.start is PathFrom.TEAM) != (self.team_id is not None):
            raise Invalid("Name a team when paths start from a team, and only then.", field=("teamId",))

    @property
    def asker(self) -> str:
        return self.asker_id or self.viewer_id

    @property
    def fresh_since(self) -> float | None:
        """The oldest last contact that a tie on the path may have."""
        return None if self.max_stale_days is None else self.as_of - self.max_stale_days

    def wanted(self, parameters: PathParameters) -> int:
        """How many paths to find, among which unlike ones are chosen."""
        return self.first * parameters.pool if self.diversify else self.first


@dataclass(frozen=True, slots=True)
class Destination:
    """Whom or what a path leads to, as far as the viewer may see it."""

    id: str
    name: str
    title: str | None = None
    account: str | None = None


@dataclass(slots=True)
class Surroundings:
    """What one question found: people, ties between them, and (with the first question) who is wanted.

    `targets` gives each wanted person's influence, or None when one contact was asked for by name. `cut` is the
    strength of the strongest tie that a limit left out. `newest_interaction` comes with what people are like: when
    the newest contact was that the viewer may know of.
    """

    destination: Destination | None = None
    newest_interaction: dt.datetime | None = None

    people: list[PathPerson] = field(default_factory=list[PathPerson])
    ties: list[PathTie] = field(default_factory=list[PathTie])
    targets: dict[str, float | None] = field(default_factory=dict[str, float | None])
    cut: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PathStep:
    """From one person to the next. The factors multiply to `contribution`, the contributions to the score.

    `willingness` and `hop_penalty` are those of the person the step starts from, 1 at the start of the path.
    """

    start: PathPerson
    end: PathPerson
    tie: PathTie
    willingness: float = 1.0
    hop_penalty: float = 1.0
    seniority_factor: float = 1.0
    target_factor: float = 1.0

    @property
    def strength(self) -> float:
        return self.tie.strength

    @property
    def grade(self) -> EvidenceGrade:
        return GRADES[self.tie.basis]

    @property
    def contribution(self) -> float:
        return self.tie.strength * self.willingness * self.hop_penalty * self.seniority_factor * self.target_factor

    @property
    def unanswered(self) -> bool:
        """Whether the one wrote to the other and never got an answer."""
        return self.tie.unanswered_from == self.start.id


@dataclass(frozen=True, slots=True, kw_only=True)
class WarmPath:
    rank: int
    score: float
    band: PathBand
    steps: tuple[PathStep, ...]
    start_is_asker: bool
    alternatives: int = 0

    @property
    def hops(self) -> int:
        return len(self.steps)

    @property
    def people(self) -> tuple[PathPerson, ...]:
        return (self.steps[0].start, *(step.end for step in self.steps))

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(person.id for person in self.people)

    @property
    def target(self) -> PathPerson:
        return self.steps[-1].end

    @property
    def introducer(self) -> PathPerson | None:
        """Who makes the last introduction: nobody when the asker knows the target."""
        last = self.steps[-1].start
        return None if self.start_is_asker and self.hops == 1 else last

    @property
    def ask_user(self) -> PathPerson | None:
        """Which of our people to ask first: nobody when the asker acts alone, or when the name is not given."""
        first = self.steps[0].end if self.start_is_asker else self.steps[0].start
        return first if first.is_user and not first.hidden else None

    @property
    def weakest_step(self) -> PathStep:
        return min(self.steps, key=lambda step: step.strength)


@dataclass(frozen=True, slots=True, kw_only=True)
class WarmPaths:
    """The best paths, and the pool that they were chosen from.

    `exact` is false only when a limit was hit and a path that was not looked at could be among them. `pops` counts
    the partial paths that the search took up.
    """

    request: PathRequest
    paths: tuple[WarmPath, ...]
    pool: tuple[WarmPath, ...]
    exact: bool
    parameters_version: str
    pops: int
