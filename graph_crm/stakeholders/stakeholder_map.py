"""From the facts that one statement returns to the map that people read.

A viewer who may not read judgements gets nothing that holds one: no stance, influence, agreement, status or order
by influence, and no link that is an opinion.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

from graph_crm.stakeholders.answer import (
    Badge,
    BlockerPlan,
    Consensus,
    Influence,
    MapPerson,
    Placement,
    RoleCoverage,
    StakeholderMap,
)
from graph_crm.stakeholders.consensus import (
    consensus,
    exposures_of,
    in_conflict,
    needed_people,
    plan_for,
    shares_of,
    veto_people,
)
from graph_crm.stakeholders.coverage import (
    champion_strength,
    coverage_score,
    our_exchanges,
    seats_of,
    their_exchanges,
    threads_of,
)
from graph_crm.stakeholders.facts import (
    DEFAULT_ROLE_TEMPLATE,
    ConsensusRule,
    MapFacts,
    ScopeKind,
    SeatFacts,
    StakeholderFacts,
)
from graph_crm.stakeholders.influence import Bonds, bonds_of, influences, key_player, reporting
from graph_crm.stakeholders.people import Person, folded, named_people, people_of
from graph_crm.stakeholders.status import Standing, reasons_of, status_of
from graph_crm.stakeholders.types import JUDGEMENT_LINKS, InfluenceLevel, Stance
from graph_crm.ties.strength import DEFAULT_PARAMETERS, TieParameters

MOST_PEOPLE = 120

Order = Callable[[Person], tuple[object, ...]]


def stakeholder_map(
    facts: MapFacts,
    *,
    as_of: dt.datetime,
    known_at: dt.datetime,
    viewer_id: str | None = None,
    judgements: bool = True,
    known_at_is_past: bool = False,
    parameters: TieParameters = DEFAULT_PARAMETERS,
) -> StakeholderMap:
    """The map of a deal or of an account, as this viewer may see it."""
    if not judgements:
        facts = without_judgements(facts, as_of)
    everybody = people_of(facts, as_of, viewer_id, parameters)
    bonds = bonds_of(facts.links, [person.contact_id for person in everybody])
    all_influence = influences(everybody, bonds, roles_expected=facts.scope.kind is ScopeKind.OPPORTUNITY)
    order = by_influence(all_influence) if judgements else by_name
    people = sorted(everybody, key=order)[:MOST_PEOPLE]
    shown = {person.contact_id for person in people}
    links = [link for link in facts.links if {link.from_id, link.to_id} <= shown]
    managers = bonds.managers if len(shown) == len(everybody) else reporting(links, shown)
    rule = facts.consensus_rule or ConsensusRule()
    named = [
        person
        for person in (*everybody, *named_people(facts, as_of, viewer_id))
        if not person.has_part and rule.names(person.contact_id)
    ]
    judged = judge(facts, people, named, all_influence, bonds, rule) if judgements else None
    standing = judged.standing if judged is not None else None
    status = status_of(standing) if standing is not None else None
    cards = Cards(people, managers, rule, judged)
    return StakeholderMap(
        scope=facts.scope,
        as_of=as_of,
        known_at=known_at,
        known_at_is_past=known_at_is_past,
        judgements=judgements,
        status=status,
        reasons=reasons_of(standing, status) if standing is not None and status is not None else (),
        people=tuple(cards.card(person, depth) for person, depth in reading_order(people, managers)),
        links=tuple(sorted(links, key=lambda link: link.id)),
        seats=(
            judged.coverage.seats
            if judged is not None
            else seats_of(template_of(facts), with_part(people), None, facts.scope.probability)
        ),
        consensus=judged.standing.consensus if judged is not None else None,
        role_coverage=judged.coverage if judged is not None else None,
        left_out=max(facts.people_in_all or 0, len(everybody)) - len(people),
    )


def by_influence(influence: Mapping[str, Influence]) -> Order:
    """Those with a part first, then by weight; the names settle what is equal."""

    def order(person: Person) -> tuple[object, ...]:
        score = influence[person.contact_id].score
        return (not person.has_part, -round(score, 9), folded(person.name), person.contact_id)

    return order


def by_name(person: Person) -> tuple[object, ...]:
    return (folded(person.name), person.contact_id)


def with_part(people: Iterable[Person]) -> list[Person]:
    return [person for person in people if person.has_part]


def template_of(facts: MapFacts) -> tuple[SeatFacts, ...]:
    return facts.role_template or DEFAULT_ROLE_TEMPLATE


@dataclass(frozen=True, slots=True)
class Judged:
    """What is computed from judgements."""

    influence: Mapping[str, Influence]
    standing: Standing
    coverage: RoleCoverage


def judge(
    facts: MapFacts,
    people: Sequence[Person],
    named: Sequence[Person],
    influence: Mapping[str, Influence],
    bonds: Bonds,
    rule: ConsensusRule,
) -> Judged:
    """Agreement and coverage among those who have a part, most influential first.

    `named` are those without one whom the rule names.
    """
    parts = with_part(people)
    ways = bonds.ways
    conflicts = in_conflict(facts.links)
    exposures = exposures_of(shares_of(parts, influence))
    supporters = [person for person in parts if person.stance.supports and person.contact_id in ways]

    @cache
    def plan_of(contact_id: str) -> BlockerPlan:
        person = next(one for one in (*parts, *named) if one.contact_id == contact_id)
        manager_id = bonds.managers.get(contact_id)
        return plan_for(person, supporters, ways, conflicts, manager_id, exposures.get(contact_id, 0.0))

    def plan(person: Person) -> BlockerPlan:
        return plan_of(person.contact_id)

    agreed: Consensus = consensus(parts, named, influence, rule, plan)
    seats = seats_of(template_of(facts), parts, influence, facts.scope.probability)
    score, factors = coverage_score(seats)
    champions = [person for person in parts if person.stance is Stance.CHAMPION]
    blockers = [plan(person) for person in parts if person.stance.opposes]
    coverage = RoleCoverage(
        score=score,
        factors=factors,
        seats=seats,
        their_threads=threads_of(their_exchanges(parts)),
        our_threads=threads_of(our_exchanges(parts), ours=True),
        champions=tuple(champion_strength(person, parts, influence, ways) for person in champions),
        blockers=tuple(sorted(blockers, key=lambda plan: (-plan.exposure, plan.contact_id))),
    )
    names = {person.contact_id: person.name for person in (*people, *named)}
    standing = Standing(
        people=parts, without_part=named, names=names, influence=influence, consensus=agreed, seats=seats
    )
    return Judged(influence, standing, coverage)


def reading_order(people: Sequence[Person], managers: Mapping[str, str]) -> Iterable[tuple[Person, int]]:
    """Down the reporting lines, siblings as given; then those on no line, then those outside."""
    leading = set(managers.values())
    below: dict[str | None, list[Person]] = {}
    for person in people:
        if person.contact_id in managers or person.contact_id in leading:
            below.setdefault(managers.get(person.contact_id), []).append(person)
    waiting = [(person, 0) for person in reversed(below.get(None, []))]
    while waiting:
        person, depth = waiting.pop()
        yield person, depth
        waiting.extend((report, depth + 1) for report in reversed(below.get(person.contact_id, [])))
    alone = [person for person in people if person.contact_id not in managers and person.contact_id not in leading]
    yield from ((person, 0) for person in alone if person.here)
    yield from ((person, 0) for person in alone if not person.here)


class Cards:
    """Makes the card of each person."""

    def __init__(
        self, people: Sequence[Person], managers: Mapping[str, str], rule: ConsensusRule, judged: Judged | None
    ) -> None:
        self.managers = managers
        self.on_a_line = set(managers) | set(managers.values())
        self.needed = {person.contact_id for person in needed_people(rule, people)}
        self.veto = {person.contact_id for person in veto_people(rule, people)}
        self.judged = judged
        self.to_win = (
            {one.contact_id for one in judged.standing.consensus.people_to_win} if judged is not None else set[str]()
        )

    def card(self, person: Person, depth: int) -> MapPerson:
        contact_id = person.contact_id
        influence = self.judged.influence[contact_id] if self.judged is not None else None
        is_key = influence is not None and person.has_part and key_player(influence, person.influence_level)
        shown = person.has_part and self.judged is not None
        return MapPerson(
            id=person.stakeholder.id if person.stakeholder is not None else contact_id,
            contact_id=contact_id,
            stakeholder_id=person.stakeholder.id if person.stakeholder is not None else None,
            name=person.name,
            family_name=person.family_name,
            title=person.title,
            seniority=person.seniority,
            placement=self.placement(person),
            manager_id=self.managers.get(contact_id),
            depth=depth,
            roles=person.roles,
            is_primary=person.is_primary,
            must_agree=contact_id in self.needed,
            veto=contact_id in self.veto,
            engaged=person.engaged,
            coverage=person.coverage,
            known_by=person.known_by,
            badges=tuple(self.badges(person, is_key=is_key)),
            stance=person.stance if shown else None,
            influence_level=person.influence_level if shown else None,
            confidence=person.confidence if shown else None,
            influence=influence,
            key_player=is_key if self.judged is not None else None,
            to_win=contact_id in self.to_win if self.judged is not None else None,
            part=person.stakeholder,
        )

    def placement(self, person: Person) -> Placement:
        if person.contact_id in self.on_a_line:
            return Placement.LINE
        return Placement.NO_LINE if person.here else Placement.OUTSIDE

    def badges(self, person: Person, *, is_key: bool) -> Iterable[Badge]:
        marks = {
            Badge.KEY_PLAYER: is_key,
            Badge.MUST_AGREE: person.contact_id in self.needed,
            Badge.VETO: person.contact_id in self.veto,
            Badge.TO_WIN: person.contact_id in self.to_win,
            Badge.PRIMARY: person.is_primary,
            Badge.ONLY_THROUGH_ONE: len(person.reached_by) == 1,
            Badge.NOT_REACHED: not person.known_by,
            Badge.OUTSIDE: not person.here,
            Badge.NO_PART: not person.has_part,
        }
        return (badge for badge, holds in marks.items() if holds)


def without_judgements(facts: MapFacts, as_of: dt.datetime) -> MapFacts:
    """The facts without what is thought of people, and without what tells when a thought changed."""
    people = tuple(
        replace(person, stakeholders=tuple(without_judgement(part, as_of) for part in person.stakeholders))
        for person in facts.people
    )
    links = tuple(link for link in facts.links if link.kind not in JUDGEMENT_LINKS)
    return replace(facts, people=people, links=links)


def without_judgement(part: StakeholderFacts, as_of: dt.datetime) -> StakeholderFacts:
    """The part with its roles alone: nothing of what is thought of the person."""
    return replace(
        part,
        assessment=replace(
            part.assessment,
            id=part.id,
            valid_from=as_of,
            valid_to=None,
            recorded_at=as_of,
            superseded_at=None,
            stance=Stance.UNKNOWN,
            influence_level=InfluenceLevel.UNKNOWN,
            confidence=0.0,
            note=None,
            basis=None,
            author_id=None,
            review_by=None,
            source_label=None,
        ),
    )
