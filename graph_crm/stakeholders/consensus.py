"""How far those who must agree do agree, and who is to be won next, by whom."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence

from graph_crm.stakeholders.answer import Ally, BlockerPlan, Consensus, Factor, Influence, KnownBy, PersonToWin
from graph_crm.stakeholders.facts import ConsensusRule, LinkFacts
from graph_crm.stakeholders.influence import Way, Ways
from graph_crm.stakeholders.people import Person, name_order
from graph_crm.stakeholders.types import LinkKind, Stance

CONVICTION = {Stance.CHAMPION: 1.0, Stance.SUPPORTER: 0.75}
UNDECIDED = frozenset({Stance.NEUTRAL, Stance.UNKNOWN})


def shares_of(people: Iterable[Person], influence: Mapping[str, Influence]) -> list[tuple[Person, float]]:
    """Everybody of known stance with their share of the influence of all such people."""
    known = [person for person in people if person.stance is not Stance.UNKNOWN]
    total = sum(influence[person.contact_id].score for person in known)
    if total <= 0:
        return []
    return [(person, influence[person.contact_id].score / total) for person in known]


def mean_stance(shares: Iterable[tuple[Person, float]]) -> float:
    """From -2 to 2, each stance weighed by its holder's share."""
    return sum(share * (person.stance.value_for_us or 0) for person, share in shares)


def exposures_of(shares: Iterable[tuple[Person, float]]) -> dict[str, float]:
    """How much of the influence each of those who oppose us holds against us."""
    return {
        person.contact_id: share * -(person.stance.value_for_us or 0) / 2
        for person, share in shares
        if person.stance.opposes
    }


def known_share(people: Sequence[Person], influence: Mapping[str, Influence]) -> float | None:
    """The share of influence whose holders' position is known."""
    total = sum(influence[person.contact_id].score for person in people)
    if total <= 0:
        return None
    known = (person for person in people if person.stance is not Stance.UNKNOWN)
    return sum(influence[person.contact_id].score for person in known) / total


def in_conflict(links: Iterable[LinkFacts]) -> set[frozenset[str]]:
    return {frozenset({link.from_id, link.to_id}) for link in links if link.kind is LinkKind.IN_CONFLICT_WITH}


def plan_for(
    target: Person,
    supporters: Iterable[Person],
    ways: Ways,
    conflicts: Collection[frozenset[str]],
    manager_id: str | None,
    exposure: float,
) -> BlockerPlan:
    """Who could win somebody over, best first: supporters who move the person and whom we know.

    Nobody in conflict with the person is sent to them.
    """
    allies: list[Ally] = []
    left_out: list[Person] = []
    for person in supporters:
        way = ways.get(person.contact_id, {}).get(target.contact_id)
        if way is None:
            continue
        if frozenset({person.contact_id, target.contact_id}) in conflicts:
            left_out.append(person)
            continue
        allies.append(ally_of(person, way))
    return BlockerPlan(
        contact_id=target.contact_id,
        exposure=exposure,
        allies=tuple(sorted(allies, key=lambda ally: (-ally.score, -ally.influence, ally.contact_id))),
        in_conflict=tuple(
            person.contact_id for person in sorted(left_out, key=lambda one: name_order(one.name, one.family_name))
        ),
        manager_id=manager_id,
    )


def ally_of(person: Person, way: Way) -> Ally:
    conviction = CONVICTION[person.stance]
    return Ally(
        contact_id=person.contact_id,
        score=way.score * conviction * person.best_tie,
        influence=way.score,
        conviction=conviction,
        tie=person.best_tie,
        via=way.via,
        ask=ask(person),
    )


def ask(person: Person) -> KnownBy | None:
    """Whom of ours to ask about somebody: the best tie."""
    return person.known_by[0] if person.known_by else None


def needed_people(rule: ConsensusRule, people: Iterable[Person]) -> list[Person]:
    """Whose agreement counts."""
    named = set(rule.needed_contact_ids)
    if named:
        return [person for person in people if person.contact_id in named]
    return [person for person in people if not rule.needed_roles.isdisjoint(person.roles)]


