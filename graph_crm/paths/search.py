"""The best chains of people to somebody, exactly.

Every factor of a path's score is between 0 and 1 and belongs to one of its steps, so that −ln of the factors is a
cost which adds up along the path. From the target backwards the least cost to go is known for every person and
every number of steps left; with it the search takes up partial paths in the order of the best they can become,
and the first k that are complete are the best k.
"""

from __future__ import annotations

import heapq
import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from graph_crm.paths.types import (
    DEFAULT_PATH_PARAMETERS,
    PathBand,
    PathFrom,
    PathParameters,
    PathPerson,
    PathRequest,
    PathStep,
    PathTeam,
    PathTie,
    Surroundings,
    WarmPath,
    WarmPaths,
)
from graph_crm.stakeholders.types import Stance
from graph_crm.ties.strength import colleague_strength, pair_key
from graph_crm.ties.types import TieBasis, TieVisibility

NEVER = math.inf

# Costs closer than this are one cost: paths of equal score come in the order of their length, then of their ids.
SAME = 1e-12

FAVOUR = (Stance.CHAMPION, Stance.SUPPORTER, Stance.NEUTRAL, Stance.SKEPTIC, Stance.BLOCKER)


def willingness(person: PathPerson, parameters: PathParameters = DEFAULT_PATH_PARAMETERS) -> float:
    """How gladly somebody in the middle of a path makes an introduction for us."""
    if person.is_user:
        return 1.0
    if person.willing_to_introduce is not None:
        return person.willing_to_introduce
    if any(standing.at_target and standing.stance is Stance.SKEPTIC for standing in person.standings):
        return parameters.willingness[Stance.SKEPTIC]
    known = {standing.stance for standing in person.standings} - {Stance.UNKNOWN}
    best = next((stance for stance in FAVOUR if stance in known), Stance.UNKNOWN)
    return parameters.willingness[best]


def seniority_factor(
    introducer: PathPerson, target: PathPerson, parameters: PathParameters = DEFAULT_PATH_PARAMETERS
) -> float:
    """An introduction two levels up or more is harder to make."""
    rank, higher = introducer.seniority.rank, target.seniority.rank
    if rank == 0 or higher == 0 or higher - rank <= 1:
        return 1.0
    return max(parameters.least_rank_factor, 1 - parameters.rank_step * (higher - rank - 1))


def target_factor(influence: float | None, parameters: PathParameters = DEFAULT_PATH_PARAMETERS) -> float:
    """Into an account, the people with most influence are worth most; a contact asked for by name counts in full."""
    if influence is None:
        return 1.0
    return parameters.least_target_factor + (1 - parameters.least_target_factor) * influence


def band_of(score: float, parameters: PathParameters = DEFAULT_PATH_PARAMETERS) -> PathBand:
    if score >= parameters.warm:
        return PathBand.WARM
    return PathBand.LUKEWARM if score >= parameters.lukewarm else PathBand.COLD


def cost_of(factor: float) -> float:
    return -math.log(factor) if factor > 0 else NEVER


class Leg(NamedTuple):
    """A step that a path may take. `onward` is its cost inside a path, `final` its cost as the last step."""

    end: str
    onward: float
    final: float
    tie: PathTie


class Place(NamedTuple):
    """Where somebody may stand on a path."""

    starts: bool
    between: bool


class Found(NamedTuple):
    cost: float
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """Paths from the best on, all those that tie with the last one looked at before it was cut."""

    found: list[Found]
    complete: bool
    pops: int


