"""Small worlds of people and ties, the answers a database would give about them, and paths found the slow way."""

from __future__ import annotations

import itertools
import math
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import networkx

from graph_crm.contacts.types import Seniority
from graph_crm.paths.frontier import Asked, Question
from graph_crm.paths.types import (
    PathFrom,
    PathPerson,
    PathRequest,
    PathTeam,
    PathTie,
    Standing,
    Surroundings,
)
from graph_crm.stakeholders.types import Stance
from graph_crm.ties.types import TieBasis, TieVisibility

LYON = PathTeam("lyon", "Lyon", 3)
LONDON = PathTeam("london", "London", 2)


def person(name: str, **more: object) -> PathPerson:
    return PathPerson(id=name, name=name, **more)  # pyright: ignore[reportArgumentType]


@dataclass
class World:
    people: dict[str, PathPerson]
    ties: list[PathTie]
    targets: dict[str, float | None]
    asked: list[Asked] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.by_end: dict[str, list[PathTie]] = {}
        for tie in self.ties:
            self.by_end.setdefault(tie.first_id, []).append(tie)
            self.by_end.setdefault(tie.second_id, []).append(tie)
        self.people = {
            person_id: replace(somebody, degree=len(self.by_end.get(person_id, [])))
            for person_id, somebody in self.people.items()
        }

    def everything(self) -> Surroundings:
        return Surroundings(people=list(self.people.values()), ties=list(self.ties), targets=dict(self.targets))

    def ask(self, asked: Asked) -> Surroundings:
        """What a database would answer, and nothing more than what was asked."""
        self.asked.append(asked)
        parameters = asked.parameters
        match asked.question:
            case Question.ENDS:
                asker_id = parameters["asker_id"]
                ties, more = list(self.of(self.targets)), set(self.targets)
                if asker_id is not None:
                    ties, more = [*ties, *self.of([asker_id])], more | {asker_id}
                if parameters["with_colleagues"]:
                    more |= {one.id for one in self.people.values() if one.is_user and one.active}
            case Question.MIDDLE:
                others = set(parameters["others"])
                ties = [
                    tie for one in parameters["people"] for tie in self.of([one]) if other_end(tie, one) in others
                ]
                more = set[str]()
            case Question.EXPANSION:
                ours = [
                    tie
                    for one in parameters["our_ties_of"]
                    for tie in self.of([one])
                    if self.people[other_end(tie, one)].is_user
                ]
                ties, more = [*self.of(parameters["all_ties_of"]), *ours], set[str]()
            case Question.PEOPLE:
                pairs = set(parameters["pairs"])
                return Surroundings(
                    people=[self.people[one] for one in parameters["people"]],
                    ties=[tie for tie in self.ties if (tie.first_id, tie.second_id) in pairs],
                )
        fresh_since = parameters["fresh_since"]
        kept = [
            tie
            for tie in ties
            if tie.strength >= parameters["min_strength"]
            and (tie.visibility is not TieVisibility.PRIVATE or tie.owner_id == parameters["viewer_id"])
            and (fresh_since is None or max(tie.last_at or 0, tie.stated_at or 0) >= fresh_since)
        ]
        ends = more | {end for tie in kept for end in (tie.first_id, tie.second_id)}
        found = Surroundings(
            people=[self.light(end, parameters) for end in sorted(ends)],
            ties=[self.light_tie(tie, parameters) for tie in kept],
        )
        if asked.question is Question.ENDS:
            found.targets = dict(self.targets)
        return found

    def light(self, person_id: str, parameters: dict[str, Any]) -> PathPerson:
        """The little that a search reads of everybody."""
        whole = self.people[person_id]
        return PathPerson(
            id=whole.id,
            name="",
            is_user=whole.is_user,
            active=whole.active,
            opted_out=whole.opted_out,
            do_not_contact=whole.do_not_contact,
            degree=whole.degree,
            teams=tuple(PathTeam(team.id, "", 0) for team in whole.teams) if parameters["with_teams"] else (),
            known=False,
            assessed=bool(whole.standings) or whole.willing_to_introduce is not None,
        )

    def light_tie(self, tie: PathTie, parameters: dict[str, Any]) -> PathTie:
        light = PathTie(
            tie.first_id,
            tie.second_id,
            tie.strength,
            visibility=tie.visibility,
            owner_id=tie.owner_id,
            detailed=False,
        )
        if tie.visibility is not TieVisibility.EXISTS_BUT_ASK or tie.owner_id in (None, parameters["viewer_id"]):
            return light
        ours = next(self.people[end] for end in (tie.second_id, tie.first_id) if self.people[end].is_user)
        return light._replace(groups=tuple(team for team in ours.teams if team.active_members >= 3))

    def of(self, people: object) -> Iterator[PathTie]:
        for one in people:  # pyright: ignore[reportGeneralTypeIssues]
            yield from self.by_end.get(one, [])


