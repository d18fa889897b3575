"""`graph-crm map`: the stakeholder map of a deal or an account, in the terminal, in Mermaid or as JSON."""

from __future__ import annotations

import datetime as dt
import os
import shutil
import sys
from enum import StrEnum
from typing import Annotated

import typer

from graph_crm.commands.answers import json_of
from graph_crm.commands.connection import As, Session, run
from graph_crm.commands.names import deal_or_account
from graph_crm.commands.terminal import language, written
from graph_crm.errors import Invalid, NotFound
from graph_crm.language import Language
from graph_crm.stakeholders import service as stakeholders
from graph_crm.stakeholders.answer import StakeholderMap
from graph_crm.stakeholders.mermaid import map_mermaid
from graph_crm.stakeholders.text import map_text

app = typer.Typer(add_completion=False)

WIDTH = 100
NARROW = 80

AS_JSON = """
query($of: MapScopeInput!, $asOf: DateTime, $knownAt: DateTime) {
  stakeholderMap(of: $of, asOf: $asOf, knownAt: $knownAt) {
  asOf knownAt status statusReasons { kind code sentence severity }
  people { id title x y keyPlayer external badges contact { id displayName }
    stakeholder { id roles stance influenceLevel isPrimary confidence since } }
  links { id kind weight from { id } to { id } validFrom validTo }
  seats { role needsChampion weight state sentence }
  consensus { support knownShare blockerExposure reached }
  roleCoverage { score threads multithreading singleThreaded ourThreads } truncated } }
"""


class Format(StrEnum):
    TEXT = "text"
    MERMAID = "mermaid"
    JSON = "json"


Spoken = Annotated[
    Language | None,
    typer.Option("--language", case_sensitive=False, help=written("en or fr; that of the settings without it.")),
]
Moment = Annotated[
    str | None, typer.Option(metavar="DATE", help=written("A day, or a moment with its offset; now without it."))
]


@app.command(
    "map",
    help=written("The stakeholder map of a deal or an account: who decides, who blocks, whom we reach."),
    epilog=written(
        'Example: graph-crm map "Suivi temps réel – 6 sites" --as-of 2026-08-23\n\n'
        "Exit status: 0 shown; 1 refused (no such name, several of it, no such day); 2 wrong usage; "
        "3 the database cannot answer."
    ),
)
def show(
    name: Annotated[
        str, typer.Argument(metavar="NAME", help=written("A deal or an account, by name or id."), show_default=False)
    ],
    *,
    as_of: Moment = None,
    known_at: Annotated[
        str | None, typer.Option(metavar="DATE", help=written("As it was known then, mistakes included."))
    ] = None,
    form: Annotated[Format, typer.Option("--format", help=written("text, mermaid or json."))] = Format.TEXT,
    ascii_only: Annotated[bool, typer.Option("--ascii", help=written("Plain characters only."))] = False,
    spoken: Spoken = None,
    acting: As = None,
) -> None:
    told = spoken or language()
    moment, known = moment_of(as_of), moment_of(known_at)

    async def work(session: Session) -> str:
        deal_id, account_id = await deal_or_account(session, name)
        if form is Format.JSON:
            variables = {
                "of": {"accountId": account_id} if deal_id is None else {"opportunityId": deal_id},
                "asOf": None if moment is None else moment.isoformat(),
                "knownAt": None if known is None else known.isoformat(),
            }
            return await json_of(session, AS_JSON, variables, told)
        found = await stakeholders.map_of(
            session.graph, session.viewer, deal_id or account_id or "", as_of=moment, known_at=known
        )
        if found is None:
            raise NotFound("There is no deal and no account called {name}.", name=name)
        return map_mermaid(found, told) if form is Format.MERMAID else drawn(found, told, ascii_only=ascii_only)

    sys.stdout.write(run(work, acting).rstrip("\n") + "\n")


def drawn(found: StakeholderMap, told: Language, *, ascii_only: bool = False) -> str:
    """The picture for this terminal: as wide as it is good to read, coloured only where colour is wanted."""
    columns = shutil.get_terminal_size((WIDTH, 24)).columns
    colour = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    return map_text(found, told, width=WIDTH if columns >= WIDTH else NARROW, ascii_only=ascii_only, colour=colour)


def moment_of(text: str | None) -> dt.datetime | None:
    """A day, at its end in UTC, or a moment with its offset."""
    if text is None:
        return None
    try:
        if len(text) == len("2026-03-01"):
            day = dt.date.fromisoformat(text)
            return dt.datetime.combine(day, dt.time(23, 59, 59), dt.UTC)
        moment = dt.datetime.fromisoformat(text)
    except ValueError:
        raise Invalid("{value} is not a day that exists; write it like 2026-03-01.", value=text) from None
    if moment.tzinfo is None:
        raise Invalid("The date and time {value} needs an offset, such as Z or +01:00.", value=text)
    return moment.astimezone(dt.UTC)
