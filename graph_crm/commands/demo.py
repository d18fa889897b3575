"""`graph-crm demo`: the story of one deal, loaded into a home of its own, served and shown."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from importlib import import_module
from typing import Annotated

import typer

from graph_crm.commands.listening import refuse_taken_port
from graph_crm.commands.terminal import TerminalProgress, settings, tell, written
from graph_crm.graph.local_server import State, local_server
from graph_crm.graph.server_configuration import DEMO_PROFILE
from graph_crm.language import say
from graph_crm.settings import Settings

app = typer.Typer(add_completion=False)

STORY_FILE = "demo.json"
"""In which a demo keeps what it has to remember of itself."""


@app.command(
    help=written("Start a Neo4j of its own, load the demo's story, serve the API and show what to try."),
    epilog=written(
        "Example: graph-crm demo\n\n"
        "Exit status: 0 ended by Ctrl-C; 1 refused; 3 the database or the port cannot be had."
    ),
)
def demo(
    *,
    load: Annotated[bool, typer.Option("--load", help=written("Only load the story anew, as of today."))] = False,
) -> None:
    chosen = demo_settings(settings())
    if not load:
        refuse_taken_port(chosen)
    server = local_server(chosen, profile=DEMO_PROFILE)
    was_running = server.status().state is State.RUNNING
    with ThreadPoolExecutor(1) as aside:
        # Most of our libraries are loaded while the database starts.
        loaded = aside.submit(import_module, "graph_crm.demo.showing")
        address = server.up(TerminalProgress())
        showing = loaded.result()
    try:
        with suppress(KeyboardInterrupt):
            showing.run_loop(lambda: showing.shown(chosen, server, address, only_load=load))
        if not load:
            tell(say("The demo has ended. What you changed is kept; graph-crm demo shows it again."))
    finally:
        if not was_running:
            server.down()


def demo_settings(chosen: Settings) -> Settings:
    """The settings with a home and a database of the demo's own: real data is never touched.

    A home that is a demo's already, as the demo itself says to set it, is taken as it is.
    """
    home = chosen.home if (chosen.home / STORY_FILE).is_file() else chosen.home / "demo"
    return chosen.model_copy(
        update={
            "home": home,
            "neo4j_uri": None,
            "neo4j_password": None,
            "neo4j_password_file": None,
            "default_currency": "EUR",
        }
    )
