"""Which people and ties a path search reads, question by question.

A search is a generator: it yields an `Asked` and is sent the `Surroundings` that the question found, so that the
same code runs over a database and, in tests, over plain lists. Every path of the wanted length lies in what was
read, or the answer says that it is not exact.

- ENDS (`to_contact`, `to_account`, `asker_id`, `with_colleagues`): who is wanted, their ties, the asker's ties; with
  colleagues also every active user with the ids of their teams.
- MIDDLE (`people`, `others`): the ties between the two sets, walked from `people`, whose ties are fewer in all.
- EXPANSION (`all_ties_of`, `our_ties_of`): all ties of the first, and of the second those to our users.
- PEOPLE (`people`, `pairs`): what these people are like, and what the ties of these pairs are made of.

Ties come without details and people without what their score depends on: until it is known, everybody counts as the
best that such a person can be, so that no path is missed. Only for the people who stand on a path that could be
among the best is the rest asked for; then the search goes on with what they are.

Common: `viewer_id`, `as_of`, `min_strength`, `fresh_since`, `limit` (of ties: keep the strongest, return the
strength of the strongest left out as `cut`), `with_teams` (our people with the ids of their teams). Each answer
brings every person that stands at an end of its ties.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Generator, Iterable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from graph_crm.paths.network import Network
from graph_crm.paths.score import cost_of
from graph_crm.paths.search import SAME, Found, Ranking, ranking, result
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
    MIDDLE = "paths/middle"
    EXPANSION = "paths/expansion"
    PEOPLE = "paths/people"


@dataclass(frozen=True, slots=True)
class Asked:
    question: Question
    parameters: dict[str, Any]


Search = Generator[Asked, Surroundings, WarmPaths]


def search(request: PathRequest, parameters: PathParameters = DEFAULT_PATH_PARAMETERS) -> Search:
    """The generator that answers a request: three questions from one person, at most seven from all."""
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
        "with_teams": request.start is not PathFrom.ANYONE,
    }


def ends(request: PathRequest, *, asker_id: str | None, with_colleagues: bool) -> dict[str, Any]:
    return {
        "to_contact": request.to_contact,
        "to_account": request.to_account,
        "asker_id": asker_id,
        "with_colleagues": with_colleagues,
    }


def from_asker(request: PathRequest, parameters: PathParameters = DEFAULT_PATH_PARAMETERS) -> Search:
    """Both ends first, then the ties between the people next to either, walked from the side with fewer ties."""
    network = Network(request, parameters)
    more = common(request, network)
    asked = ends(request, asker_id=request.asker, with_colleagues=request.max_hops > 1)
    network.add((yield Asked(Question.ENDS, more | asked)))
    network.add_colleagues()
    if request.max_hops > 2:
        near, far = network.after([request.asker]), network.before_the_targets()
        if request.max_hops == LONGEST and near and far:
            # The longest path has one more person between the two sides: step outwards from the lighter one.
            lighter = far if ties_of(far) <= ties_of(near) else near
            around = {"all_ties_of": identifiers(lighter), "our_ties_of": list[str]()}
            network.add((yield Asked(Question.EXPANSION, more | around)))
            # A tie whose end of ours is not named hangs on nobody in the lists: its contact counts all the same.
            nobodies = [person.id for person in network.people.values() if person.hidden]
            beyond = [one for one in network.after([*identifiers(lighter), *nobodies]) if not one.is_user]
            near, far = (near, beyond) if lighter is far else (beyond, far)
        if near and far:
            fewer, others = (near, far) if ties_of(near) < ties_of(far) else (far, near)
            sides = {"people": identifiers(fewer), "others": identifiers(others)}
            network.add((yield Asked(Question.MIDDLE, more | sides)))
    wanted = request.wanted(parameters)
    while True:
        ranked = ranking(network, max(parameters.margin * wanted, parameters.least_learned))
        if not network.unknown(on_the_best(ranked, wanted)):
            return (yield from detailed(network, ranked))
        yield from learn(network, ranked)


def on_the_best(ranked: Ranking, wanted: int) -> list[str]:
    """The people on the best paths."""
    return sorted({person_id for path in ranked.found[:wanted] for person_id in path.ids})


def detailed(network: Network, ranked: Ranking, *, missed: float = 0.0) -> Search:
    """The answer, once everything is known of the ties that it shows."""
    wanted = network.request.wanted(network.parameters)
    best = Ranking(ranked.found[:wanted], ranked.complete, ranked.pops)
    shown = result(network, best, missed=missed)
    pairs = network.undetailed(pair for path in shown.paths for pair in itertools.pairwise(path.ids))
    if not pairs:
        return shown
    yield from ask_for(network, [], pairs)
    return result(network, best, missed=missed)


def learn(network: Network, ranked: Ranking) -> Generator[Asked, Surroundings, None]:
    """Asks what the people are like who stand on a path that may be among the best, and a few more.

    Those whose part in a deal is not known yet are taken for usual ones to guess how good the last of the paths
    wanted will be: whoever stands on no path of at least that score will hardly be asked for later.
    """
    parameters, request = network.parameters, network.request
    wanted = request.wanted(parameters)
    limit = usual_limit(network, ranked, wanted)
    sure = network.unknown(on_the_best(ranked, wanted))
    costs = least_costs_through(network, math.inf if len(ranked.found) < wanted else limit + MARGIN)
    others = network.unknown(sorted(set(costs) - set(sure), key=lambda one: (round(costs[one], 12), one)))
    likely = [one for one in others if costs[one] <= limit][: parameters.most_learned]
    taken = max(len(likely), min(len(others), parameters.least_learned))
    pairs = network.undetailed(pair for path in ranked.found for pair in itertools.pairwise(path.ids))
    yield from ask_for(network, [*sure, *others[:taken]], pairs)


MARGIN = -math.log(0.05)
"""How much better than was guessed the limit of what is looked at is taken."""


def ask_for(
    network: Network, people: Iterable[str], pairs: Iterable[tuple[str, str]]
) -> Generator[Asked, Surroundings, None]:
    request = network.request
    asked = sorted(people)
    found = yield Asked(
        Question.PEOPLE,
        {
            "viewer_id": request.viewer_id,
            "as_of": request.as_of,
            "to_contact": request.to_contact,
            "to_account": request.to_account,
            "people": asked,
            "pairs": list(pairs),
        },
    )
    network.learn(found.people, found.ties)
    gone = [network.people[person_id] for person_id in network.unknown(asked)]
    if gone:
        # Deleted, or hidden, since their ties were read.
        network.learn([replace(person, known=True, restricted=True, active=False) for person in gone], [])


def usual_limit(network: Network, ranked: Ranking, wanted: int) -> float:
    """What the last of the paths wanted will cost, if everybody not known yet is as willing as most are."""
    if len(ranked.found) < wanted:
        return math.inf
    return max(usual_cost(network, path) for path in ranked.found[:wanted])


def usual_cost(network: Network, path: Found) -> float:
    people = (network.people[person_id] for person_id in path.ids[1:-1])
    hoped = sum(1 for person in people if not person.known and person.assessed and not person.is_user)
    return path.cost + hoped * cost_of(network.parameters.usual_willingness)


def least_costs_through(network: Network, limit: float) -> dict[str, float]:
    """The people on paths that cost no more than the limit, each with the least that such a path may cost."""
    longest, least = network.request.max_hops, network.least_costs()
    through: dict[str, float] = {}
    reached = dict.fromkeys(network.sources(), 0.0)
    for used in range(longest):
        onward: dict[str, float] = {}
        for person_id, cost in reached.items():
            whole = cost + least[longest - used].get(person_id, math.inf)
            if whole == math.inf or whole > limit:
                continue
            through[person_id] = min(whole, through.get(person_id, math.inf))
            for end, step in network.final.get(person_id, {}).items():
                if cost + step <= limit and cost + step < through.get(end, math.inf):
                    through[end] = cost + step
            for end, step in network.onward.get(person_id, {}).items():
                if cost + step < onward.get(end, math.inf):
                    onward[end] = cost + step
        reached = onward
    return through


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
    more = common(request, network)
    network.add((yield Asked(Question.ENDS, more | ends(request, asker_id=None, with_colleagues=False))))
    frontier = Frontier(set(network.targets), set(network.targets))
    wanted = request.wanted(parameters)
    chunk, asked = parameters.first_chunk, 0
    while True:
        ranked = ranking(network, max(parameters.margin * wanted, parameters.least_learned))
        limit = usual_limit(network, ranked, wanted)
        floor = math.exp(-limit - SAME) if limit < math.inf else 0.0
        candidates = unasked(network, frontier, floor)
        if not candidates or asked >= parameters.most_asked:
            if network.unknown(on_the_best(ranked, wanted)):
                yield from learn(network, ranked)
                continue
            return (yield from detailed(network, ranked, missed=candidates[0].bound if candidates else 0.0))
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
