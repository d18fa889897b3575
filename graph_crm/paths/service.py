"""Warm paths and who knows whom: permission, rule, store."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from graph_crm.graph.client import Graph
from graph_crm.paths import frontier, store
from graph_crm.paths.types import PathFrom, PathRequest, WarmPaths
from graph_crm.stakeholders import service as stakeholders
from graph_crm.ties.strength import epoch_days, moment_of
from graph_crm.viewer import Permission, Viewer


@dataclass(frozen=True, slots=True)
class PathsFound:
    """The best paths to a target, with what the sentence about an empty or cold answer needs.

    `newest_interaction` is when anybody was last in contact with anybody, up to the date asked for.
    """

    target: store.Target
    found: WarmPaths
    as_of: dt.datetime
    newest_interaction: dt.datetime | None


async def warm_paths(graph: Graph, viewer: Viewer, request: PathRequest) -> PathsFound | None:
    """The best chains of acquaintances from the asker, a team or anyone to a contact or into an account.

    Two or three statements from one person, at most seven from many; None without a target that the viewer
    may see.
    """
    viewer.require(Permission.READ_RECORDS)
    as_of = moment_of(request.as_of)
    target_id = request.to_contact or request.to_account or ""
    target = await store.target(graph, viewer, target_id, as_of.date())
    if target is None:
        return None
    influences = await influences_in(graph, viewer, request)
    search = frontier.search(request)
    asked = next(search)
    while True:
        try:
            asked = search.send(await store.surroundings(graph, viewer, request, asked, influences))
        except StopIteration as finished:
            found: WarmPaths = finished.value
            break
    newest = None if found.paths else await store.newest_interaction(graph, as_of)
    return PathsFound(target, found, as_of, newest)


async def influences_in(graph: Graph, viewer: Viewer, request: PathRequest) -> dict[str, float]:
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
