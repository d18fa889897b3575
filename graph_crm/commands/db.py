"""`graph-crm db`: the database of this home."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from graph_crm.commands.terminal import ExitStatus, TerminalProgress, language, settings, tell, written
from graph_crm.errors import Invalid
from graph_crm.graph import backup as saving
from graph_crm.graph.local_server import State, given_address, local_server
from graph_crm.graph.readiness import connected, refuse_foreign_nodes, refuse_unreachable
from graph_crm.language import say

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    help=written("The database of this home: a Neo4j that graph-crm fetches, starts and stops."),
)

File = Annotated[Path, typer.Argument(metavar="FILE", show_default=False)]


@app.command(
    help=written("Start the database and wait until it answers. What is missing is downloaded first, once."),
    epilog=written(
        "Example: graph-crm db up --port 7687\n\n"
        "Exit status: 0 it answers; 1 refused (port taken, data used by another Neo4j, nodes of others); "
        "3 it cannot start now (no network, disk full, no Java)."
    ),
)
def up(
    *,
    port: Annotated[
        int | None,
        typer.Option(min=1024, max=65535, help=written("Port on 127.0.0.1; without it a free one is found.")),
    ] = None,
    version: Annotated[
        str | None, typer.Option(help=written("Version of Neo4j; without it the one that wrote the data."))
    ] = None,
) -> None:
    chosen = settings()
    given = given_address(chosen)
    if given is not None:
        refuse_unreachable(given)
        with connected(given) as driver:
            refuse_foreign_nodes(driver, given.database)
        tell(say("GRAPH_CRM_NEO4J_URI names your database at {uri}: it answers, nothing was started.", uri=given.uri))
        return
    server = local_server(chosen, port=port, version=version)
    address = server.up(TerminalProgress())
    with connected(address) as driver:
        refuse_foreign_nodes(driver, address.database)
    tell(
        say(
            "Neo4j {version} answers at {uri} (user {user}, password in {file}).",
            version=server.version,
            uri=address.uri,
            user=address.user,
            file=str(server.password_file),
        )
    )


@app.command(
    help=written("Stop the database and wait for its end. Nothing is lost."),
    epilog=written(
        "Example: graph-crm db down\n\nExit status: 0 stopped, or it did not run; 1 refused; 3 still there."
    ),
)
def down() -> None:
    stopped = local_server(settings()).down()
    tell(say("The database is stopped.") if stopped else say("The database did not run."))


@app.command(
    help=written("Say whether the database answers, and where."),
    epilog=written("Example: graph-crm db status\n\nExit status: 0 it answers; 3 it is stopped or does not answer."),
)
def status() -> None:
    chosen = settings()
    given = given_address(chosen)
    if given is not None:
        refuse_unreachable(given)
        tell(say("Your database at {uri} answers.", uri=given.uri))
        return
    server = local_server(chosen)
    found = server.status()
    match found.state:
        case State.RUNNING:
            sentence = say(
                "Neo4j {version} answers at {uri} (process {pid}, data in {folder}).",
                version=found.version,
                uri=found.uri,
                pid=str(found.pid),
                folder=str(server.folder),
            )
        case State.STOPPED:
            sentence = say("The database of {home} is stopped.", home=str(server.home))
        case State.BEING_SAVED:
            sentence = say("The database is being saved. Try again in a minute.")
        case State.REFUSING:
            sentence = say(
                "The database runs (process {pid}) but does not accept the password in {file}.",
                pid=str(found.pid),
                file=str(server.password_file),
            )
        case State.NOT_ANSWERING:
            sentence = say(
                "The database runs (process {pid}) but does not answer ({reason}). Its log is {log}.",
                pid=str(found.pid),
                reason=found.reason,
                log=str(server.console),
            )
    tell(sentence)
    if found.state is not State.RUNNING:
        raise typer.Exit(ExitStatus.UNAVAILABLE)


@app.command(
    help=written("Print what the database said since its last start."),
    epilog=written("Example: graph-crm db logs --lines 20\n\nExit status: 0; 1 refused."),
)
def logs(*, lines: Annotated[int, typer.Option(min=1, help=written("How many of the last lines."))] = 100) -> None:
    typer.echo(local_server(settings()).logs(lines), nl=False)


@app.command(
    help=written("Delete all data of this home's database. It asks for the name of the home."),
    epilog=written(
        "Example: graph-crm db reset --name graph_crm\n\n"
        "Exit status: 0 deleted; 1 refused (wrong name, a database of yours), nothing deleted."
    ),
)
def reset(
    *,
    name: Annotated[
        str | None, typer.Option(help=written("The name of the home, for scripts that cannot be asked."))
    ] = None,
) -> None:
    server = local_server(settings())
    if name is None:
        question = say(
            "This deletes all data in {folder}. Type the name of the home, {home}, to go on",
            folder=str(server.folder),
            home=server.home.name,
        )
        try:
            name = str(typer.prompt(question.read(language()), default="", show_default=False))
        except typer.Abort as problem:
            raise Invalid("Nothing was deleted: the name of this home was not given.") from problem
    server.reset(name)
    tell(say("All data of {home} are deleted.", home=str(server.home)))


@app.command(
    help=written("Save the whole database, its users and its password in one file. It stops for a moment."),
    epilog=written(
        "Example: graph-crm db backup monday.tar\n\n"
        "Whoever can read the file can read the data. Exit status: 0 saved; 1 refused; 3 it cannot be saved now."
    ),
)
def backup(file: File) -> None:
    manifest = saving.backup(local_server(settings()), file, TerminalProgress())
    tell(
        say(
            "{file} holds {nodes} nodes and {relationships} relationships of Neo4j {version}.",
            file=str(file),
            nodes=manifest.counts.nodes,
            relationships=manifest.counts.relationships,
            version=manifest.version,
        )
    )


@app.command(
    help=written("Fill an empty home from a saved file, check it, and leave the database running."),
    epilog=written(
        "Example: GRAPH_CRM_HOME=/srv/restored graph-crm db restore monday.tar\n\n"
        "Exit status: 0 restored and checked; 1 refused (home not empty, file damaged); 3 it cannot be restored now."
    ),
)
def restore(file: File) -> None:
    server = local_server(settings())
    manifest = saving.restore(server, file, TerminalProgress())
    tell(
        say(
            "{home} holds {nodes} nodes and {relationships} relationships again, checked; passwords are as before.",
            home=str(server.home),
            nodes=manifest.counts.nodes,
            relationships=manifest.counts.relationships,
        )
    )
