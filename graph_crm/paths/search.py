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
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from graph_crm.paths.network import Network
from graph_crm.paths.score import band_of, seniority_factor, target_factor, willingness
from graph_crm.paths.types import (
    DEFAULT_PATH_PARAMETERS,
    PathFrom,
    PathParameters,
    PathPerson,
    PathRequest,
    PathStep,
    PathTie,
    Surroundings,
    WarmPath,
    WarmPaths,
)

# Costs closer than this are one cost: paths of equal score come in the order of their length, then of their ids.
SAME = 1e-12


class Found(NamedTuple):
    cost: float
    ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ranking:
    """The best paths in order. Incomplete when the search was stopped before it had found them all."""

    found: list[Found]
    complete: bool
    pops: int


def ranking(network: Network, wanted: int) -> Ranking:
    """The best paths in order, cut at `wanted`."""
    longest = network.request.max_hops
    least = network.least_costs()
    heap: list[tuple[float, int, tuple[str, ...], float, bool]] = [
        (least[longest][source], 0, (source,), 0.0, False) for source in network.sources() if source in least[longest]
    ]
    heapq.heapify(heap)
    found: list[Found] = []
    pops = 0
    while heap:
        bound, hops, ids, cost, is_complete = heapq.heappop(heap)
        if len(found) >= wanted and bound > found[wanted - 1].cost + SAME:
            break
        pops += 1
        if pops > network.parameters.most_pops:
            return Ranking(in_order(found)[:wanted], complete=False, pops=pops)
        if is_complete:
            found.append(Found(cost, ids))
            continue
        shorter = least[longest - hops - 1]
        for end, final in network.final.get(ids[-1], {}).items():
            if end not in ids and outranks(end, ids, network.targets):
                heapq.heappush(heap, (cost + final, hops + 1, (*ids, end), cost + final, True))
        for end, onward in network.onward.get(ids[-1], {}).items():
            to_go = shorter.get(end)
            if to_go is not None and end not in ids:
                heapq.heappush(heap, (cost + onward + to_go, hops + 1, (*ids, end), cost + onward, False))
    return Ranking(in_order(found)[:wanted], complete=True, pops=pops)


def in_order(found: Iterable[Found]) -> list[Found]:
    """Cheapest first; equal ones by length, then by ids, so that every run gives one order."""
    return sorted(found, key=lambda path: (round(path.cost, 12), len(path.ids), path.ids))


def outranks(target_id: str, passed: tuple[str, ...], targets: Mapping[str, float | None]) -> bool:
    """Whether a target has more influence than every other target that the path passed."""
    influence = targets[target_id] or 0.0
    return all(influence > (targets[person] or 0.0) for person in passed if person in targets)


def result(network: Network, ranked: Ranking, *, missed: float = 0.0) -> WarmPaths:
    """The answer. `missed` is the most that a path which was not looked at could score."""
    request, parameters = network.request, network.parameters
    wanted = request.wanted(parameters)
    pool = [path_through(network, found.ids) for found in ranked.found]
    last = pool[-1].score if len(pool) >= wanted else 0.0
    shared = Counter(introducer_id(path) for path in pool)
    pool = [replace(path, alternatives=shared[introducer_id(path)] - 1) for path in pool]
    chosen = diverse(pool, request.first, network.targets, parameters) if request.diversify else pool
    return WarmPaths(
        request=request,
        paths=numbered(chosen[: request.first]),
        pool=numbered(pool),
        exact=ranked.complete and last >= max(network.cut, missed),
        parameters_version=parameters.parameters_version,
        pops=ranked.pops,
    )


def numbered(paths: Iterable[WarmPath]) -> tuple[WarmPath, ...]:
    return tuple(replace(path, rank=rank) for rank, path in enumerate(paths, start=1))


def path_through(network: Network, ids: tuple[str, ...]) -> WarmPath:
    """The path through these people, with every factor of its score."""
    last = len(ids) - 2
    steps = tuple(
        step_between(network, start, end, is_first=position == 0, is_last=position == last)
        for position, (start, end) in enumerate(itertools.pairwise(network.people[one] for one in ids))
    )
    score = math.prod(step.contribution for step in steps)
    return WarmPath(
        rank=0,
        score=score,
        band=band_of(score, network.parameters),
        steps=steps,
        start_is_asker=network.request.start is PathFrom.ME,
    )


def step_between(network: Network, start: PathPerson, end: PathPerson, *, is_first: bool, is_last: bool) -> PathStep:
    parameters = network.parameters
    return PathStep(
        start=start,
        end=end,
        tie=network.tie_between(start.id, end.id),
        willingness=1.0 if is_first else willingness(start, parameters),
        hop_penalty=1.0 if is_first else parameters.introduction,
        seniority_factor=1.0 if is_first or not is_last else seniority_factor(start, end, parameters),
        target_factor=target_factor(network.targets[end.id], parameters) if is_last else 1.0,
    )


def introducer_id(path: WarmPath) -> str | None:
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
    """The best paths that do not all rely on the same people: each loses for its likeness to those chosen."""
    between = [go_betweens(path, targets) for path in pool]
    most_alike = [0.0] * len(pool)
    left = list(range(len(pool)))
    chosen: list[WarmPath] = []

    def value(position: int) -> tuple[float, int]:
        kept = 1 - parameters.likeness * most_alike[position]
        return round(pool[position].score * kept, 12), -position

    while left and len(chosen) < count:
        best = max(left, key=value)
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
    return result(network, ranking(network, request.wanted(parameters)))


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
