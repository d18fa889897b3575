"""`graph-crm team`: who works with whom."""

from __future__ import annotations

from typing import Annotated

import typer

from graph_crm.commands.connection import As, Session, run
from graph_crm.commands.terminal import tell, written
from graph_crm.language import say
from graph_crm.team import service

app = typer.Typer(add_completion=False, no_args_is_help=True)


# A group of one command would become that command.
@app.callback(help=written("Who works with whom: colleagues of one team see and change each other's records."))
def group() -> None: ...


@app.command(
    name="set",
    help=written("Say who belongs to a team. Whoever is not named belongs to it no more."),
    epilog=written(
        "Example: graph-crm team set Lyon anna@ours.example marc@ours.example --territory 'Rhône-Alpes'\n\n"
        "Exit status: 0 done; 1 refused; 2 wrong usage; 3 the database cannot be reached."
    ),
)
def set_team(
    name: Annotated[str, typer.Argument(metavar="NAME", show_default=False)],
    members: Annotated[list[str] | None, typer.Argument(metavar="EMAIL…", show_default=False)] = None,
    *,
    territories: Annotated[
        list[str] | None,
        typer.Option(
            "--territory", metavar="NAME", help=written("What the team covers, once for each; left out: as before.")
        ),
    ] = None,
    acting: As = None,
) -> None:
    async def work(session: Session) -> list[str]:
        people = [await service.user_named(session.graph, session.viewer, email) for email in members or []]
        await service.set_team(
            session.graph,
            session.viewer,
            name,
            [person.id for person in people],
            territory_names=territories or None,
        )
        return [person.name for person in people]

    names = run(work, acting)
    tell(
        say("{team} is {names} now.", team=name, names=names)
        if names
        else say("{team} has nobody in it now.", team=name)
    )
