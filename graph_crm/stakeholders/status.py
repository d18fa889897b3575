"""What a map says in one word, why, and what to do next: every sentence of a map is worded here.

RED: no key player supports us. GREEN: an engaged key player who supports us decides, no key player blocks, and we
are in touch with an economic buyer, if any is known. AMBER: the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

from graph_crm.language import Sentence, say, say_plural
from graph_crm.stakeholders.answer import Consensus, Influence, KnownBy, PersonToWin, Seat
from graph_crm.stakeholders.influence import key_player
from graph_crm.stakeholders.people import Person, name_order, someone
from graph_crm.stakeholders.types import (
    DECIDING_ROLES,
    BuyingRole,
    Finding,
    FindingKind,
    FindingPart,
    MapStatus,
    RiskBand,
    SeatState,
    Stance,
)
from graph_crm.ties.types import TieBand

NAMES_SHOWN = 6
AGREEMENT_OF_SEVERAL = 2

BAND_WORDS = {
    TieBand.NONE: say("no tie"),
    TieBand.FAINT: say("faint"),
    TieBand.WEAK: say("weak"),
    TieBand.MEDIUM: say("medium"),
    TieBand.STRONG: say("strong"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the status is judged from: those with a part, most influential first, and everybody's name.

    `without_part` are those whom the consensus rule names and who have no part.
    """

    people: Sequence[Person]
    without_part: Sequence[Person] = ()
    names: Mapping[str, str]
    influence: Mapping[str, Influence]
    consensus: Consensus
    seats: Sequence[Seat]

    @property
    def key_players(self) -> list[Person]:
        return [
            person for person in self.people if key_player(self.influence[person.contact_id], person.influence_level)
        ]

    @property
    def deciders(self) -> list[Person]:
        return [person for person in self.people if decides(person)]

    @property
    def economic_buyers(self) -> list[Person]:
        return [person for person in self.people if BuyingRole.ECONOMIC_BUYER in person.roles]

    @property
    def supporting_deciders(self) -> list[Person]:
        return [person for person in self.key_players if decides(person) and person.stance.supports]

    @property
    def blockers(self) -> list[Person]:
        return [person for person in self.key_players if person.stance is Stance.BLOCKER]

    @property
    def unmet_economic_buyers(self) -> list[Person]:
        """The economic buyers, when some are known and we are in touch with none of them."""
        buyers = self.economic_buyers
        return [] if any(person.engaged for person in buyers) else buyers

    def named(self, contact_id: str) -> Person:
        everybody = (*self.people, *self.without_part)
        return next(person for person in everybody if person.contact_id == contact_id)


def decides(person: Person) -> bool:
    return not DECIDING_ROLES.isdisjoint(person.roles)


def status_of(standing: Standing) -> MapStatus:
    if not any(person.stance.supports for person in standing.key_players):
        return MapStatus.RED
    carried = any(person.engaged for person in standing.supporting_deciders)
    if carried and not standing.blockers and not standing.unmet_economic_buyers:
        return MapStatus.GREEN
    return MapStatus.AMBER


def reasons_of(standing: Standing, status: MapStatus) -> tuple[Finding, ...]:
    """The status in sentences: what fails, what holds, what else stands out, what to do next."""
    if not standing.people:
        return (nobody_yet(),)
    parts: tuple[Callable[[Standing], Iterable[Finding]], ...] = (
        undecided_deciders,
        single_contact_to_the_money,
        agreement,
        not_reached,
        empty_seats,
        next_step,
    )
    return (
        *failing(standing, status),
        *holding(standing),
        *(finding for part in parts for finding in part(standing)),
    )


def nobody_yet() -> Finding:
    return Finding(
        kind=FindingKind.RISK,
        code="NOBODY_YET",
        sentence=say("Nobody has a part here yet: add the first person with their role and position."),
        severity=RiskBand.HIGH,
        part=FindingPart.NEXT,
    )


