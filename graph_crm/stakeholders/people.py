"""The people of a map, each as one: what holds of them here, and who of ours knows them."""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from graph_crm.contacts.types import Seniority
from graph_crm.language import Sentence, say
from graph_crm.stakeholders.answer import KnownBy
from graph_crm.stakeholders.facts import (
    EmploymentFacts,
    MapFacts,
    PersonFacts,
    ScopeKind,
    StakeholderFacts,
    TieFacts,
    UserFacts,
)
from graph_crm.stakeholders.types import BuyingRole, CoverageLevel, InfluenceLevel, Stance, decision_weight, in_order
from graph_crm.ties.strength import DEFAULT_PARAMETERS, TieParameters, TieStrength, epoch_days, moment_of, strength_of
from graph_crm.ties.types import TieBand, TieVisibility

ENGAGED_DAYS = 120
ENGAGED_TIE = 0.40
ONE_MINUTE = 1 / 1440
NAMELESS_TEAM = 3
"""A team of fewer active members would name the one who wants to be asked first."""

COVERAGE_OF_BAND = {
    TieBand.NONE: CoverageLevel.NO_CONTACT,
    TieBand.FAINT: CoverageLevel.BRIEF_CONTACT,
    TieBand.WEAK: CoverageLevel.BRIEF_CONTACT,
    TieBand.MEDIUM: CoverageLevel.MULTIPLE_CONTACTS,
    TieBand.STRONG: CoverageLevel.IN_DEPTH,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One contact on the map, with the part in force and our ties, strongest first.

    `exchanges` is how much each of ours exchanges with the person.

    In an account's map the roles of all its open deals are joined; stance, influence and confidence are those of the
    account plan when there is one, else of the latest assessment.
    """

    contact_id: str
    name: str
    family_name: str
    title: str | None
    seniority: Seniority
    here: bool
    stakeholder: StakeholderFacts | None
    roles: tuple[BuyingRole, ...]
    is_primary: bool
    known_by: tuple[KnownBy, ...]
    exchanges: Mapping[str, float]
    engaged: bool

    @property
    def has_part(self) -> bool:
        return self.stakeholder is not None

    @property
    def stance(self) -> Stance:
        return self.stakeholder.assessment.stance if self.stakeholder is not None else Stance.UNKNOWN

    @property
    def influence_level(self) -> InfluenceLevel:
        if self.stakeholder is None:
            return InfluenceLevel.UNKNOWN
        return self.stakeholder.assessment.influence_level

    @property
    def confidence(self) -> float:
        return self.stakeholder.assessment.confidence if self.stakeholder is not None else 0.0

    @property
    def authority(self) -> float:
        return decision_weight(self.roles)

    @property
    def best_tie(self) -> float:
        return self.known_by[0].strength if self.known_by else 0.0

    @property
    def coverage(self) -> CoverageLevel:
        """A stated level wins over what our ties tell."""
        if self.stakeholder is not None and self.stakeholder.coverage is not None:
            return self.stakeholder.coverage
        return COVERAGE_OF_BAND[self.known_by[0].band if self.known_by else TieBand.NONE]

    @property
    def reached_by(self) -> tuple[KnownBy, ...]:
        """Those of ours with a tie of at least .15."""
        return tuple(known for known in self.known_by if known.band not in {TieBand.NONE, TieBand.FAINT})


def name_order(name: str, family_name: str) -> tuple[str, str]:
    """People in the order of their family names, whatever the accents."""
    return folded(family_name), folded(name)


def folded(text: str) -> str:
    return "".join(
        letter for letter in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(letter)
    )


def people_of(
    facts: MapFacts,
    as_of: dt.datetime,
    viewer_id: str | None,
    parameters: TieParameters = DEFAULT_PARAMETERS,
) -> list[Person]:
    """Everybody on the map, by id."""
    users = {user.id: user for user in facts.users}
    call = short_names(facts.users)
    return sorted(
        (person_of(facts, person, as_of, viewer_id, users, call, parameters) for person in facts.people),
        key=lambda person: person.contact_id,
    )


def named_people(facts: MapFacts, as_of: dt.datetime, viewer_id: str | None) -> list[Person]:
    """Whom the consensus rule names and who is not on the map, by id."""
    return people_of(replace(facts, people=facts.named), as_of, viewer_id)


def person_of(
    facts: MapFacts,
    person: PersonFacts,
    as_of: dt.datetime,
    viewer_id: str | None,
    users: Mapping[str, UserFacts],
    call: Callable[[str], str],
    parameters: TieParameters,
) -> Person:
    employment = employment_of(person.employments)
    title = employment.title if employment is not None and employment.title else person.title_as_given
    stakeholder = stakeholder_of(facts, person.stakeholders)
    ties = [
        (tie, strength_of(tie.tie, moment_for(tie, as_of), parameters))
        for tie in person.ties
        if may_know(tie, viewer_id) and tie.user_id in users and users[tie.user_id].active
    ]
    return Person(
        contact_id=person.contact_id,
        name=person.name,
        family_name=person.family_name or (person.name.split() or [person.name])[-1],
        title=title,
        seniority=employment.seniority if employment is not None else Seniority.UNKNOWN,
        here=facts.scope.account_id is None or (employment is not None and employment.here),
        stakeholder=stakeholder,
        roles=in_order(role for part in person.stakeholders for role in part.assessment.roles),
        is_primary=any(part.assessment.is_primary for part in person.stakeholders),
        known_by=known_by(ties, users, call, viewer_id),
        exchanges=exchanges_of(ties, users, viewer_id),
        engaged=any(strength.strength >= ENGAGED_TIE or in_touch(tie, as_of) for tie, strength in ties),
    )


def employment_of(employments: Sequence[EmploymentFacts]) -> EmploymentFacts | None:
    """The employment that counts here: at the scope's account first, then the primary one."""
    return min(
        employments,
        key=lambda employment: (not employment.here, not employment.is_primary, employment.account_id),
        default=None,
    )


def stakeholder_of(facts: MapFacts, parts: Sequence[StakeholderFacts]) -> StakeholderFacts | None:
    """The part whose judgement holds: the account plan's in an account's map, else the latest."""
    plan = [part for part in parts if facts.scope.kind is ScopeKind.ACCOUNT and part.scope_kind is ScopeKind.ACCOUNT]
    return max(plan or parts, key=lambda part: (part.assessment.valid_from, part.id), default=None)


def in_touch(tie: TieFacts, as_of: dt.datetime) -> bool:
    """Contact both ways of late: one meeting or call, or mail in both directions with the same colleague."""
    since, until = epoch_days(as_of - dt.timedelta(days=ENGAGED_DAYS)), epoch_days(as_of)

    def lately(days: float | None) -> bool:
        return days is not None and since <= days <= until

    return lately(tie.last_mutual_at) or (lately(tie.last_sent_at) and lately(tie.last_received_at))


def moment_for(tie: TieFacts, as_of: dt.datetime) -> float:
    """The moment at which a tie is looked at: contact noted within this very minute counts already."""
    days = epoch_days(as_of)
    at = tie.tie.accumulators.at if tie.tie.accumulators is not None else days
    return at if days < at <= days + ONE_MINUTE else days


def may_know(tie: TieFacts, viewer_id: str | None) -> bool:
    return tie.tie.visibility is not TieVisibility.PRIVATE or owned(tie, viewer_id)


def to_be_asked(tie: TieFacts, viewer_id: str | None) -> bool:
    """Whether the viewer may know that the tie is there, and not whose it is."""
    return tie.tie.visibility is TieVisibility.EXISTS_BUT_ASK and not owned(tie, viewer_id)


def owned(tie: TieFacts, viewer_id: str | None) -> bool:
    return viewer_id is not None and viewer_id == (tie.tie.owner_id or tie.user_id)


def exchanges_of(
    ties: Iterable[tuple[TieFacts, TieStrength]], users: Mapping[str, UserFacts], viewer_id: str | None
) -> dict[str, float]:
    """How much of ours each exchanges with somebody, by user id; who wants to be asked first counts for a team."""
    sums: dict[str, float] = {}
    for tie, strength in ties:
        hidden = to_be_asked(tie, viewer_id)
        key = f"team:{team_to_ask(users[tie.user_id]) or ''}" if hidden else tie.user_id
        if strength.exchange > 0:
            sums[key] = sums.get(key, 0.0) + strength.exchange
    return sums


def known_by(
    ties: Iterable[tuple[TieFacts, TieStrength]],
    users: Mapping[str, UserFacts],
    call: Callable[[str], str],
    viewer_id: str | None,
) -> tuple[KnownBy, ...]:
    """Who of ours knows somebody, strongest first. Whoever wants to be asked first is named by a team at most."""
    numbers = {user_id: number for number, user_id in enumerate(sorted(users))}
    found: list[tuple[tuple[float, float, str], KnownBy]] = []
    for tie, strength in ties:
        if strength.strength <= 0:
            continue
        user = users[tie.user_id]
        hidden = to_be_asked(tie, viewer_id)
        days = strength.days_since_last_contact
        known = KnownBy(
            number=numbers[user.id],
            user_id=None if hidden else user.id,
            who=team_to_ask(user) if hidden else call(user.id),
            hidden=hidden,
            strength=strength.strength,
            band=strength.band,
            last_at=None if hidden or tie.tie.last_at is None else moment_of(tie.tie.last_at),
            days=None if hidden or days is None else int(days),
            tie=None if hidden else strength,
        )
        found.append(((-strength.strength, -(tie.tie.last_at or 0.0), "" if hidden else user.id), known))
    return tuple(known for _, known in sorted(found, key=lambda one: (one[0], one[1].who or "")))


def team_to_ask(user: UserFacts) -> str | None:
    """A team large enough not to say who it is."""
    return min((team.name for team in user.teams if team.active_members >= NAMELESS_TEAM), default=None)


def short_names(users: Iterable[UserFacts]) -> Callable[[str], str]:
    """How we call our own: by first name, by the whole name when two share it."""
    names = {user.id: user.name for user in users}
    firsts = [name.split()[0] if name.split() else name for name in names.values()]

    def call(user_id: str) -> str:
        name = names[user_id]
        first = name.split()[0] if name.split() else name
        return first if firsts.count(first) == 1 else name

    return call


def someone(known: KnownBy) -> str | Sentence:
    """One of ours in a sentence."""
    if not known.hidden:
        return known.who or ""
    return say("a colleague in {team}", team=known.who) if known.who else say("a colleague")