def veto_people(rule: ConsensusRule, people: Iterable[Person]) -> list[Person]:
    """Who can stop the deal alone."""
    named = set(rule.veto_contact_ids)
    return [person for person in people if person.contact_id in named or not rule.veto_roles.isdisjoint(person.roles)]


def consensus(
    people: Sequence[Person],
    without_part: Sequence[Person],
    influence: Mapping[str, Influence],
    rule: ConsensusRule,
    plan: Callable[[Person], BlockerPlan],
) -> Consensus:
    """Support in numbers, among those who have a part, and in names. `plan` tells who could win somebody over.

    `without_part` are those whom the rule names and of whom nothing is held: their position is unknown.
    """
    shares = shares_of(people, influence)
    mean = mean_stance(shares) if shares else None
    counted = [*people, *without_part]
    needed, veto = needed_people(rule, counted), veto_people(rule, counted)
    count = rule.needed_count if rule.needed_count is not None else len(needed)
    agreed = [person for person in needed if person.stance.supports]
    both = [*needed, *(person for person in veto if person not in needed)]
    opposed = [person for person in both if person.stance.opposes]
    missing = [
        person
        for person in both
        if person.stance in UNDECIDED and (person in needed or person.stance is Stance.UNKNOWN)
    ]
    in_the_way = [person for person in veto if person.stance.opposes or person.stance is Stance.UNKNOWN]
    return Consensus(
        support=(mean / 2 + 1) / 2 if mean is not None else None,
        known_share=known_share(people, influence),
        blocker_exposure=sum(exposures_of(shares).values(), 0.0) if shares else None,
        mean_stance=mean,
        shares=tuple(
            Factor(
                key=person.contact_id,
                label=person.stance.label,
                value=(person.stance.value_for_us or 0) / 2,
                weight=share,
                points=share * ((person.stance.value_for_us or 0) / 2 + 1) / 2,
            )
            for person, share in shares
        ),
        reached=len(agreed) >= count and not in_the_way if needed or veto else None,
        needed=in_name_order(needed),
        needed_count=count,
        veto=in_name_order(veto),
        agreed=in_name_order(agreed),
        missing=in_name_order(missing),
        opposed=in_name_order(opposed),
        without_part=in_name_order(without_part),
        people_to_win=people_to_win(needed, in_the_way, count - len(agreed), plan),
    )


def in_name_order(people: Iterable[Person]) -> tuple[str, ...]:
    ordered = sorted(people, key=lambda person: name_order(person.name, person.family_name))
    return tuple(person.contact_id for person in ordered)


def people_to_win(
    needed: Sequence[Person], in_the_way: Sequence[Person], lacking: int, plan: Callable[[Person], BlockerPlan]
) -> tuple[PersonToWin, ...]:
    """The veto holders in the way, and as many of the needed as are lacking, easiest first.

    Somebody needed who also holds a veto counts for both.
    """

    def best(person: Person) -> Ally | None:
        return next((ally for ally in plan(person).allies if ally.score > 0), None)

    def ease(person: Person) -> tuple[bool, float, float, tuple[str, str]]:
        ally = best(person)
        return (
            person.stance.opposes,
            -(ally.score if ally is not None else 0.0),
            -person.best_tie,
            name_order(person.name, person.family_name),
        )

    chosen = list(in_the_way)
    lacking -= sum(person in needed for person in in_the_way)
    others = [person for person in needed if not person.stance.supports and person not in in_the_way]
    chosen += sorted(others, key=ease)[: max(0, lacking)]
    return tuple(to_win(person, best(person)) for person in sorted(chosen, key=ease))


def to_win(person: Person, ally: Ally | None) -> PersonToWin:
    return PersonToWin(
        contact_id=person.contact_id,
        through=(ally.contact_id, *ally.via) if ally is not None else (),
        score=ally.score if ally is not None else None,
        ask=ally.ask if ally is not None else None,
    )
