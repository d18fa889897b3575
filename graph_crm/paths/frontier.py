"""Which people and ties a path search reads, question by question.

A search is a generator: it yields an `Asked` and is sent the `Surroundings` that the question found, so that the
same code runs over a database and, in tests, over plain lists. Every path of the wanted length lies in what was
read, or the answer says that it is not exact.

- ENDS (`asker_id`, `with_colleagues`): who is wanted, their ties, the asker and the asker's ties; with colleagues
  also every active user with their teams.
- BACK (`team_id`): who is wanted and their ties.
- LAYER (`people`): all ties of these people.
- MIDDLE (`people`, `others`): the ties between the two sets, walked from `people`, whose ties are fewer in all.
- EXPANSION (`all_ties_of`, `our_ties_of`, `team_id`): all ties of the first, and of the second those to our users.

Common: `viewer_id`, `as_of`, `min_strength`, `fresh_since`, `limit` (of ties: keep the strongest, return the
strength of the strongest left out as `cut`); `to_contact` and `to_account` in the first question. Each answer
brings every person that stands at an end of its ties.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from graph_crm.paths.network import Network
from graph_crm.paths.search import SAME, ranking, result
from graph_crm.paths.types import (
    DEFAULT_PATH_PARAMETERS,
    LONGEST,
    PathFrom,
    PathParameters,
    PathPerson,
    PathRequest,
    Surroundings,
    WarmPaths,
)


class Question(StrEnum):
    """The statements of a path search, by the names of their files."""

    ENDS = "paths/ends"
    BACK = "paths/back"
    LAYER = "paths/layer"
    MIDDLE = "paths/middle"
    EXPANSION = "paths/expansion"


@dataclass(frozen=True, slots=True)
class Asked:
    question: Question
    parameters: dict[str, Any]


Search = Generator[Asked, Surroundings, WarmPaths]


def search(request: PathRequest, parameters: PathParameters = DEFAULT_PATH_PARAMETERS) -> Search:
    """The generator that answers a request: two or three questions from one person, at most seven from all."""
    if request.start is PathFrom.ME:
        return from_asker(request, parameters)
    return from_many(request, parameters)


def answer(search: Search, ask: Callable[[Asked], Surroundings]) -> WarmPaths:
    """Runs a search against something that answers at once."""
    try:
        asked = next(search)
        while True:
            asked = search.send(ask(asked))
    except StopIteration as finished:
        return finished.value


def common(request: PathRequest, network: Network) -> dict[str, Any]:
    return {
        "viewer_id": request.viewer_id,
        "as_of": request.as_of,
        "min_strength": request.min_strength,
        "fresh_since": request.fresh_since,
        "limit": network.parameters.most_ties,
    }


def destination(request: PathRequest) -> dict[str, Any]:
    return {"to_contact": request.to_contact, "to_account": request.to_account}


def from_asker(request: PathRequest, parameters: PathParameters = DEFAULT_PATH_PARAMETERS) -> Search:
    """Both ends first, then the ties between the people next to either, walked from the side with fewer ties."""
    network = Network(request, parameters)
    more = common(request, network)
    asker = {"asker_id": request.asker, "with_colleagues": request.max_hops > 1}
    network.add((yield Asked(Question.ENDS, more | destination(request) | asker)))
    network.add_colleagues()
    if request.max_hops > 2:
        near, far = network.after([request.asker]), network.before_the_targets()
        if request.max_hops == LONGEST and near and far:
            # The longest path has one more person between the two sides: step outwards from the lighter one.
            lighter = far if ties_of(far) <= ties_of(near) else near
            network.add((yield Asked(Question.LAYER, more | {"people": identifiers(lighter)})))
            # A tie whose end of ours is not named hangs on nobody in the lists: its contact counts all the same.
            nobodies = [person.id for person in network.people.values() if person.hidden]
            beyond = [one for one in network.after([*identifiers(lighter), *nobodies]) if not one.is_user]
            near, far = (near, beyond) if lighter is far else (beyond, far)
        if near and far:
            fewer, others = (near, far) if ties_of(near) < ties_of(far) else (far, near)
            sides = {"people": identifiers(fewer), "others": identifiers(others)}
            network.add((yield Asked(Question.MIDDLE, more | sides)))
    return result(network, ranking(network, request.wanted(parameters)))


def identifiers(people: Iterable[PathPerson]) -> list[str]:
    return sorted(person.id for person in people)


def ties_of(people: Iterable[PathPerson]) -> int:
    return sum(person.degree for person in people)


@dataclass(slots=True)
class Frontier:
    """Whose ties were asked for already: all of them, or only those to our own people."""

    everything: set[str]
    ours: set[str]


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody whose ties are not known yet, and the most that a path through them could score.

    `through` is that score when another contact stands before them on the path.
    """

    person_id: str
    bound: float
    through: float


def from_many(request: PathRequest, parameters: PathParameters = DEFAULT_PATH_PARAMETERS) -> Search:
    """Outwards from the target, always from the people who can still matter most, in growing chunks.

    Of any path that was not found yet, the part behind its last unasked person is known: so no such path scores
    more than the best known rest of a path from an unasked person, among those rests short enough to leave room
    for what comes before. When that is less than the last of the paths wanted, nothing better is left.
    """
    network = Network(request, parameters)
    more = common(request, network) | {"team_id": request.team_id}
    network.add((yield Asked(Question.BACK, more | destination(request))))
    frontier = Frontier(set(network.targets), set(network.targets))
    wanted = request.wanted(parameters)
    chunk, asked = parameters.first_chunk, 0
    while True:
        ranked = ranking(network, wanted)
        floor = math.exp(-ranked.found[-1].cost - SAME) if len(ranked.found) >= wanted else 0.0
        candidates = unasked(network, frontier, floor)
        if not candidates or asked >= parameters.most_asked:
            return result(network, ranked, missed=candidates[0].bound if candidates else 0.0)
        taken = candidates[: min(chunk, parameters.most_asked - asked)]
        everything = [one.person_id for one in taken if one.through > 0 and one.through >= floor]
        ours = [one.person_id for one in taken if not (one.through > 0 and one.through >= floor)]
        frontier.everything.update(everything)
        frontier.ours.update(ours)
        people = {"all_ties_of": sorted(everything), "our_ties_of": sorted(ours)}
        network.add((yield Asked(Question.EXPANSION, more | people)))
        asked += len(taken)
        chunk *= parameters.chunk_growth


def unasked(network: Network, frontier: Frontier, floor: float) -> list[Candidate]:
    """The people whose ties could still change the answer, those who matter most first."""
    longest = network.request.max_hops
    if longest == 1:
        return []
    layers = network.least_costs()
    candidates: list[Candidate] = []
    for person_id, cost in layers[longest - 1].items():
        if person_id in frontier.everything or not network.place(network.people[person_id]).between:
            continue
        direct = 0.0 if person_id in frontier.ours else math.exp(-cost)
        through = math.exp(-layers[longest - 2].get(person_id, math.inf))
        bound = max(direct, through)
        if bound > 0 and bound >= floor:
            candidates.append(Candidate(person_id, bound, through))
    return sorted(candidates, key=lambda one: (-one.bound, one.person_id))
