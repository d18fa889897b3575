"""How a command reaches the database, and who acts in it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, TypeVar

import typer

from graph_crm.commands.terminal import TerminalProgress, language, settings, written
from graph_crm.graph.client import Graph, patience
from graph_crm.graph.local_server import database_address
from graph_crm.graph.migrations import migrate
from graph_crm.settings import Settings
from graph_crm.team import service as team
from graph_crm.viewer import Viewer, maintenance_viewer

Answer = TypeVar("Answer")

PLANNING_SECONDS = 60.0

As = Annotated[
    str | None,
    typer.Option(
        "--as",
        metavar="EMAIL",
        help=written("Who acts; without it the only administrator, or this machine when there is none or several."),
    ),
]


@dataclass(frozen=True, slots=True)
class Session:
    """A database that is ready, and who acts in it."""

    graph: Graph
    viewer: Viewer
    settings: Settings


def run(work: Callable[[Session], Awaitable[Answer]], acting: str | None = None) -> Answer:
    """Do the work on the database of this home or of the settings, brought up to date first."""
    chosen = settings()
    address = database_address(chosen, TerminalProgress())

    async def connected() -> Answer:
        async with Graph.at(address) as graph:
            await migrate(graph)
            await team.share_as(graph, chosen.visibility)
            # The first run of a statement includes planning it.
            with patience(PLANNING_SECONDS):
                return await work(Session(graph, await who_acts(graph, acting), chosen))

    return asyncio.run(connected())


async def who_acts(graph: Graph, email: str | None) -> Viewer:
    """The user with that address, else the only administrator, else the machine itself."""
    if email is not None:
        return await team.viewer_of_user(graph, email=email)
    user_id = await team.only_administrator(graph)
    if user_id is not None:
        return await team.viewer_of_user(graph, user_id=user_id)
    return maintenance_viewer(language())