def failing(standing: Standing, status: MapStatus) -> Iterable[Finding]:
    if status is MapStatus.RED:
        yield failure("NO_KEY_PLAYER_SUPPORTS", say("No key player supports us."))
    elif not standing.supporting_deciders:
        yield failure("NO_DECIDER_SUPPORTS", say("No influential decider supports us yet."))
    elif not any(person.engaged for person in standing.supporting_deciders):
        person = standing.supporting_deciders[0]
        text = say("{name} ({role}) supports us, but we are not in touch.", name=person.name, role=role_word(person))
        yield failure("SUPPORTING_DECIDER_NOT_ENGAGED", text, person)
    for person in standing.blockers:
        if person.roles:
            text = say("{name} ({role}, influential) blocks.", name=person.name, role=role_word(person))
        else:
            text = say("{name} (influential) blocks.", name=person.name)
        yield failure("KEY_PLAYER_BLOCKS", text, person)
    for person in standing.unmet_economic_buyers:
        role = BuyingRole.ECONOMIC_BUYER.word
        text = say("{name} ({role}) is not in touch with us.", name=person.name, role=role)
        yield failure("ECONOMIC_BUYER_NOT_ENGAGED", text, person)


def failure(code: str, sentence: Sentence, *about: Person) -> Finding:
    return Finding(
        kind=FindingKind.RISK,
        code=code,
        sentence=sentence,
        severity=RiskBand.HIGH,
        about=tuple(person.contact_id for person in about),
        part=FindingPart.FAILS,
    )


def holding(standing: Standing) -> Iterable[Finding]:
    for person in standing.supporting_deciders:
        if not person.engaged:
            continue
        if person.stance is Stance.CHAMPION:
            text = say("{name} ({role}) is our champion.", name=person.name, role=role_word(person))
        else:
            text = say("{name} ({role}) supports us.", name=person.name, role=role_word(person))
        yield Finding(
            kind=FindingKind.OPENING,
            code="DECIDER_SUPPORTS",
            sentence=text,
            severity=RiskBand.LOW,
            about=(person.contact_id,),
            part=FindingPart.HOLDS,
        )


def role_word(person: Person) -> Sentence:
    """The role that weighs most in the decision."""
    return max(person.roles, key=lambda role: role.decision_weight).word


def undecided_deciders(standing: Standing) -> Iterable[Finding]:
    for person in standing.deciders:
        if person.stance is Stance.NEUTRAL:
            text = say("{name} ({role}) has not taken sides.", name=person.name, role=role_word(person))
            yield risk("UNDECIDED_DECIDER", text, RiskBand.MEDIUM, person.contact_id)
        elif person.stance is Stance.UNKNOWN:
            text = say("{name} ({role}): position unknown.", name=person.name, role=role_word(person))
            yield risk("POSITION_UNKNOWN", text, RiskBand.MEDIUM, person.contact_id)


def risk(code: str, sentence: Sentence, severity: RiskBand, *about: str) -> Finding:
    return Finding(kind=FindingKind.RISK, code=code, sentence=sentence, severity=severity, about=about)


def single_contact_to_the_money(standing: Standing) -> Iterable[Finding]:
    for person in standing.economic_buyers:
        if len(person.reached_by) == 1:
            known = person.reached_by[0]
            yield risk(
                "ECONOMIC_BUYER_KNOWN_BY_ONE",
                known_only_by(person, known),
                RiskBand.MEDIUM,
                person.contact_id,
                *([known.user_id] if known.user_id is not None else []),
            )


def known_only_by(person: Person, known: KnownBy) -> Sentence:
    band = BAND_WORDS[known.band]
    if known.days is None:
        return say("{name} is known only by {who} ({band}).", name=person.name, who=someone(known), band=band)
    days = say_plural("{count} day", "{count} days", count=known.days)
    return say(
        "{name} is known only by {who} ({band}, {days}).", name=person.name, who=someone(known), band=band, days=days
    )


def agreement(standing: Standing) -> Iterable[Finding]:
    """Who agrees and who does not, when there is more than one to agree."""
    consensus = standing.consensus
    yield from out_of_reach(consensus)
    if len({*consensus.needed, *consensus.veto}) < AGREEMENT_OF_SEVERAL:
        return
    needed = set(consensus.needed)
    clauses = [
        *(say("{name} agrees", name=standing.named(one).name) for one in consensus.agreed),
        *(undecided_clause(standing.named(one)) for one in consensus.missing if one in needed),
        *(say("{name} opposes", name=standing.named(one).name) for one in consensus.opposed if one in needed),
        *(veto_clause(standing.named(one)) for one in consensus.veto),
    ]
    sentence = say(
        "Agreement: {count} of {total} needed; {clauses}.",
        count=consensus.needed_count,
        total=len(consensus.needed),
        clauses=one_after_another(clauses),
    )
    yield Finding(
        kind=FindingKind.OPENING if consensus.reached else FindingKind.RISK,
        code="AGREEMENT",
        sentence=sentence,
        severity=RiskBand.LOW if consensus.reached else RiskBand.MEDIUM,
        about=tuple(dict.fromkeys((*consensus.needed, *consensus.veto))),
    )


