"""How well the seats of a deal are filled, and on how many people the relation really rests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from graph_crm.language import Sentence, say
from graph_crm.stakeholders.answer import ChampionStrength, Factor, Influence, KnownBy, Seat, Threads
from graph_crm.stakeholders.facts import SeatFacts
from graph_crm.stakeholders.influence import Ways
from graph_crm.stakeholders.people import Person, someone
from graph_crm.stakeholders.types import BuyingRole, SeatState, Stance

SINGLE_THREADS = 1.5
SINGLE_SHARE = 0.8
WANTED_THREADS = 4
LEAST_ACCESS = 0.1
COACH_INFLUENCE = 0.4


def seats_of(
    template: Iterable[SeatFacts],
    people: Sequence[Person],
    influence: Mapping[str, Influence] | None,
    probability: float | None,
) -> tuple[Seat, ...]:
    """The seats that count at this stage, heaviest first, and who fills them.

    Without the permission to read judgements (`influence` is None) the champion's seat is left out.
    """
    counted = [seat for seat in template if (probability or 0.0) >= seat.from_probability]
    ordered = sorted(counted, key=lambda seat: -seat.weight)
    return tuple(
        seat_of(seat, people, influence) for seat in ordered if influence is not None or not seat.needs_champion
    )


def seat_of(seat: SeatFacts, people: Iterable[Person], influence: Mapping[str, Influence] | None) -> Seat:
    holders = [person for person in people if fills(person, seat)]
    if influence is not None:
        holders.sort(key=lambda person: (-influence[person.contact_id].score, person.contact_id))
    else:
        holders.sort(key=lambda person: (person.name, person.contact_id))
    state = SeatState.MISSING
    if holders:
        state = SeatState.ENGAGED if any(person.engaged for person in holders) else SeatState.IDENTIFIED
    only = only_through(holders)
    return Seat(
        seat=seat,
        state=state,
        holders=tuple(person.contact_id for person in holders),
        only_through=only,
        sentence=seat_sentence(holders, state, only),
    )


def fills(person: Person, seat: SeatFacts) -> bool:
    if seat.role is None:
        return person.stance is Stance.CHAMPION
    return seat.role in person.roles


def only_through(holders: Iterable[Person]) -> KnownBy | None:
    """The one of ours through whom alone a seat is reached."""
    reaching = {known.number: known for person in holders for known in person.reached_by}
    return next(iter(reaching.values())) if len(reaching) == 1 else None


def seat_sentence(holders: Sequence[Person], state: SeatState, only: KnownBy | None) -> Sentence:
    if not holders:
        return say("nobody yet")
    names = [person.name for person in holders]
    match state, only:
        case SeatState.ENGAGED, None:
            return say("{names} – engaged", names=names)
        case SeatState.ENGAGED, known:
            return say("{names} – engaged, only through {who}", names=names, who=someone(known))
        case _, None:
            return say("{names} – identified, not engaged", names=names)
        case _, known:
            return say("{names} – identified, not engaged, only through {who}", names=names, who=someone(known))


def coverage_score(seats: Sequence[Seat]) -> tuple[float | None, tuple[Factor, ...]]:
    """The weighed share of seats that are filled, with the points of each seat."""
    total = sum(seat.seat.weight for seat in seats)
    if total <= 0:
        return None, ()
    factors = tuple(
        Factor(
            key=seat.role.value if seat.role is not None else Stance.CHAMPION.value,
            label=seat.label,
            value=seat.state.score,
            weight=seat.seat.weight / total,
            points=seat.seat.weight * seat.state.score / total,
        )
        for seat in seats
    )
    return sum(factor.points for factor in factors), factors


def threads_of(exchanges: Mapping[str, float], *, ours: bool = False) -> Threads:
    """On how many people contact is spread: those of theirs, or of ours."""
    total = sum(exchanges.values())
    if total <= 0:
        return Threads(threads=0.0, index=0.0, single=True, shares=(), sentence=say("No activity."))
    shares = sorted(((key, value / total) for key, value in exchanges.items()), key=lambda one: (-one[1], one[0]))
    threads = 1 / sum(share**2 for _, share in shares)
    single = threads < SINGLE_THREADS or shares[0][1] >= SINGLE_SHARE
    return Threads(
        threads=threads,
        index=min(1.0, max(0.0, (threads - 1) / (WANTED_THREADS - 1))),
        single=single,
        shares=tuple(shares),
        sentence=threads_sentence(threads, single=single, ours=ours),
    )


def threads_sentence(threads: float, *, single: bool, ours: bool) -> Sentence:
    if single and ours:
        return say("Contact rests on one of us ({threads} of {wanted}).", threads=threads, wanted=WANTED_THREADS)
    if single:
        return say("Contact rests on one of theirs ({threads} of {wanted}).", threads=threads, wanted=WANTED_THREADS)
    return say("Contact is spread ({threads} of {wanted}).", threads=threads, wanted=WANTED_THREADS)


def their_exchanges(people: Iterable[Person]) -> dict[str, float]:
    """Contact with each of theirs, summed over all of ours."""
    return {person.contact_id: sum(person.exchanges.values()) for person in people}


def our_exchanges(people: Iterable[Person]) -> dict[str, float]:
    """Contact of each of ours, summed over all of theirs."""
    sums: dict[str, float] = {}
    for person in people:
        for user_id, exchange in person.exchanges.items():
            sums[user_id] = sums.get(user_id, 0.0) + exchange
    return sums


def champion_strength(
    champion: Person, people: Iterable[Person], influence: Mapping[str, Influence], ways: Ways
) -> ChampionStrength:
    """Influence, our tie, and access to the money, all three needed: the cube root of their product."""
    buyers = [person.contact_id for person in people if BuyingRole.ECONOMIC_BUYER in person.roles]
    if champion.contact_id in buyers:
        access = 1.0
    else:
        moved = ways.get(champion.contact_id, {})
        access = max([LEAST_ACCESS, *(moved[buyer].score for buyer in buyers if buyer in moved)])
    weight = influence[champion.contact_id].score
    strength = (weight * champion.best_tie * access) ** (1 / 3)
    if weight < COACH_INFLUENCE or access <= LEAST_ACCESS:
        sentence = say("{name}: a coach rather than a champion ({strength}).", name=champion.name, strength=strength)
    else:
        sentence = say("{name}: a champion of strength {strength}.", name=champion.name, strength=strength)
    return ChampionStrength(
        contact_id=champion.contact_id,
        strength=strength,
        influence=weight,
        tie=champion.best_tie,
        access=access,
        sentence=sentence,
    )
