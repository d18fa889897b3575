"""`graph-crm doctor`: whether everything that must hold in the database holds."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from graph_crm.commands.connection import Session, run
from graph_crm.commands.terminal import ExitStatus, tell, written
from graph_crm.graph.doctor import Finding, examine
from graph_crm.language import say, say_plural
from graph_crm.team.service import rebuild_readers


class Repair(StrEnum):
    READERS = "readers"


app = typer.Typer(add_completion=False)


@app.command(
    help=written("Examine the database: whether everything holds that no constraint of it can hold."),
    epilog=written(
        "Example: graph-crm doctor --repair readers\n\n"
        "Exit status: 0 everything holds; 1 something does not; 2 wrong usage; 3 the database cannot be reached."
    ),
)
def doctor(
    *,
    repair: Annotated[
        Repair | None, typer.Option(help=written("readers: derive anew who may see each record, then examine."))
    ] = None,
) -> None:
    async def work(session: Session) -> tuple[int | None, list[Finding]]:
        repaired = await rebuild_readers(session.graph) if repair is Repair.READERS else None
        return repaired, [finding async for finding in examine(session.graph)]

    repaired, findings = run(work)
    if repaired is not None:
        tell(
            say_plural(
                "{count} record has its readers again.", "{count} records have their readers again.", count=repaired
            )
        )
    for finding in findings:
        tell_finding(finding)
    if not all(finding.holds for finding in findings):
        raise typer.Exit(ExitStatus.REFUSED)


def tell_finding(finding: Finding) -> None:
    sentence, name = finding.invariant.sentence, finding.invariant.name
    if finding.holds:
        tell(say("ok      {name}: {sentence}", name=name, sentence=sentence))
        return
    tell(
        say_plural(
            "BROKEN  {name}: {sentence} {count} does not: {first}",
            "BROKEN  {name}: {sentence} {count} do not, first of them: {first}",
            count=finding.offenders.count,
            name=name,
            sentence=sentence,
            first=finding.offenders.first,
        )
    )
