"""How much weight somebody carries: by rank, by their part in the decision, by whom they move, and as stated.

Every score names its terms; their points sum to it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from graph_crm.contacts.types import Seniority
from graph_crm.language import Sentence, say, say_plural
from graph_crm.stakeholders.answer import Factor, Influence
from graph_crm.stakeholders.facts import LinkFacts
from graph_crm.stakeholders.types import LIGHT_INFLUENCE, BuyingRole, InfluenceLevel, LinkKind, decision_weight

FORMAL_SENIORITY, FORMAL_REPORTS = 0.7, 0.3
FORMAL, AUTHORITY, REACH = 0.35, 0.35, 0.30
MANAGER_MOVES_REPORT = 0.5
LONGEST_WAY = 3
NOTHING_KNOWN = 0.3
KEY_PLAYER = 0.6
NAMED_TARGETS = 2

# Below it only rounding is left of a sum: the lightest role weighs a tenth.
LEAST_SAY = 1e-9


class Weighed(Protocol):
    """What influence is computed from."""

    @property
    def contact_id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def seniority(self) -> Seniority: ...
    @property
    def roles(self) -> tuple[BuyingRole, ...]: ...
    @property
    def influence_level(self) -> InfluenceLevel: ...
    @property
    def confidence(self) -> float: ...


@dataclass(frozen=True, slots=True)
class Way:
    """The best way from one person to another: the product of its links, and who stands between."""

    score: float
    via: tuple[str, ...] = ()


Ways = Mapping[str, Mapping[str, Way]]
NOWHERE: Mapping[str, float] = {}


def reporting(links: Iterable[LinkFacts], people: Iterable[str]) -> dict[str, str]:
    """Who reports to whom: one manager each, and no circle: old data may hold one, it is cut at its smallest id."""
    known = set(people)
    managers: dict[str, str] = {}
    for link in sorted(links, key=lambda link: (link.from_id, link.to_id)):
        if link.kind is LinkKind.REPORTS_TO and {link.from_id, link.to_id} <= known and link.from_id != link.to_id:
            managers.setdefault(link.from_id, link.to_id)
    for contact_id in sorted(managers):
        above = managers.get(contact_id)
        seen = {contact_id}
        while above is not None and above not in seen:
            seen.add(above)
            above = managers.get(above)
        if above == contact_id:
            del managers[contact_id]
    return managers


def all_reports(managers: Mapping[str, str]) -> dict[str, int]:
    """How many people report to each, directly or not."""
    counts: dict[str, int] = {}
    for contact_id in managers:
        above = managers.get(contact_id)
        while above is not None:
            counts[above] = counts.get(above, 0) + 1
            above = managers.get(above)
    return counts


def moves(
    links: Iterable[LinkFacts], managers: Mapping[str, str], people: Iterable[str]
) -> dict[str, dict[str, float]]:
    """Who moves whom directly: stated influences, and every manager the people below.

    An influence that holds for one deal alone takes the place of the general one.
    """
    known = set(people)
    stated: dict[tuple[str, str], tuple[bool, float]] = {}
    for link in links:
        if link.kind is LinkKind.INFLUENCES and {link.from_id, link.to_id} <= known and link.from_id != link.to_id:
            weight = link.weight if link.weight is not None else LIGHT_INFLUENCE
            pair = (link.from_id, link.to_id)
            stated[pair] = max(stated.get(pair, (False, 0.0)), (link.opportunity_id is not None, weight))
    direct: dict[str, dict[str, float]] = {}
    for (source, target), (_, weight) in stated.items():
        direct.setdefault(source, {})[target] = weight
    for report, manager in managers.items():
        below = direct.setdefault(manager, {})
        below[report] = max(below.get(report, 0.0), MANAGER_MOVES_REPORT)
    return direct


def best_ways(direct: Mapping[str, Mapping[str, float]], longest: int = LONGEST_WAY) -> dict[str, dict[str, Way]]:
    """The best way of at most three links from everybody to everybody they can move."""
    return {source: ways_from(source, direct, longest) for source in sorted(direct)}


def ways_from(source: str, direct: Mapping[str, Mapping[str, float]], longest: int) -> dict[str, Way]:
    # Of two equal ways the shorter stands, then the one through smaller ids: an answer never changes by itself.
    best: dict[str, tuple[float, tuple[str, ...]]] = {}
    layer: dict[str, tuple[float, tuple[str, ...]]] = {source: (1.0, ())}
    for _ in range(longest):
        following: dict[str, tuple[float, tuple[str, ...]]] = {}
        for tail, (score, via) in layer.items():
            between = (*via, tail) if tail != source else via
            for target, weight in direct.get(tail, NOWHERE).items():
                product = score * weight
                held = following.get(target)
                if held is None or product > held[0] or (product == held[0] and between < held[1]):
                    following[target] = (product, between)
        following.pop(source, None)
        for target, way in following.items():
            if target not in best or way[0] > best[target][0]:
                best[target] = way
        layer = following
    return {target: Way(score, via) for target, (score, via) in best.items() if score > 0}


@dataclass(frozen=True, slots=True)
class Bonds:
    """What joins the people of a map, computed once: who leads whom, and who moves whom by which way."""

    managers: Mapping[str, str]
    ways: Ways


def bonds_of(links: Sequence[LinkFacts], people: Sequence[str]) -> Bonds:
    managers = reporting(links, people)
    return Bonds(managers, best_ways(moves(links, managers, people)))


def influences(people: Sequence[Weighed], bonds: Bonds, *, roles_expected: bool = True) -> dict[str, Influence]:
    """Everybody's influence.

    `roles_expected`: in a deal's map a person without a role decides nothing; in an account's map where nobody has
    a role yet, that says nothing.
    """
    managers, ways = bonds.managers, bonds.ways
    reports = all_reports(managers)
    on_a_line = set(managers) | set(managers.values())
    most = max(reports.values(), default=0)
    authorities = {person.contact_id: decision_weight(person.roles) for person in people}
    if not roles_expected and not any(authorities.values()):
        authorities = {}
    names = {person.contact_id: person.name for person in people}
    return {
        person.contact_id: influence_of(
            person,
            formal=formal_of(
                person.seniority,
                reports=reports.get(person.contact_id, 0),
                most=most,
                on_a_line=person.contact_id in on_a_line,
            ),
            authority=authorities.get(person.contact_id),
            reach=reach_of(person.contact_id, ways, authorities) if ways else None,
            reports=reports.get(person.contact_id, 0),
            moved=moved_by(person.contact_id, ways, authorities, names),
        )
        for person in people
    }


def formal_of(seniority: Seniority, *, reports: int, most: int, on_a_line: bool) -> float | None:
    """Rank and the number of people below; what is not known is left out."""
    chart = math.log1p(reports) / math.log1p(most) if on_a_line and most > 0 else None
    weight = seniority.weight
    if weight is None or chart is None:
        return weight if chart is None else chart
    return FORMAL_SENIORITY * weight + FORMAL_REPORTS * chart


def reach_of(contact_id: str, ways: Ways, authorities: Mapping[str, float]) -> float | None:
    """The share of all others' say in the decision that this person can move."""
    others = sum(authorities.values()) - authorities.get(contact_id, 0.0)
    if others < LEAST_SAY:
        return None
    moved = ways.get(contact_id, {})
    return sum(authorities.get(target, 0.0) * way.score for target, way in moved.items()) / others


