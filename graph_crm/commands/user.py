"""`graph-crm user`: who works here and may sign in."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import typer

from graph_crm.commands.columns import tell_rows
from graph_crm.commands.connection import As, Session, run
from graph_crm.commands.terminal import language, tell, written
from graph_crm.graph.lists import Span
from graph_crm.language import Language, Sentence, say
from graph_crm.team import service
from graph_crm.team.types import NewUser, OurUser, role_named
from graph_crm.viewer import Role

app = typer.Typer(add_completion=False, no_args_is_help=True, help=written("Who works here and may sign in."))

Email = Annotated[str, typer.Argument(metavar="EMAIL", show_default=False)]


@app.command(
    help=written("Add one of ours, or bring back somebody who left."),
    epilog=written(
        "Example: graph-crm user add anna@ours.example 'Anna Kerr' --role seller\n\n"
        "They sign in with a key: graph-crm key create EMAIL. "
        "Exit status: 0 added; 1 refused; 2 wrong usage; 3 the database cannot be reached."
    ),
)
def add(
    email: Email,
    name: Annotated[str, typer.Argument(metavar="NAME", show_default=False)],
    *,
    role: Annotated[
        str, typer.Option(help=written("administrator, operations, seller, reader, privacy-officer or integration."))
    ] = "seller",
    speaks: Annotated[
        Language | None,
        typer.Option("--language", help=written("EN or FR; left out: as in the settings.")),
    ] = None,
    acting: As = None,
) -> None:
    async def work(session: Session) -> OurUser:
        spoken = speaks or session.settings.language
        return await service.create_user(
            session.graph, session.viewer, NewUser(email, name, role_named(role), spoken)
        )

    user = run(work, acting)
    tell(say("{name} is one of ours now ({role}).", name=user.name, role=word_of(user.role)))


@app.command(
    help=written("Somebody leaves, today or after their last day. Their keys stop working then."),
    epilog=written(
        "Example: graph-crm user deactivate marc@ours.example --on 2026-09-30 --successor sophie@ours.example\n\n"
        "Exit status: 0 done; 1 refused; 2 wrong usage; 3 the database cannot be reached."
    ),
)
def deactivate(
    email: Email,
    *,
    on: Annotated[
        dt.datetime | None,
        typer.Option(metavar="DATE", formats=["%Y-%m-%d"], help=written("Their last day; without it, today.")),
    ] = None,
    successor: Annotated[
        str | None, typer.Option(metavar="EMAIL", help=written("Who takes over what they leave."))
    ] = None,
    acting: As = None,
) -> None:
    async def work(session: Session) -> OurUser:
        leaver = await service.user_named(session.graph, session.viewer, email)
        heir = None if successor is None else await service.user_named(session.graph, session.viewer, successor)
        return await service.deactivate_user(
            session.graph,
            session.viewer,
            leaver.id,
            leaves_on=None if on is None else on.date(),
            successor_id=None if heir is None else heir.id,
        )

    user = run(work, acting)
    tell(
        say("{name} stays active through {day}.", name=user.name, day=user.leaves_on)
        if user.active
        else say("{name} is no longer active.", name=user.name)
    )


@app.command(
    name="list",
    help=written("List all of ours by name, those who left included."),
    epilog=written("Example: graph-crm user list\n\nExit status: 0; 1 refused; 3 the database cannot be reached."),
)
def list_users(*, acting: As = None) -> None:
    async def work(session: Session) -> list[OurUser]:
        page = await service.users(session.graph, session.viewer, Span(100))
        found = page.rows
        while page.has_next:
            page = await service.users(session.graph, session.viewer, Span(100, page.cursors[-1]))
            found += page.rows
        return found

    heads = [head.read(language()) for head in (say("Name"), say("E-mail address"), say("Role"), say("Status"))]
    tell_rows(
        heads,
        [
            [user.name, user.email or "", word_of(user.role).read(language()), standing(user).read(language())]
            for user in run(work, acting)
        ],
    )


def standing(user: OurUser) -> Sentence:
    """Whether somebody works here, and until when."""
    if user.active and user.leaves_on is not None:
        return say("active, leaves on {day}", day=user.leaves_on)
    if user.active:
        return say("active")
    if user.leaves_on is not None:
        return say("left on {day}", day=user.leaves_on)
    return say("not active")


def word_of(role: Role) -> Sentence:
    return ROLE_WORDS[role]


ROLE_WORDS = {
    Role.ADMINISTRATOR: say("administrator"),
    Role.OPERATIONS: say("operations"),
    Role.SELLER: say("seller"),
    Role.READER: say("reader"),
    Role.PRIVACY_OFFICER: say("privacy officer"),
    Role.INTEGRATION: say("integration"),
}
