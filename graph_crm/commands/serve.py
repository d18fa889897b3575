"""`graph-crm serve`: the API over HTTP."""

from __future__ import annotations

from typing import Annotated

import typer

from graph_crm.commands.listening import refuse_taken_port
from graph_crm.commands.serving import answering, prepared, run_loop
from graph_crm.commands.terminal import TerminalProgress, settings, tell, written
from graph_crm.edge.authentication import require_loopback
from graph_crm.graph.client import Graph
from graph_crm.graph.local_server import database_address
from graph_crm.language import say
from graph_crm.team import service as team

app = typer.Typer(add_completion=False)


@app.command(
    help=written("Serve the API over HTTP, on the database of the settings or of this home."),
    epilog=written(
        "Example: graph-crm serve\n\n"
        "Exit status: 0 ended by a signal; 1 refused; 3 the database or the port cannot be had."
    ),
)
def serve(
    *,
    development_as: Annotated[
        str | None,
        typer.Option(
            "--development-as",
            metavar="EMAIL",
            help=written("Answer without a key as this user. For development on this machine only."),
        ),
    ] = None,
) -> None:
    chosen = settings()
    host, port = chosen.listen_address
    if development_as is not None:
        require_loopback(host)
    refuse_taken_port(chosen)
    address = database_address(chosen, TerminalProgress())

    async def work() -> None:
        async with Graph.at(address) as graph:
            await prepared(graph, chosen)
            user_id = None
            if development_as is not None:
                user_id = (await team.viewer_of_user(graph, email=development_as)).user_id
            tell(say("graph_crm answers at {url}. Ctrl-C ends it.", url=f"http://{host}:{port}/graphql"))
            await answering(chosen, address, graph, development_user=user_id)

    run_loop(work)
