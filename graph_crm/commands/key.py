"""`graph-crm key`: the keys that let people and programs in."""

from __future__ import annotations

import datetime as dt
import sys
from typing import Annotated

import typer

from graph_crm.commands.columns import tell_rows
from graph_crm.commands.connection import As, Session, run
from graph_crm.commands.terminal import language, tell, written
from graph_crm.language import Sentence, say
from graph_crm.team import service
from graph_crm.team.keys import NewKey
from graph_crm.team.types import ShownKey, scopes_named

app = typer.Typer(
    add_completion=False, no_args_is_help=True, help=written("The keys that let people and programs in.")
)


@app.command(
    help=written("Make a key for one of ours and show it, once."),
    epilog=written(
        "Example: graph-crm key create anna@ours.example --scope records:read --expires 2026-12-31\n\n"
        "The key alone is printed on standard output. Only a digest of it is kept. "
        "Exit status: 0 made; 1 refused; 2 wrong usage; 3 the database cannot be reached."
    ),
)
def create(
    email: Annotated[str, typer.Argument(metavar="EMAIL", show_default=False)],
    *,
    scope: Annotated[
        list[str] | None,
        typer.Option(metavar="SCOPE", help=written("What the key may do, once for each; left out: all of its user.")),
    ] = None,
    expires: Annotated[
        dt.datetime | None,
        typer.Option(metavar="DATE", formats=["%Y-%m-%d"], help=written("Its last day; left out: none.")),
    ] = None,
    acting: As = None,
) -> None:
    async def work(session: Session) -> NewKey:
        return await service.create_key(
            session.graph,
            session.viewer,
            email,
            scopes=scopes_named(frozenset(scope)) if scope else None,
            expires_at=None if expires is None else expires.replace(tzinfo=dt.UTC) + dt.timedelta(days=1),
        )

    made = run(work, acting)
    sys.stdout.write(made.text + "\n")
    hint = say("Keep this key: it is shown once. Send it as Authorization: Bearer {prefix}…", prefix=made.text[:16])
    sys.stderr.write(hint.read(language()) + "\n")


@app.command(
    name="list",
    help=written("List all keys without their secrets, the newest first."),
    epilog=written("Example: graph-crm key list\n\nExit status: 0; 1 refused; 3 the database cannot be reached."),
)
def list_keys(*, acting: As = None) -> None:
    async def work(session: Session) -> list[ShownKey]:
        return await service.keys(session.graph, session.viewer)

    heads = (say("Prefix"), say("Colleague"), say("Scopes"), say("Status"))
    tell_rows(
        [head.read(language()) for head in heads],
        [
            [
                key.prefix,
                key.user_email or key.user_name,
                ", ".join(sorted(key.scopes)) if key.scopes is not None else say("all").read(language()),
                standing(key, dt.datetime.now(dt.UTC)).read(language()),
            ]
            for key in run(work, acting)
        ],
    )


@app.command(
    help=written("End a key: within five seconds it lets nobody in."),
    epilog=written(
        "Example: graph-crm key revoke k3j9x0q2ab\n\n"
        "Exit status: 0 done; 1 refused; 2 wrong usage; 3 the database cannot be reached."
    ),
)
def revoke(
    prefix: Annotated[str, typer.Argument(metavar="PREFIX", show_default=False)], *, acting: As = None
) -> None:
    async def work(session: Session) -> None:
        await service.revoke_key(session.graph, session.viewer, prefix)

    run(work, acting)
    tell(say("The key {prefix} lets nobody in any more.", prefix=prefix))


def standing(key: ShownKey, now: dt.datetime) -> Sentence:
    """Whether a key still lets anybody in."""
    if key.revoked_at is not None:
        return say("revoked on {day}", day=key.revoked_at.date())
    if key.expires_at is None:
        return say("valid")
    last_day = (key.expires_at - dt.timedelta(days=1)).date()
    return say("valid through {day}", day=last_day) if key.expires_at > now else say("expired")
