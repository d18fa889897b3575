"""`graph-crm paths`: who can introduce us to somebody, or into an account."""

from __future__ import annotations

import datetime as dt
import shutil
import sys
from enum import StrEnum
from typing import Annotated, Any

import typer

from graph_crm.commands.answers import json_of
from graph_crm.commands.connection import As, Session, run
from graph_crm.commands.maps import NARROW, WIDTH, Moment, Spoken, moment_of
from graph_crm.commands.names import contact_or_account
from graph_crm.commands.terminal import language, written
from graph_crm.errors import Invalid, NotFound
from graph_crm.paths import service
from graph_crm.paths.text import Heading, paths_text
from graph_crm.paths.types import Destination, PathFrom, PathRequest
from graph_crm.team.types import Team
from graph_crm.ties.strength import epoch_days
from graph_crm.viewer import MAINTENANCE

app = typer.Typer(add_completion=False)

AS_JSON = """
query($to: PathTargetInput!, $from: PathFrom!, $teamId: ID, $maxHops: Int!, $first: Int!, $asOf: DateTime) {
  warmPaths(to: $to, from: $from, teamId: $teamId, maxHops: $maxHops, first: $first, asOf: $asOf) {
  exact asOf parametersVersion sentence
  paths { rank score band hops alternatives explanation
    askUser { id displayName } introducer { displayName } target { id displayName }
    steps { from { displayName } to { displayName } grade strength willingness hopPenalty seniorityFactor
      targetFactor contribution } } } }
"""


class Start(StrEnum):
    ME = "me"
    TEAM = "team"
    ANYONE = "anyone"


class Format(StrEnum):
    TEXT = "text"
    JSON = "json"


@app.command(
    "paths",
    help=written("Who can introduce us: the warmest chains of people to a contact or into an account."),
    epilog=written(
        'Example: graph-crm paths --to "Margaret Pike" --from anyone\n\n'
        "Exit status: 0 shown; 1 refused (no such name, several of it, no such day); 2 wrong usage; "
        "3 the database cannot answer."
    ),
)
def show(
    *,
    to: Annotated[str, typer.Option("--to", metavar="NAME", help=written("A contact or an account, by name or id."))],
    start: Annotated[
        Start, typer.Option("--from", case_sensitive=False, help=written("Where paths start: me, team or anyone."))
    ] = Start.ANYONE,
    team_name: Annotated[
        str | None,
        typer.Option("--team", metavar="NAME", help=written("Which team; without it the only one of yours.")),
    ] = None,
    as_of: Moment = None,
    max_hops: Annotated[int, typer.Option(help=written("The most steps of a path, 1 to 4."))] = 3,
    first: Annotated[int, typer.Option(help=written("How many paths."))] = 5,
    form: Annotated[Format, typer.Option("--format", help=written("text or json."))] = Format.TEXT,
    ascii_only: Annotated[bool, typer.Option("--ascii", help=written("Plain characters only."))] = False,
    spoken: Spoken = None,
    acting: As = None,
) -> None:
    told = spoken or language()
    moment = moment_of(as_of)

    async def work(session: Session) -> str:
        if start is Start.ME and session.viewer.user_id == MAINTENANCE:
            raise Invalid("Say who you are with --as EMAIL, or start from anyone.", field=("from",))
        contact_id, account_id = await contact_or_account(session, to)
        needs_team = start is Start.TEAM or team_name is not None
        chosen = await service.team_named(session.graph, session.viewer, team_name) if needs_team else None
        request = PathRequest(
            viewer_id=session.viewer.user_id,
            as_of=epoch_days(moment or session.graph.now()),
            to_contact=contact_id,
            to_account=account_id,
            start=PathFrom.TEAM if chosen is not None else PathFrom(start.name),
            team_id=None if chosen is None else chosen.id,
            max_hops=max_hops,
            first=first,
        )
        if form is Format.JSON:
            return await json_of(session, AS_JSON, variables_of(request, moment), told)
        found = await service.warm_paths(session.graph, session.viewer, request)
        if found is None:
            raise NotFound("There is no contact and no account called {name}.", name=to)
        heading = heading_of(found.target, request, session.viewer.name, chosen)
        columns = shutil.get_terminal_size((WIDTH, 24)).columns
        width = WIDTH if columns >= WIDTH else NARROW
        return paths_text(found.found, heading, told, width=width, ascii_only=ascii_only, sentence=found.sentence)

    sys.stdout.write(run(work, acting).rstrip("\n") + "\n")


def heading_of(target: Destination, request: PathRequest, asker: str, chosen: Team | None) -> Heading:
    """Whom the paths lead to and where they start."""
    start = (
        asker.split(" ", maxsplit=1)[0] if request.start is PathFrom.ME else None if chosen is None else chosen.name
    )
    if request.to_account is not None:
        return Heading(account=target.name, start=start)
    if request.start is PathFrom.ME:
        return Heading(target=target.name, start=start)
    return Heading(target=target.name, title=target.title, account=target.account, start=start)


def variables_of(request: PathRequest, as_of: dt.datetime | None) -> dict[str, Any]:
    """The same question as the API is asked it."""
    return {
        "to": {"contactId": request.to_contact} if request.to_contact else {"accountId": request.to_account},
        "from": request.start.value,
        "teamId": request.team_id,
        "maxHops": request.max_hops,
        "first": request.first,
        "asOf": None if as_of is None else as_of.isoformat(),
    }