class Network:
    """The people and ties that are known so far, as the steps that a path may take among them.

    It grows with what each question brings, so that the same rules serve a search that reads everything at once
    and one that looks outwards from the target.
    """

    def __init__(self, request: PathRequest, parameters: PathParameters = DEFAULT_PATH_PARAMETERS) -> None:
        self.request = request
        self.parameters = parameters
        self.people: dict[str, PathPerson] = {}
        self.targets: dict[str, float | None] = {}
        self.legs: dict[str, dict[str, Leg]] = {}
        self.tied: defaultdict[str, set[str]] = defaultdict(set)
        self.cut: float = 0.0
        self._ties: set[tuple[str, str]] = set()
        self._hidden: Counter[str] = Counter()
        self._places: dict[str, Place] = {}
        self._leaving: dict[str, float] = {}
        self._greatest_influence = 0.0

    # --- who may stand where

    def place(self, person: PathPerson) -> Place:
        """Where this person may stand. One of ours is in the middle only as the first step of whoever asks."""
        place = self._places.get(person.id)
        if place is None:
            starts = self._may_start(person)
            between = (
                not starts
                and (not person.is_user or self.request.start is PathFrom.ME)
                and person.may_stand_between
                and person.id not in self.request.avoid
            )
            place = self._places[person.id] = Place(starts, between)
        return place

    def _may_start(self, person: PathPerson) -> bool:
        request = self.request
        if request.start is PathFrom.ME:
            return person.id == request.asker
        if not person.is_user or not person.active or person.opted_out or person.id in request.avoid:
            return False
        return request.start is PathFrom.ANYONE or any(team.id == request.team_id for team in person.teams)

    def may_be_reached(self, person: PathPerson) -> bool:
        return person.id in self.targets and person.id not in self.request.avoid

    def may_pass_before_another_target(self, person_id: str) -> bool:
        """A target stands between only where a more influential one can follow."""
        influence = self.targets[person_id]
        return influence is not None and influence < self._greatest_influence

    # --- growing

    def add(self, surroundings: Surroundings) -> None:
        """What one more question found. Who is wanted must come with the first."""
        if surroundings.targets:
            self.targets.update(surroundings.targets)
            self._greatest_influence = max(
                (influence or 0.0 for target, influence in self.targets.items() if target not in self.request.avoid),
                default=0.0,
            )
        for person in surroundings.people:
            self.people.setdefault(person.id, person)
        self.cut = max(self.cut, surroundings.cut or 0.0)
        hidden: list[tuple[PathTie, PathPerson]] = []
        for tie in self._within_the_limit(self._usable(surroundings.ties)):
            self._ties.add(pair_key(tie.first_id, tie.second_id))
            ours = self._hidden_end(tie)
            if ours is None:
                self._join(tie)
            else:
                hidden.append((tie, ours))
        # Numbered from the strongest on, so that the order in which ties were stored tells nothing.
        for tie, ours in sorted(hidden, key=lambda pair: -pair[0].strength):
            self._join_hidden(tie, ours)

    def add_colleagues(self) -> None:
        """Whoever asks knows all the others of ours by membership, some of them better than that."""
        asker = self.people.get(self.request.asker)
        if asker is None or self.request.start is not PathFrom.ME or self.request.max_hops == 1:
            return
        for person in list(self.people.values()):
            if person.is_user and not person.hidden and person.id != asker.id:
                self._join_colleague(asker, person, [team.id for team in person.teams])

    def _usable(self, ties: Iterable[PathTie]) -> list[PathTie]:
        least, fresh_since = self.request.min_strength, self.request.fresh_since
        # A tie between two people who were both asked for comes twice.
        usable: dict[tuple[str, str], PathTie] = {}
        for tie in ties:
            pair = pair_key(tie.first_id, tie.second_id)
            if tie.strength < least or tie.strength <= 0 or pair in self._ties:
                continue
            if fresh_since is not None and max(tie.last_at or 0.0, tie.stated_at or 0.0) < fresh_since:
                continue
            if tie.visibility is TieVisibility.PRIVATE and tie.owner_id != self.request.viewer_id:
                continue
            usable[pair] = tie
        return list(usable.values())

    def _within_the_limit(self, ties: list[PathTie]) -> list[PathTie]:
        room = self.parameters.most_ties - len(self._ties)
        if len(ties) <= room:
            return ties
        ties.sort(key=lambda tie: (-tie.strength, tie.first_id, tie.second_id))
        self.cut = max(self.cut, ties[room].strength)
        return ties[:room]

    def _hidden_end(self, tie: PathTie) -> PathPerson | None:
        """Our end of the tie, when the viewer may know that it is there but not whose it is."""
        if tie.visibility is not TieVisibility.EXISTS_BUT_ASK or tie.owner_id == self.request.viewer_id:
            return None
        first, second = self.people.get(tie.first_id), self.people.get(tie.second_id)
        if first is None or second is None or first.is_user == second.is_user:
            return None
        ours = first if first.is_user else second
        return None if ours.id == self.request.viewer_id else ours

    def _join_hidden(self, tie: PathTie, ours: PathPerson) -> None:
        """The tie, ending in somebody without a name whom nothing joins to any other tie of the same person."""
        if not ours.active or ours.opted_out or ours.id in self.request.avoid:
            return
        group = self._named_group(ours)
        if self.request.start is PathFrom.TEAM and (group is None or group.id != self.request.team_id):
            return
        contact_id = tie.second_id if tie.first_id == ours.id else tie.first_id
        self._hidden[contact_id] += 1
        nobody = PathPerson(
            id=f"hidden:{contact_id}:{self._hidden[contact_id]}",
            name="",
            is_user=True,
            hidden=True,
            group=None if group is None else group.name,
            teams=() if group is None else (group,),
        )
        self.people[nobody.id] = nobody
        unanswered_from = nobody.id if tie.unanswered_from == ours.id else tie.unanswered_from
        self._join(
            tie._replace(first_id=nobody.id, second_id=contact_id, owner_id=None, unanswered_from=unanswered_from)
        )
        asker = self.people.get(self.request.asker)
        if self.request.start is PathFrom.ME and asker is not None and self.request.max_hops > 1:
            self._join_colleague(asker, nobody, [team.id for team in nobody.teams])

    def _named_group(self, ours: PathPerson) -> PathTeam | None:
        """The team that may be named for somebody: one so large that it does not give the name away."""
        large = [team for team in ours.teams if team.active_members >= self.parameters.least_named_group]
        if self.request.start is PathFrom.TEAM:
            large = [team for team in large if team.id == self.request.team_id]
        return min(large, key=lambda team: (team.name, team.id), default=None)

    def _join_colleague(self, asker: PathPerson, colleague: PathPerson, teams: list[str]) -> None:
        strength, basis = colleague_strength([team.id for team in asker.teams], teams, self.parameters.ties)
        known = self.legs.get(asker.id, {}).get(colleague.id)
        if strength < self.request.min_strength or (known is not None and known.tie.strength >= strength):
            return
        self._join(PathTie(asker.id, colleague.id, strength, basis))

    def _join(self, tie: PathTie) -> None:
        first, second = self.people.get(tie.first_id), self.people.get(tie.second_id)
        if first is None or second is None:
            return
        self.tied[first.id].add(second.id)
        self.tied[second.id].add(first.id)
        for start, end in ((first, second), (second, first)):
            leg = self._leg(start, end, tie)
            if leg is not None:
                self.legs.setdefault(start.id, {})[end.id] = leg

    def _leg(self, start: PathPerson, end: PathPerson, tie: PathTie) -> Leg | None:
        """The step along a tie in one direction, or nothing when no path may take it."""
        place = self.place(start)
        if not place.starts and not place.between:
            return None
        cost = cost_of(tie.strength) + (0.0 if place.starts else self._cost_of_leaving(start))
        onward = final = NEVER
        wanted = end.id in self.targets
        if self.may_be_reached(end):
            factor = target_factor(self.targets[end.id], self.parameters)
            if not place.starts:
                factor *= seniority_factor(start, end, self.parameters)
            final = cost + cost_of(factor)
        if (
            self.place(end).between
            and (not end.is_user or start.id == self.request.asker)
            and (not wanted or self.may_pass_before_another_target(end.id))
        ):
            onward = cost
        return None if onward == final == NEVER else Leg(end.id, onward, final, tie)

    def _cost_of_leaving(self, person: PathPerson) -> float:
        cost = self._leaving.get(person.id)
        if cost is None:
            cost = cost_of(self.parameters.introduction * willingness(person, self.parameters))
            self._leaving[person.id] = cost
        return cost

    # --- searching

    def sources(self) -> list[str]:
        return [person_id for person_id in self.legs if self.place(self.people[person_id]).starts]

    def least_costs(self) -> list[dict[str, float]]:
        """For each number of steps left, from each person, the least cost to a target."""
        layers: list[dict[str, float]] = [{}]
        for _ in range(self.request.max_hops):
            shorter = layers[-1]
            layer: dict[str, float] = {}
            for person_id, legs in self.legs.items():
                least = NEVER
                for leg in legs.values():
                    cost = min(leg.final, leg.onward + shorter.get(leg.end, NEVER))
                    least = min(least, cost)
                if least < NEVER:
                    layer[person_id] = least
            layers.append(layer)
        return layers

    def ranking(self, wanted: int, layers: list[dict[str, float]] | None = None) -> Ranking:
        """The best paths in order, cut at `wanted`."""
        longest = self.request.max_hops
        least = self.least_costs() if layers is None else layers
        heap: list[tuple[float, int, tuple[str, ...], float, bool]] = [
            (least[longest][source], 0, (source,), 0.0, False)
            for source in self.sources()
            if source in least[longest]
        ]
        heapq.heapify(heap)
        found: list[Found] = []
        pops = 0
        while heap:
            bound, hops, ids, cost, is_complete = heapq.heappop(heap)
            if len(found) >= wanted and bound > found[wanted - 1].cost + SAME:
                break
            pops += 1
            if pops > self.parameters.most_pops:
                return Ranking(in_order(found)[:wanted], complete=False, pops=pops)
            if is_complete:
                found.append(Found(cost, ids))
                continue
            for leg in self.legs.get(ids[-1], {}).values():
                if leg.end in ids:
                    continue
                path = (*ids, leg.end)
                if leg.final < NEVER and self._outranks(leg.end, ids):
                    heapq.heappush(heap, (cost + leg.final, hops + 1, path, cost + leg.final, True))
                left = longest - hops - 1
                to_go = least[left].get(leg.end, NEVER) + leg.onward
                if to_go < NEVER:
                    heapq.heappush(heap, (cost + to_go, hops + 1, path, cost + leg.onward, False))
        return Ranking(in_order(found)[:wanted], complete=True, pops=pops)

    def _outranks(self, target_id: str, passed: tuple[str, ...]) -> bool:
        """Whether a target has more influence than every other target that the path passed."""
        influence = self.targets[target_id] or 0.0
        return all(influence > (self.targets[person] or 0.0) for person in passed if person in self.targets)

    # --- telling

    def path(self, ids: tuple[str, ...]) -> WarmPath:
        """The path through these people, with every factor of its score."""
        people = [self.people[person_id] for person_id in ids]
        steps = tuple(
            self._step(start, end, is_first=position == 0, is_last=position == len(ids) - 2)
            for position, (start, end) in enumerate(itertools.pairwise(people))
        )
        score = math.prod(step.contribution for step in steps)
        return WarmPath(
            rank=0,
            score=score,
            band=band_of(score, self.parameters),
            steps=steps,
            start_is_asker=self.request.start is PathFrom.ME,
        )

    def _step(self, start: PathPerson, end: PathPerson, *, is_first: bool, is_last: bool) -> PathStep:
        return PathStep(
            start=start,
            end=end,
            tie=self.legs[start.id][end.id].tie,
            willingness=1.0 if is_first else willingness(start, self.parameters),
            hop_penalty=1.0 if is_first else self.parameters.introduction,
            seniority_factor=1.0 if is_first or not is_last else seniority_factor(start, end, self.parameters),
            target_factor=target_factor(self.targets[end.id], self.parameters) if is_last else 1.0,
        )

    def result(self, ranking: Ranking | None = None, *, missed: float = 0.0) -> WarmPaths:
        """The answer. `missed` is the most that a path which was not looked at could score."""
        wanted = self.request.wanted(self.parameters)
        ranked = self.ranking(wanted) if ranking is None else ranking
        pool = [self.path(found.ids) for found in ranked.found]
        chosen = diverse(pool, self.request.first, self.targets, self.parameters) if self.request.diversify else pool
        last = pool[-1].score if len(pool) >= wanted else 0.0
        shared = Counter(introducer_of(path) for path in pool)
        return WarmPaths(
            request=self.request,
            paths=tuple(
                replace(path, rank=rank, alternatives=shared[introducer_of(path)] - 1)
                for rank, path in enumerate(chosen[: self.request.first], start=1)
            ),
            pool=tuple(
                replace(path, rank=rank, alternatives=shared[introducer_of(path)] - 1)
                for rank, path in enumerate(pool, start=1)
            ),
            exact=ranked.complete and last >= max(self.cut, missed),
            parameters_version=self.parameters.parameters_version,
            pops=ranked.pops,
        )