def moved_by(
    contact_id: str, ways: Ways, authorities: Mapping[str, float], names: Mapping[str, str]
) -> list[tuple[str, float]]:
    """Who of those that count is moved most, with the strength of the way."""
    targets = sorted(
        ((authorities.get(target, 0.0) * way.score, target) for target, way in ways.get(contact_id, {}).items()),
        key=lambda one: (-one[0], one[1]),
    )
    return [
        (names[target], ways[contact_id][target].score) for weight, target in targets[:NAMED_TARGETS] if weight > 0
    ]


def influence_of(
    person: Weighed,
    *,
    formal: float | None,
    authority: float | None,
    reach: float | None,
    reports: int = 0,
    moved: Sequence[tuple[str, float]] = (),
) -> Influence:
    terms = [
        (key, label, value, weight)
        for key, label, value, weight in (
            ("formal", say("Rank"), formal, FORMAL),
            ("authority", say("Part in the decision"), authority, AUTHORITY),
            ("reach", say("Whom they move"), reach, REACH),
        )
        if value is not None
    ]
    if not terms:
        terms = [("nothing", say("Nothing known"), NOTHING_KNOWN, 1.0)]
    total = sum(weight for _, _, _, weight in terms)
    computed = sum(weight * value for _, _, value, weight in terms) / total
    stated = person.influence_level.score
    confidence = person.confidence if stated is not None else 0.0
    factors = [
        Factor(
            key=key,
            label=label,
            value=value,
            weight=(1 - confidence) * weight / total,
            points=(1 - confidence) * weight * value / total,
        )
        for key, label, value, weight in terms
    ]
    if stated is not None:
        label = say("As stated")
        factors.append(Factor(key="stated", label=label, value=stated, weight=confidence, points=confidence * stated))
    return Influence(
        score=computed if stated is None else confidence * stated + (1 - confidence) * computed,
        formal=formal,
        authority=authority,
        reach=reach,
        computed=computed,
        stated=stated,
        stated_confidence=confidence if stated is not None else None,
        low_evidence=reach is None and stated is None,
        factors=tuple(factors),
        reasons=tuple(reasons_of(person, formal, authority, reach, reports, moved)),
    )


def reasons_of(
    person: Weighed,
    formal: float | None,
    authority: float | None,
    reach: float | None,
    reports: int,
    moved: Sequence[tuple[str, float]],
) -> list[Sentence]:
    reasons: list[Sentence] = []
    if person.influence_level is not InfluenceLevel.UNKNOWN:
        level = person.influence_level.label
        reasons.append(
            say("{level}, as stated (confidence {confidence}).", level=level, confidence=person.confidence)
        )
    if person.seniority is not Seniority.UNKNOWN:
        reasons.append(say("Rank: {level}.", level=person.seniority.label))
    if reports:
        reasons.append(say_plural("{count} person reports here.", "{count} people report here.", count=reports))
    if authority and person.roles:
        heaviest = max(person.roles, key=lambda role: role.decision_weight)
        reasons.append(say("{role}: {weight} of a say.", role=heaviest.label, weight=authority))
    reasons.extend(say("Moves {name} ({score}).", name=name, score=score) for name, score in moved)
    if reach is not None and not moved:
        reasons.append(say("Moves nobody who counts in the decision, as far as we know."))
    if formal is None and not authority and reach is None and person.influence_level is InfluenceLevel.UNKNOWN:
        reasons.append(say("Nothing is known of rank, part or links: {score} is assumed.", score=NOTHING_KNOWN))
    return reasons


def key_player(influence: Influence, level: InfluenceLevel) -> bool:
    """Somebody without whom a deal is hardly won: by what we see, or as stated at least MEDIUM.

    A score from title and role alone makes nobody a key player.
    """
    if level in {InfluenceLevel.HIGH, InfluenceLevel.MEDIUM}:
        return True
    return influence.reach is not None and influence.score >= KEY_PLAYER