def other_end(tie: PathTie, person_id: str) -> str:
    return tie.second_id if tie.first_id == person_id else tie.first_id


# ------------------------------------------------------------------------------------------ the slow way


@dataclass(frozen=True)
class Slow:
    score: float
    ids: tuple[str, ...]

    @property
    def order(self) -> tuple[float, int, tuple[str, ...]]:
        return round(-math.log(self.score), 12), len(self.ids), self.ids


def slow_willingness(somebody: PathPerson) -> float:
    if somebody.is_user:
        return 1.0
    if somebody.willing_to_introduce is not None:
        return somebody.willing_to_introduce
    if any(one.at_target and one.stance is Stance.SKEPTIC for one in somebody.standings):
        return 0.3
    scores = {
        Stance.CHAMPION: 1.0,
        Stance.SUPPORTER: 0.95,
        Stance.NEUTRAL: 0.8,
        Stance.SKEPTIC: 0.3,
        Stance.BLOCKER: 0.3,
    }
    return max((scores[one.stance] for one in somebody.standings if one.stance in scores), default=0.8)


def slow_paths(world: World, request: PathRequest) -> list[Slow]:
    """Every path that the rules allow, best first, from a list of all simple paths of the graph."""
    people = dict(world.people)
    graph: networkx.Graph = networkx.Graph()
    nobodies: dict[str, list[tuple[float, PathPerson]]] = {}
    for tie in world.ties:
        if tie.strength < max(request.min_strength, 1e-300):
            continue
        if request.fresh_since is not None and max(tie.last_at or 0, tie.stated_at or 0) < request.fresh_since:
            continue
        mine = tie.owner_id == request.viewer_id
        if tie.visibility is TieVisibility.PRIVATE and not mine:
            continue
        first, second = people[tie.first_id], people[tie.second_id]
        ours, theirs = (first, second) if first.is_user else (second, first)
        if tie.visibility is TieVisibility.EXISTS_BUT_ASK and not mine and ours.is_user and not theirs.is_user:
            nobodies.setdefault(theirs.id, []).append((tie.strength, ours))
        else:
            graph.add_edge(tie.first_id, tie.second_id, strength=tie.strength)
    asker = people[request.asker]
    named_team: dict[str, str | None] = {}
    for contact_id, hidden in nobodies.items():
        number = 0
        for strength, ours in sorted(hidden, key=lambda pair: -pair[0]):
            if not ours.active or ours.opted_out or ours.id in request.avoid:
                continue
            shown = sorted(team.name for team in ours.teams if team.active_members >= 3)
            if request.start is PathFrom.TEAM:
                team_names = {team.id: team.name for team in ours.teams}
                if team_names.get(request.team_id or "") not in shown:
                    continue
            number += 1
            nobody = person(f"hidden:{contact_id}:{number}", is_user=True)
            people[nobody.id] = nobody
            named_team[nobody.id] = shown[0] if shown else None
            graph.add_edge(nobody.id, contact_id, strength=strength)
    if request.start is PathFrom.ME:
        for other in list(people.values()):
            if not other.is_user or other.id == asker.id:
                continue
            mine = {team.name for team in asker.teams}
            theirs = {named_team[other.id]} if other.id in named_team else {team.name for team in other.teams}
            declared = 0.7 if mine & theirs else 0.5
            known = graph.get_edge_data(asker.id, other.id, {"strength": 0})["strength"]
            if max(declared, known) >= request.min_strength:
                graph.add_edge(asker.id, other.id, strength=max(declared, known))

    def may_start(somebody: PathPerson) -> bool:
        if request.start is PathFrom.ME:
            return somebody.id == asker.id
        if not somebody.is_user or not somebody.active or somebody.opted_out or somebody.id in request.avoid:
            return False
        return (
            request.start is PathFrom.ANYONE
            or somebody.id in named_team
            or any(team.id == request.team_id for team in somebody.teams)
        )

    def is_allowed(path: list[str]) -> bool:
        walkers = [people[one] for one in path]
        if any(may_start(one) for one in walkers[1:]):
            return False
        for position, one in enumerate(walkers[1:-1], start=1):
            if one.id in request.avoid or not one.may_stand_between:
                return False
            if one.is_user and (request.start is not PathFrom.ME or position > 1):
                return False
            if one.id in world.targets:
                ahead, here = world.targets[path[-1]], world.targets[one.id]
                if ahead is None or here is None or here >= ahead:
                    return False
        return path[-1] not in request.avoid

    def score(path: list[str]) -> float:
        total = 1.0
        for one, other in itertools.pairwise(path):
            total *= graph[one][other]["strength"]
        for one in path[1:-1]:
            total *= 0.8 * slow_willingness(people[one])
        if len(path) > 2:
            low, high = people[path[-2]].seniority.rank, people[path[-1]].seniority.rank
            if low and high and high - low > 1:
                total *= max(0.6, 1 - 0.1 * (high - low - 1))
        influence = world.targets[path[-1]]
        return total if influence is None else total * (0.5 + 0.5 * influence)

    found: list[Slow] = []
    for source in [one.id for one in people.values() if may_start(one) and one.id in graph]:
        for target in world.targets:
            if target == source or target not in graph:
                continue
            for path in networkx.all_simple_paths(graph, source, target, cutoff=request.max_hops):
                total = score(path)
                if is_allowed(path) and total > 0:
                    found.append(Slow(total, tuple(path)))
    return sorted(found, key=lambda one: one.order)