def in_order(found: Iterable[Found]) -> list[Found]:
    """Cheapest first; equal ones by length, then by ids, so that every run gives one order."""
    return sorted(found, key=lambda path: (round(path.cost, 12), len(path.ids), path.ids))


def introducer_of(path: WarmPath) -> str | None:
    return None if path.introducer is None else path.introducer.id


def go_betweens(path: WarmPath, targets: Mapping[str, float | None]) -> frozenset[str]:
    """Those whom a path relies on: all but whoever asks, and but a target that every path shares."""
    people = set(path.ids[1:] if path.start_is_asker else path.ids)
    if len(targets) == 1:
        people -= set(targets)
    return frozenset(people)


def likeness(people: frozenset[str], others: frozenset[str]) -> float:
    """The share of people that two paths have in common; two that need nobody are alike."""
    if not people and not others:
        return 1.0
    return len(people & others) / len(people | others)


def diverse(
    pool: list[WarmPath],
    count: int,
    targets: Mapping[str, float | None],
    parameters: PathParameters = DEFAULT_PATH_PARAMETERS,
) -> list[WarmPath]:
    """The best paths that do not all rely on the same people: each in turn loses for its likeness to those chosen."""
    between = [go_betweens(path, targets) for path in pool]
    left = list(range(len(pool)))
    most_alike = [0.0] * len(pool)
    chosen: list[WarmPath] = []
    while left and len(chosen) < count:
        best = max(
            left,
            key=lambda position: (
                round(pool[position].score * (1 - parameters.likeness * most_alike[position]), 12),
                -position,
            ),
        )
        left.remove(best)
        chosen.append(pool[best])
        for position in left:
            most_alike[position] = max(most_alike[position], likeness(between[position], between[best]))
    return chosen


def warm_paths(
    surroundings: Surroundings, request: PathRequest, parameters: PathParameters = DEFAULT_PATH_PARAMETERS
) -> WarmPaths:
    """The best paths among people and ties that were read already."""
    network = Network(request, parameters)
    network.add(surroundings)
    network.add_colleagues()
    return network.result()


def who_knows(ties: Iterable[PathTie], contact_id: str) -> list[PathTie]:
    """Ties of one contact: the strongest first, then the one with the newest contact, then by id."""
    return sorted(
        (tie for tie in ties if contact_id in (tie.first_id, tie.second_id)),
        key=lambda tie: (
            -round(tie.strength, 12),
            -(tie.last_at if tie.last_at is not None else -math.inf),
            tie.second_id if tie.first_id == contact_id else tie.first_id,
        ),
    )


def is_declared(tie: PathTie) -> bool:
    """Whether two of ours know each other by membership only."""
    return tie.basis in (TieBasis.TEAM, TieBasis.ORGANISATION)
