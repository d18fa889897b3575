"""How strong the acquaintance of two people is, and why.

Contact adds to a tie and fades by half every ninety days; what people state fades more slowly. Everything
here is arithmetic on values that were read already: nothing reads a clock.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from operator import itemgetter
from types import MappingProxyType

from graph_crm.errors import Invalid
from graph_crm.language import Sentence, say, say_plural
from graph_crm.ties.types import (
    Accumulators,
    InteractionFacts,
    InteractionStatus,
    InteractionType,
    PairContribution,
    Participant,
    ParticipantRole,
    Tie,
    TieBand,
    TieBasis,
    TieLevel,
)

SECONDS_IN_A_DAY = 86_400.0
DAYS_IN_A_YEAR = 365.25
MOST_RETOLD = 5_000
"""Ties that one answer tells from their interactions, for a moment before they were last fed."""

EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)

DIRECTED = frozenset({InteractionType.EMAIL, InteractionType.MESSAGE})

# Whoever stands twice in one interaction counts once, in the first of these roles.
ROLES_BY_WEIGHT = (
    ParticipantRole.SENDER,
    ParticipantRole.ORGANIZER,
    ParticipantRole.TO,
    ParticipantRole.ATTENDEE,
    ParticipantRole.CC,
)


@dataclass(frozen=True, slots=True)
class TieParameters:
    """Every weight of the formula. Changing one asks for a new version and a rebuild of the ties."""

    parameters_version: str = "ties-1"
    weights: Mapping[InteractionType, float] = field(
        default_factory=lambda: MappingProxyType(
            {
                InteractionType.MESSAGE: 0.5,
                InteractionType.EMAIL: 1.0,
                InteractionType.EVENT: 1.0,
                InteractionType.CALL: 2.0,
                InteractionType.VIDEO_MEETING: 3.0,
                InteractionType.MEETING: 4.0,
                InteractionType.INTRODUCTION: 4.0,
                InteractionType.WEBINAR_REGISTRATION: 0.0,
                InteractionType.DOWNLOAD: 0.0,
                InteractionType.OTHER: 0.0,
            }
        )
    )
    half_life_days: float = 90.0
    most_participants: int = 50
    copied: float = 0.5
    both_ways: float = 2.0
    one_way: float = 0.1
    most_one_way: float = 0.5
    saturation: float = 5.0
    stated: Mapping[TieLevel, float] = field(
        default_factory=lambda: MappingProxyType({TieLevel.STRONG: 0.9, TieLevel.MEDIUM: 0.6, TieLevel.WEAK: 0.3})
    )
    stated_half_life_days: float = 730.0
    latent: float = 0.25
    latent_least_months: float = 6.0
    latent_full_months: float = 24.0
    latent_half_life_years: float = 5.0
    same_team: float = 0.7
    same_organisation: float = 0.5
    strong: float = 0.7
    medium: float = 0.4
    weak: float = 0.15


DEFAULT_PARAMETERS = TieParameters()
LEAST_WRITTEN = 0.005
"""What two decimals show as more than nothing."""


@dataclass(frozen=True, slots=True)
class TieStrength:
    """A strength with everything it was made of.

    `together`, `both_ways` and `one_way` add up to `exchange`; `observed` is 1 − e^(−exchange/5); `strength`
    is the override when there is one, else the greatest of the others.
    """

    strength: float
    band: TieBand
    basis: TieBasis
    observed: float
    stated: float | None
    latent: float | None
    override: float | None
    outbound: float
    inbound: float
    mutual: float
    together: float
    both_ways: float
    one_way: float
    exchange: float
    interaction_count: int
    days_since_last_contact: float | None
    days_since_stated: float | None
    latent_months: float | None
    half_life_days: float
    parameters_version: str

    @property
    def explanation(self) -> Sentence:
        """Why the tie is as strong as it is, in one sentence."""
        reason = self._reason()
        if self.basis is TieBasis.NONE:
            return reason
        return say("{band} ({strength}): {reason}", band=self.band.label, strength=self.strength, reason=reason)

    def _reason(self) -> Sentence:
        match self.basis:
            case TieBasis.OVERRIDE:
                return say("set by hand.")
            case TieBasis.TEAM:
                return say("in one team.")
            case TieBasis.ORGANISATION:
                return say("in one organisation.")
            case TieBasis.STATED:
                days = int(self.days_since_stated or 0)
                return say_plural("stated {count} day ago.", "stated {count} days ago.", count=days)
            case TieBasis.LATENT:
                return say_plural(
                    "former colleagues for {count} month.",
                    "former colleagues for {count} months.",
                    count=int(self.latent_months or 0),
                )
            case TieBasis.OBSERVED:
                return say(
                    "{interactions}, {last}: {parts}; it halves every {half_life} days.",
                    interactions=say_plural(
                        "{count} interaction", "{count} interactions", count=self.interaction_count
                    ),
                    last=self._last_contact(),
                    parts=self._parts(),
                    half_life=round(self.half_life_days),
                )
            case TieBasis.NONE:
                return say("They have no tie that is known here.")

    def _last_contact(self) -> Sentence:
        days = int(self.days_since_last_contact or 0)
        if days < 1:
            return say("the last today")
        return say_plural("the last {count} day ago", "the last {count} days ago", count=days)

    def _parts(self) -> list[Sentence]:
        """The terms of the exchange, without those that would be written as nothing."""
        told = (
            (self.together, say("{points} from meetings and calls", points=self.together)),
            (self.both_ways, say("{points} from mails answered", points=self.both_ways)),
            (self.one_way, say("{points} from mails unanswered", points=self.one_way)),
        )
        return [sentence for points, sentence in told if points >= LEAST_WRITTEN] or [max(told, key=itemgetter(0))[1]]


def epoch_days(moment: dt.datetime) -> float:
    """A moment as days since 1970, in UTC."""
    if moment.tzinfo is None:
        raise ValueError("A moment needs its offset from UTC.")
    return (moment - EPOCH).total_seconds() / SECONDS_IN_A_DAY


def moment_of(days: float) -> dt.datetime:
    return EPOCH + dt.timedelta(days=days)


def fading(days: float, half_life_days: float) -> float:
    """What is left of one after so many days."""
    return math.exp2(-days / half_life_days)


def pair_key(person_id: str, other_id: str) -> tuple[str, str]:
    """The two ids in the order in which a tie is stored: the smaller first."""
    return (person_id, other_id) if person_id < other_id else (other_id, person_id)


def pairs_of(
    interaction: InteractionFacts,
    participants: Sequence[Participant],
    parameters: TieParameters = DEFAULT_PARAMETERS,
) -> list[PairContribution]:
    """Which ties an interaction feeds, and what it gives each of them at the moment it happens.

    Somebody who declined was not there. Somebody who opted out was there, but gains no tie.
    """
    weight = parameters.weights[interaction.type]
    if interaction.status is not InteractionStatus.HELD or interaction.is_automated or weight == 0:
        return []
    people = distinct(participants)
    if not 2 <= len(people) <= parameters.most_participants:
        return []
    share = weight / (len(people) - 1)
    known = [person for person in people if not person.opted_out]
    if interaction.type in DIRECTED:
        return directed_pairs(known, sender_of(people), share, parameters)
    return [
        PairContribution(person.person_id, other.person_id, mutual=share)
        for position, person in enumerate(known)
        for other in known[position + 1 :]
    ]


def distinct(participants: Iterable[Participant]) -> list[Participant]:
    """Everybody who was there, once, by id."""
    people: dict[str, Participant] = {}
    for participant in participants:
        if participant.declined:
            continue
        earlier = people.get(participant.person_id)
        if earlier is None or heavier(participant, earlier):
            people[participant.person_id] = participant
    return [people[person_id] for person_id in sorted(people)]


def heavier(participant: Participant, other: Participant) -> bool:
    return ROLES_BY_WEIGHT.index(participant.role) < ROLES_BY_WEIGHT.index(other.role)


def sender_of(people: Sequence[Participant]) -> Participant | None:
    """Who wrote; a message without a sender was written by the one of ours who is in it."""
    for person in people:
        if person.role is ParticipantRole.SENDER:
            return person
    return next((person for person in people if person.is_ours), None)


def directed_pairs(
    people: Sequence[Participant], sender: Participant | None, share: float, parameters: TieParameters
) -> list[PairContribution]:
    """The sender with each of the others: two who receive the same message gain nothing by it."""
    if sender is None or sender.opted_out:
        return []
    contributions: list[PairContribution] = []
    for person in people:
        if person.person_id == sender.person_id:
            continue
        given = share * (parameters.copied if person.role is ParticipantRole.CC else 1.0)
        first_id, second_id = pair_key(sender.person_id, person.person_id)
        if first_id == sender.person_id:
            contributions.append(PairContribution(first_id, second_id, outbound=given))
        else:
            contributions.append(PairContribution(first_id, second_id, inbound=given))
    return contributions


def faded(accumulators: Accumulators, as_of: float, parameters: TieParameters = DEFAULT_PARAMETERS) -> Accumulators:
    """The same contact seen later. The past cannot be told from it: that takes the interactions."""
    if as_of < accumulators.at:
        raise ValueError("Accumulators hold everything up to their moment; before it, recompute the tie.")
    left = fading(as_of - accumulators.at, parameters.half_life_days)
    return Accumulators(accumulators.outbound * left, accumulators.inbound * left, accumulators.mutual * left, as_of)


def accumulated(
    accumulators: Accumulators | None,
    contribution: PairContribution,
    at: float,
    parameters: TieParameters = DEFAULT_PARAMETERS,
) -> Accumulators:
    """The tie after one more interaction, whether it comes in order or late."""
    fresh = Accumulators(contribution.outbound, contribution.inbound, contribution.mutual, at)
    return fresh if accumulators is None else merged(accumulators, fresh, parameters)


def merged(
    accumulators: Accumulators, other: Accumulators, parameters: TieParameters = DEFAULT_PARAMETERS
) -> Accumulators:
    """Two sums of contact as one, at the later of their moments."""
    at = max(accumulators.at, other.at)
    earlier, later = faded(accumulators, at, parameters), faded(other, at, parameters)
    return Accumulators(
        earlier.outbound + later.outbound, earlier.inbound + later.inbound, earlier.mutual + later.mutual, at
    )


@dataclass(frozen=True, slots=True)
class ObservedContact:
    """The observed part of one tie, told from its interactions."""

    accumulators: Accumulators
    last_at: float
    interaction_count: int


def refuse_too_many(fed: Mapping[tuple[str, str], float]) -> None:
    """Refuse to retell more ties than one answer may, each given with the moment it was last fed at.

    Raises `Invalid`, which names the earliest moment that can be answered.
    """
    if len(fed) > MOST_RETOLD:
        earliest = sorted(fed.values(), reverse=True)[MOST_RETOLD]
        raise Invalid(
            "Too many ties have changed since then to tell how they were. The earliest moment is {moment}.",
            field=("asOf",),
            moment=moment_of(earliest),
        )


def recomputed(
    interactions: Iterable[tuple[InteractionFacts, Sequence[Participant]]],
    as_of: float,
    parameters: TieParameters = DEFAULT_PARAMETERS,
) -> dict[tuple[str, str], ObservedContact]:
    """Every tie that these interactions feed, as it stood at a moment: what happened later is left out."""
    contacts: dict[tuple[str, str], ObservedContact] = {}
    for interaction, participants in interactions:
        if interaction.at > as_of:
            continue
        for contribution in pairs_of(interaction, participants, parameters):
            pair = (contribution.first_id, contribution.second_id)
            earlier = contacts.get(pair)
            if earlier is None:
                contacts[pair] = ObservedContact(
                    accumulated(None, contribution, interaction.at, parameters), interaction.at, 1
                )
                continue
            contacts[pair] = ObservedContact(
                accumulated(earlier.accumulators, contribution, interaction.at, parameters),
                max(earlier.last_at, interaction.at),
                earlier.interaction_count + 1,
            )
    return contacts


def with_contact(tie: Tie, contact: ObservedContact | None) -> Tie:
    """The tie with its observed part replaced by one that was told from its interactions."""
    if contact is None:
        return replace(tie, accumulators=None, last_at=None, interaction_count=0)
    return replace(
        tie,
        accumulators=contact.accumulators,
        last_at=contact.last_at,
        interaction_count=contact.interaction_count,
    )


def exchange_of(
    accumulators: Accumulators, parameters: TieParameters = DEFAULT_PARAMETERS
) -> tuple[float, float, float]:
    """Meetings and calls; mails answered; mails unanswered: the three terms of an exchange."""
    answered = min(accumulators.outbound, accumulators.inbound)
    unanswered = abs(accumulators.outbound - accumulators.inbound)
    return (
        accumulators.mutual,
        parameters.both_ways * answered,
        min(parameters.one_way * unanswered, parameters.most_one_way),
    )


def observed_strength(
    accumulators: Accumulators | None, as_of: float, parameters: TieParameters = DEFAULT_PARAMETERS
) -> float:
    if accumulators is None:
        return 0.0
    exchange = sum(exchange_of(faded(accumulators, as_of, parameters), parameters))
    return -math.expm1(-exchange / parameters.saturation)


def stated_strength(
    level: TieLevel | None,
    confirmed_at: float | None,
    as_of: float,
    parameters: TieParameters = DEFAULT_PARAMETERS,
) -> float | None:
    """What somebody said of the tie; nothing before it was said."""
    if level is None or confirmed_at is None or confirmed_at > as_of:
        return None
    return parameters.stated[level] * fading(as_of - confirmed_at, parameters.stated_half_life_days)


def latent_strength(
    months: float | None, until: float | None, as_of: float, parameters: TieParameters = DEFAULT_PARAMETERS
) -> float | None:
    """What is left between two people who once worked for one employer; nothing while both still do."""
    if months is None or until is None or until > as_of or months < parameters.latent_least_months:
        return None
    years = (as_of - until) / DAYS_IN_A_YEAR
    overlap = min(1.0, months / parameters.latent_full_months)
    return parameters.latent * overlap * fading(years, parameters.latent_half_life_years)


def band_of(strength: float, parameters: TieParameters = DEFAULT_PARAMETERS) -> TieBand:
    if strength >= parameters.strong:
        return TieBand.STRONG
    if strength >= parameters.medium:
        return TieBand.MEDIUM
    if strength >= parameters.weak:
        return TieBand.WEAK
    return TieBand.FAINT if strength > 0 else TieBand.NONE


def strength_of(tie: Tie, as_of: float, parameters: TieParameters = DEFAULT_PARAMETERS) -> TieStrength:
    """How strong a tie is, with all that made it so. Accumulators must not be younger than `as_of`."""
    contact = Accumulators(0.0, 0.0, 0.0, as_of)
    if tie.accumulators is not None:
        contact = faded(tie.accumulators, as_of, parameters)
    together, both_ways, one_way = exchange_of(contact, parameters)
    observed = observed_strength(contact, as_of, parameters)
    stated = stated_strength(tie.stated_level, tie.stated_at, as_of, parameters)
    latent = latent_strength(tie.latent_months, tie.latent_until, as_of, parameters)
    strength, basis = strongest(observed, stated, latent, tie.override)
    return TieStrength(
        strength=strength,
        band=band_of(strength, parameters),
        basis=basis,
        observed=observed,
        stated=stated,
        latent=latent,
        override=tie.override,
        outbound=contact.outbound,
        inbound=contact.inbound,
        mutual=contact.mutual,
        together=together,
        both_ways=both_ways,
        one_way=one_way,
        exchange=together + both_ways + one_way,
        interaction_count=tie.interaction_count,
        days_since_last_contact=None if tie.last_at is None else max(0.0, as_of - tie.last_at),
        days_since_stated=None if stated is None or tie.stated_at is None else as_of - tie.stated_at,
        latent_months=tie.latent_months,
        half_life_days=parameters.half_life_days,
        parameters_version=parameters.parameters_version,
    )


def strongest(
    observed: float, stated: float | None, latent: float | None, override: float | None
) -> tuple[float, TieBasis]:
    """The number that counts and where it comes from. The greatest, not a sum: nothing counts twice."""
    if override is not None:
        return override, TieBasis.OVERRIDE
    candidates = [
        (observed, TieBasis.OBSERVED),
        (stated or 0.0, TieBasis.STATED),
        (latent or 0.0, TieBasis.LATENT),
    ]
    strength, basis = max(candidates, key=lambda candidate: candidate[0])
    return (strength, basis) if strength > 0 else (0.0, TieBasis.NONE)


def colleague_strength(
    teams: Collection[str], other_teams: Collection[str], parameters: TieParameters = DEFAULT_PARAMETERS
) -> tuple[float, TieBasis]:
    """Two of ours know each other by membership: better within a team than across the organisation."""
    if set(teams).isdisjoint(other_teams):
        return parameters.same_organisation, TieBasis.ORGANISATION
    return parameters.same_team, TieBasis.TEAM