# ------------------------------------------------------------------------------------------ random worlds


def random_case(chance: random.Random) -> tuple[World, PathRequest]:
    """A world of a few people, with every rule of the score touched now and then, and a question about it."""
    users = [f"user {letter}" for letter in "abcd"[: chance.randint(1, 4)]]
    contacts = [f"contact {letter}" for letter in "abcdefgh"[: chance.randint(3, 8)]]
    people = {
        name: person(
            name,
            is_user=True,
            active=chance.random() > 0.1 or name == users[0],
            opted_out=chance.random() < 0.05,
            teams=tuple(team for team in (LYON, LONDON) if chance.random() < 0.5),
        )
        for name in users
    }
    for name in contacts:
        standings = tuple(
            Standing(chance.choice(list(Stance)), at_target=chance.random() < 0.3)
            for _ in range(chance.choice([0, 0, 1, 2]))
        )
        people[name] = person(
            name,
            do_not_contact=chance.random() < 0.05,
            restricted=chance.random() < 0.03,
            at_competitor=chance.random() < 0.05,
            seniority=chance.choice(list(Seniority)),
            standings=standings,
            willing_to_introduce=chance.choice([None] * 8 + [0.0, 0.5, 1.0]),
        )
    names = [*users, *contacts]
    strengths = [0.02, 0.05, 0.3, 0.5, 0.5, 0.8, 0.9] if chance.random() < 0.5 else None
    density = chance.choice([0.4, 0.6, 0.9])
    ties = []
    for position, name in enumerate(names):
        for other in names[position + 1 :]:
            if chance.random() >= density:
                continue
            ours = [one for one in (name, other) if people[one].is_user]
            ties.append(
                PathTie(
                    *sorted((name, other)),
                    chance.choice(strengths) if strengths else chance.random(),
                    basis=chance.choice([TieBasis.OBSERVED, TieBasis.STATED]),
                    last_at=float(chance.randint(800, 1000)),
                    visibility=chance.choice(
                        [
                            TieVisibility.SHARED,
                            TieVisibility.SHARED,
                            TieVisibility.EXISTS_BUT_ASK,
                            TieVisibility.PRIVATE,
                        ]
                    )
                    if ours and chance.random() < 0.4
                    else TieVisibility.SHARED,
                    owner_id=chance.choice(ours) if ours else None,
                )
            )
    start = chance.choice(list(PathFrom))
    wanted = chance.sample(contacts, min(len(contacts), chance.randint(1, 3)))
    to_account = len(wanted) > 1 or chance.random() < 0.2
    targets: dict[str, float | None] = {
        name: (chance.choice([0.2, 0.5, 0.5, 0.9]) if to_account else None) for name in wanted
    }
    request = PathRequest(
        viewer_id=users[0],
        as_of=1000.0,
        to_contact=None if to_account else wanted[0],
        to_account="account" if to_account else None,
        start=start,
        team_id=chance.choice(["lyon", "london"]) if start is PathFrom.TEAM else None,
        max_hops=chance.randint(1, 4),
        first=chance.randint(1, 6),
        min_strength=chance.choice([0.0, 0.05, 0.05, 0.4]),
        max_stale_days=chance.choice([None] * 7 + [100]),
        avoid=frozenset(chance.sample(names[1:], 1)) if chance.random() < 0.2 else frozenset(),
        diversify=chance.random() < 0.3,
    )
    return World(people, ties, targets), request