def out_of_reach(consensus: Consensus) -> Iterable[Finding]:
    """Why no agreement can be complete as the rule stands."""
    known = len(consensus.needed)
    if not known:
        yield risk("NOBODY_MUST_AGREE", say("Nobody is named whose agreement is needed."), RiskBand.MEDIUM)
    elif consensus.needed_count > known:
        sentence = say_plural(
            "Agreement is out of reach: {wanted} must agree, and only {count} person is known who can.",
            "Agreement is out of reach: {wanted} must agree, and only {count} people are known who can.",
            count=known,
            wanted=consensus.needed_count,
        )
        yield risk("AGREEMENT_OUT_OF_REACH", sentence, RiskBand.MEDIUM, *consensus.needed)


def undecided_clause(person: Person) -> Sentence:
    if person.stance is Stance.NEUTRAL:
        return say("{name} is undecided", name=person.name)
    return say("position of {name} unknown", name=person.name)


def veto_clause(person: Person) -> Sentence:
    return say("veto: {name} ({stance})", name=person.name, stance=person.stance.word)


def one_after_another(clauses: Sequence[Sentence]) -> Sentence:
    return reduce(lambda told, clause: say("{told}, {clause}", told=told, clause=clause), clauses)


def not_reached(standing: Standing) -> Iterable[Finding]:
    people = sorted(
        (person for person in standing.people if not person.known_by),
        key=lambda person: name_order(person.name, person.family_name),
    )
    if not people:
        return
    key_players = {person.contact_id for person in standing.key_players}
    shown = sorted(people, key=lambda person: person.contact_id not in key_players)[:NAMES_SHOWN]
    names = [person.name for person in people if person in shown]
    others = len(people) - len(names)
    text = say("No contact yet with {names}.", names=names)
    if others:
        names = [*names, say_plural("{count} other person", "{count} other people", count=others)]
        text = say("No contact yet with {names}.", names=names)
    yield risk("NOT_REACHED", text, RiskBand.LOW, *(person.contact_id for person in people))


def empty_seats(standing: Standing) -> Iterable[Finding]:
    empty = [seat for seat in standing.seats if seat.state is SeatState.MISSING and seat.seat.required]
    if empty:
        seats = [seat.word for seat in empty]
        text = say_plural("Empty seat: {seats}.", "Empty seats: {seats}.", count=len(seats), seats=seats)
        yield risk("EMPTY_SEATS", text, RiskBand.MEDIUM)


def next_step(standing: Standing) -> Iterable[Finding]:
    """The one thing to do next: win somebody, else find or meet who is lacking."""
    sentence, about = step(standing)
    if sentence is not None:
        yield Finding(
            kind=FindingKind.OPENING,
            code="NEXT_STEP",
            sentence=sentence,
            severity=RiskBand.LOW,
            about=about,
            part=FindingPart.NEXT,
        )


def step(standing: Standing) -> tuple[Sentence | None, tuple[str, ...]]:
    if standing.consensus.people_to_win:
        first = standing.consensus.people_to_win[0]
        return win(standing, first), (first.contact_id, *first.through)
    for seat in standing.seats:
        if seat.state is SeatState.MISSING and seat.seat.required:
            return say("Next: find out who is {seat}.", seat=seat.word), ()
    for seat in standing.seats:
        if seat.state is SeatState.IDENTIFIED:
            person = standing.named(seat.holders[0])
            return say("Next: meet {name} ({seat}).", name=person.name, seat=seat.word), (person.contact_id,)
    return None, ()


def win(standing: Standing, wanted: PersonToWin) -> Sentence:
    name = standing.names[wanted.contact_id]
    if not wanted.through or wanted.ask is None:
        return say(
            "Next: win {name}; no supporter of ours influences this person yet: look for a warm path.", name=name
        )
    ally, *between = (standing.names[one] for one in wanted.through)
    if between:
        return say(
            "Next: win {name} through {ally}, by way of {between} ({score}): ask {who}.",
            name=name,
            ally=ally,
            between=between,
            score=wanted.score,
            who=someone(wanted.ask),
        )
    return say(
        "Next: win {name} through {ally} ({score}): ask {who}.",
        name=name,
        ally=ally,
        score=wanted.score,
        who=someone(wanted.ask),
    )
