"""`graph-crm tie` and `graph-crm ties`: what people say of an acquaintance, and all of them told anew."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Annotated

import typer

from graph_crm.commands.connection import As, Session, run
from graph_crm.commands.maps import moment_of
from graph_crm.commands.terminal import TerminalProgress, tell, written
from graph_crm.errors import NotFound
from graph_crm.language import Sentence, say, say_plural
from graph_crm.ties import service
from graph_crm.ties.service import Rebuilt, Statement
from graph_crm.ties.strength import epoch_days, strength_of
from graph_crm.ties.types import TieLevel, TieVisibility


class Level(StrEnum):
    WEAK = "weak"
    MEDIUM = "medium"
    STRONG = "strong"


class Shown(StrEnum):
    SHARED = "shared"
    EXISTS_BUT_ASK = "exists-but-ask"
    PRIVATE = "private"


app = typer.Typer(add_completion=False, no_args_is_help=True)
all_ties = typer.Typer(add_completion=False, no_args_is_help=True)


# A group of one command would become that command.
@app.callback(help=written("How well two people know each other, as somebody says it."))
def group() -> None: ...


@all_ties.callback(help=written("All ties at once."))
def whole_group() -> None: ...


@app.command(
    name="state",
    help=written("Say how well two people know each other. People are named by name, e-mail address or id."),
    epilog=written(
        "Example: graph-crm tie state 'Rachel Osei' 'Margaret Pike' --level medium --on 2026-02-20\n\n"
        "Exit status: 0 done; 1 refused; 2 wrong usage; 3 the database cannot be reached."
    ),
)
def state(
    person: Annotated[str, typer.Argument(metavar="PERSON", show_default=False)],
    other: Annotated[str, typer.Argument(metavar="PERSON", show_default=False)],
    *,
    level: Annotated[Level, typer.Option(help=written("How well they know each other."))],
    on: Annotated[
        str | None, typer.Option(metavar="DATE", help=written("When this was confirmed; today without it."))
    ] = None,
    visibility: Annotated[
        Shown | None,
        typer.Option(
            help=written("Who sees it: everybody, everybody but without our end's name, or its owner alone.")
        ),
    ] = None,
    note: Annotated[str | None, typer.Option(metavar="TEXT", help=written("What is said of it."))] = None,
    acting: As = None,
) -> None:
    confirmed_at = moment_of(on)

    async def work(session: Session) -> Sentence:
        now = session.graph.now()
        one = await service.person_called(session.graph, session.viewer, person)
        two = await service.person_called(session.graph, session.viewer, other)
        tie = await service.state(
            session.graph,
            session.viewer,
            Statement(
                one.id,
                two.id,
                TieLevel(level.value.upper()),
                note=note,
                visibility=None if visibility is None else TieVisibility(visibility.value.upper().replace("-", "_")),
                confirmed_at=until(confirmed_at, now),
            ),
        )
        if tie is None:
            raise NotFound("It was saved, but you may not see it: it belongs to a colleague outside your teams.")
        told = strength_of(tie.tie, epoch_days(session.graph.now()))
        return say("{one} and {other}: {explanation}", one=one.name, other=two.name, explanation=told.explanation)

    tell(run(work, acting))


def until(moment: dt.datetime | None, now: dt.datetime) -> dt.datetime | None:
    """A day means its end; today is not over."""
    return now if moment is not None and moment > now and moment.date() == now.date() else moment


@all_ties.command(
    name="rebuild",
    help=written(
        "Tell the contact of every tie anew from its interactions. A rebuild that was cut off goes on where it "
        "stopped; others may work meanwhile."
    ),
    epilog=written(
        "Example: graph-crm ties rebuild\n\n"
        "Exit status: 0 done; 1 refused; 2 wrong usage; 3 the database cannot be reached."
    ),
)
def rebuild(*, acting: As = None) -> None:
    progress = TerminalProgress()

    def report(done: Rebuilt) -> None:
        progress.announce(
            say_plural(
                "{count} person done, ties: {ties}.",
                "{count} people done, ties: {ties}.",
                count=done.people,
                ties=done.ties,
            )
        )

    async def work(session: Session) -> Rebuilt:
        return await service.rebuild(session.graph, session.viewer, report=report)

    done = run(work, acting)
    tell(
        say_plural(
            "{count} tie is told anew; {dropped} held nothing any more, degrees put right: {corrected}.",
            "{count} ties are told anew; {dropped} held nothing any more, degrees put right: {corrected}.",
            count=done.ties,
            dropped=done.dropped,
            corrected=done.corrected,
        )
    )
