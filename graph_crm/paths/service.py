"""Warm paths and who knows whom: permission, rule, store."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from graph_crm.errors import Ambiguous, Invalid, NotFound
from graph_crm.graph.client import Graph
from graph_crm.language import Sentence
from graph_crm.paths import frontier, store
from graph_crm.paths.explanation import sentence_of
from graph_crm.paths.types import Destination, PathFrom, PathRequest, Surroundings, WarmPaths
from graph_crm.stakeholders import service as stakeholders
from graph_crm.team import service as team
from graph_crm.team.types import Team
from graph_crm.ties import service as ties
from graph_crm.ties.acquaintance import Acquaintance
from graph_crm.ties.strength import epoch_days, moment_of, strength_of
from graph_crm.ties.types import Tie
from graph_crm.viewer import Permission, Viewer


@dataclass(frozen=True, slots=True)
class PathsFound:
    """The best paths to a target, with what the sentence about an empty or cold answer needs.

    `newest_interaction` is when the newest contact was that the viewer may know of, up to the date asked for.
    """

    target: Destination
    found: WarmPaths
    as_of: dt.datetime
    newest_interaction: dt.datetime | None

    @property
    def sentence(self) -> Sentence | None:
        newest = self.newest_interaction
        return sentence_of(self.found, self.target.name, None if newest is None else newest.date())


async def warm_paths(graph: Graph, viewer: Viewer, request: PathRequest) -> PathsFound | None:
    """The best chains of acquaintances from the asker, a team or anyone to a contact or into an account.

    Three statements from one person (four for the longest paths), at most seven from many, one more into an
    account; None without a target that the viewer may see.
    """
    viewer.require(Permission.READ_RECORDS)
    if request.team_id is not None and not await team.teams_of_ids(graph, viewer, [request.team_id]):
        raise NotFound("There is no such team.", field=("teamId",))
    influences = await _influences_in(graph, viewer, request)
    search = frontier.search(request)
    asked = next(search)
    first = await store.surroundings(graph, viewer, request, asked, influences)
    if first.destination is None:
        return None
    found, newest = await _answer(graph, viewer, request, search, first, influences)
    as_of = moment_of(request.as_of)
    if not found.pool:
        newest = await store.newest_interaction(graph, viewer, as_of)
    return PathsFound(first.destination, found, as_of, newest)


async def who_knows(
    graph: Graph, viewer: Viewer, contact_id: str, start: PathFrom = PathFrom.ANYONE, as_of: dt.datetime | None = None
) -> list[Acquaintance] | None:
    """The ties of ours to a contact: the strongest first, then the one with the newest contact, then by id.

    From a team means the teams of whoever asks. None without a contact that the viewer may see.
    """
    viewer.require(Permission.READ_RECORDS)
    moment = as_of or graph.now()
    found = await store.who_knows(graph, viewer, contact_id, start, moment.date())
    if found is None:
        return None
    if as_of is not None:
        found = await ties.as_they_were(graph, viewer, found, as_of)
    days = epoch_days(moment)
    told = [(pair, strength_of(pair.tie, moment_for(pair.tie, days))) for pair in found]
    ranked = sorted(
        (one for one in told if one[1].strength > 0),
        key=lambda one: (-round(one[1].strength, 12), -(one[0].tie.last_at or 0.0), one[0].id),
    )
    return [pair for pair, _ in ranked]


async def team_named(graph: Graph, viewer: Viewer, name: str | None) -> Team:
    """The team of that name; without a name, the only team of whoever asks."""
    viewer.require(Permission.READ_RECORDS)
    found = await store.teams_of_name(graph, viewer, name)
    if len(found) == 1:
        return found[0]
    if name is not None:
        raise NotFound("There is no team called {name}.", name=name, field=("team",))
    if not found:
        raise Invalid("You are in no team. Name one with --team.", field=("team",))
    raise Ambiguous(
        "You are in several teams: {teams}. Name one with --team.",
        teams=[one.name for one in found],
        field=("team",),
    )


def moment_for(tie: Tie, as_of: float) -> float:
    """The moment to tell a tie for: an interaction of today that is dated by its day may lie a little ahead."""
    return as_of if tie.accumulators is None else max(as_of, tie.accumulators.at)


async def _answer(
    graph: Graph,
    viewer: Viewer,
    request: PathRequest,
    search: frontier.Search,
    surroundings: Surroundings,
    influences: dict[str, float],
) -> tuple[WarmPaths, dt.datetime | None]:
    """Runs a search, from the answer to its first question on, against the database; and the newest contact."""
    newest = None
    try:
        while True:
            asked = search.send(surroundings)
            surroundings = await store.surroundings(graph, viewer, request, asked, influences)
            newest = surroundings.newest_interaction or newest
    except StopIteration as finished:
        return finished.value, newest


async def _influences_in(graph: Graph, viewer: Viewer, request: PathRequest) -> dict[str, float]:
    """How much weight each person of the account carries: the most influential are worth most."""
    if request.to_account is None or not viewer.reads_judgements:
        return {}
    now = graph.now()
    as_of = moment_of(request.as_of)
    found = await stakeholders.map_of(
        graph, viewer, request.to_account, as_of=as_of if as_of < now - SAME_MOMENT else None
    )
    if found is None:
        return {}
    return {person.contact_id: person.influence.score for person in found.people if person.influence is not None}


SAME_MOMENT = dt.timedelta(seconds=5)
"""A date asked for that is only this old means now."""


async def warm(graph: Graph, viewer: Viewer) -> None:
    """Ask for a few paths, so that the database has planned and compiled what a path search asks."""
    viewer.require(Permission.MAINTAIN_DATABASE)
    as_of = epoch_days(graph.now())
    for contact_id in await store.some_contacts(graph) or [NOBODY]:
        for start in (PathFrom.ME, PathFrom.ANYONE):
            request = PathRequest(viewer_id=viewer.user_id, as_of=as_of, to_contact=contact_id, start=start)
            await warm_paths(graph, viewer, request)


NOBODY = "00000000-0000-7000-8000-000000000000"
