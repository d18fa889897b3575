"""`graph-crm import`: files of another system into the graph."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

from graph_crm.commands.columns import tell_rows
from graph_crm.commands.connection import As, Session, run
from graph_crm.commands.terminal import ExitStatus, language, settings, tell, written
from graph_crm.errors import Invalid
from graph_crm.imports.child import read_apart
from graph_crm.imports.plan import Options
from graph_crm.imports.reporting import write_report
from graph_crm.imports.service import Asked, import_sheets
from graph_crm.imports.types import BrokenFiles, PlacedBy, Problem, ProblemCode, RecordKind, Report, Sheet
from graph_crm.language import Sentence, say, say_plural
from graph_crm.opportunities.amounts import currency_of

PROBLEMS_SHOWN = 10

app = typer.Typer(add_completion=False)


@app.command(
    "import",
    help=written("Import files of another system. What each one holds is told from its columns."),
    epilog=written(
        "Example: graph-crm import export/*.csv --currency USD --report problems.csv\n\n"
        "The same files again change nothing; an import that was cut off goes on where it stopped. "
        "Exit status: 0 done; 1 refused, nothing written; 2 wrong usage; 3 the database cannot be reached; "
        "4 done, but rows were left out (the report names them)."
    ),
)
def import_files(
    *,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILES", show_default=False, help=written("CSV files, in any order."))
    ],
    currency: Annotated[
        str | None, typer.Option(help=written("Three letters, for amounts that come without a currency."))
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help=written("Say what would be done and write nothing."))
    ] = False,
    report: Annotated[
        Path | None, typer.Option(help=written("Write every problem to this .csv or .json file."))
    ] = None,
    mail_subjects: Annotated[
        bool,
        typer.Option("--mail-subjects/--no-mail-subjects", help=written("Whether the subjects of e-mails are kept.")),
    ] = True,
    acting: As = None,
) -> None:
    refuse_other_reports(report)
    sheets = read(files)
    try:
        done = run(
            lambda session: imported(session, sheets, currency, dry_run=dry_run, subjects=mail_subjects), acting
        )
    except KeyboardInterrupt:
        sys.stderr.write(read_in(say("Stopped. The same command goes on from here.")) + "\n")
        raise typer.Exit(ExitStatus.INTERRUPTED) from None
    tell_files(done)
    tell_counts(done)
    tell_problems(done, report or default_report(done))
    if done.rejected:
        raise typer.Exit(ExitStatus.PARTLY)


def refuse_other_reports(report: Path | None) -> None:
    """Before the work is done, not after it."""
    if report is not None and report.suffix.lower() not in {".csv", ".json"}:
        raise Invalid("A report is a .csv or a .json file.")


def read(files: list[Path]) -> list[Sheet]:
    try:
        return read_apart(files)
    except BrokenFiles as broken:
        for problem in broken.problems[1:]:
            sys.stderr.write(problem.sentence.read(language()) + "\n")
        raise


async def imported(
    session: Session, sheets: list[Sheet], currency: str | None, *, dry_run: bool, subjects: bool
) -> Report:
    chosen = session.settings
    code = currency or chosen.default_currency
    asked = Asked(
        currency=None if code is None else currency_of(code, None),
        options=Options(language=chosen.language, region=chosen.default_region, mail_subjects=subjects),
        dry_run=dry_run,
    )
    columns = ("{task.description}", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(say("Writing records").read(language()), total=None)

        def advance(done: int, total: int) -> None:
            bar.update(task, completed=done, total=total)

        return await import_sheets(session.graph, session.viewer, sheets, asked, advance=advance)


# ------------------------------------------------------------------------------------------------------- answers


def read_in(sentence: Sentence) -> str:
    return sentence.read(language())


def tell_files(report: Report) -> None:
    heads = [read_in(head) for head in (say("File"), say("Recognised as"), say("Rows"), say("Columns left out"))]
    rows = [[file.file, read_in(file.kind.label), str(file.rows), ", ".join(file.left_out)] for file in report.files]
    tell_rows(heads, rows)
    sys.stdout.write("\n")


def tell_counts(report: Report) -> None:
    heads = [read_in(head) for head in (say("Records"), say("Created"), say("Changed"), say("Unchanged"))]
    rows = [
        [read_in(kind.label), str(count.created), str(count.changed), str(count.unchanged)]
        for kind, count in report.counts.items()
        if count.created or count.changed or count.unchanged
    ]
    tell_rows(heads, rows)
    sys.stdout.write("\n")
    if report.contacts_placed:
        tell(
            say(
                "Contacts placed at an account: {name} by its name, {domain} by e-mail domain, "
                "{ambiguous} ambiguous.",
                name=report.contacts_placed.get(PlacedBy.NAME, 0),
                domain=report.contacts_placed.get(PlacedBy.DOMAIN, 0),
                ambiguous=report.contacts_placed.get(PlacedBy.AMBIGUOUS, 0),
            )
        )
    if report.opportunities_placed:
        tell(
            say(
                "Opportunities placed at an account: {name} by its name, {contact} by their contact, "
                "{ambiguous} ambiguous.",
                name=report.opportunities_placed.get(PlacedBy.NAME, 0),
                contact=report.opportunities_placed.get(PlacedBy.CONTACT, 0),
                ambiguous=report.opportunities_placed.get(PlacedBy.AMBIGUOUS, 0),
            )
        )
    if report.counts[RecordKind.INTERACTION].created:
        tell(
            say_plural(
                "{count} tie between owners and contacts.", "{count} ties between owners and contacts.",
                count=report.ties,
            )
        )  # fmt: skip
    if (users := report.counts[RecordKind.USER].created) and not report.dry_run:
        tell(
            say_plural(
                "{count} user is inactive, and no path starts there, until given a key: "
                "graph-crm key create EMAIL. graph-crm user list names them.",
                "{count} users are inactive, and no path starts there, until given a key: "
                "graph-crm key create EMAIL. graph-crm user list names them.",
                count=users,
            )
        )
    tell(outcome(report))


def outcome(report: Report) -> Sentence:
    if report.all_unchanged and not report.rejected:
        return say("Everything was there already: nothing was changed.")
    if report.dry_run:
        return say("This was a dry run: nothing was written.")
    if report.resumed:
        return say("An import of these files that was cut off is complete now, after {time} s.", time=report.seconds)
    return say("Imported in {time} s.", time=report.seconds)


def default_report(report: Report) -> Path | None:
    """Where the problems of a real import are written when nobody says where."""
    if report.dry_run or report.job_id is None or not report.problems:
        return None
    return settings().home / "imports" / f"{report.job_id}.csv"


def tell_problems(report: Report, file: Path | None) -> None:
    if file is not None:
        write_report(file, report, language())
    if not report.problems:
        return
    sys.stdout.write("\n")
    counted = Counter(problem.code for problem in report.problems)
    for code in ProblemCode:
        if counted[code]:
            tell(say("{label}: {number}", label=code.label, number=counted[code]))
    worst = [problem for problem in report.problems if problem.code in WORTH_SHOWING]
    for problem in worst[:PROBLEMS_SHOWN]:
        tell(line_of(problem))
    if file is not None:
        tell(say("All of it, with the candidates, is in {file}.", file=str(file)))
    elif len(report.problems) > PROBLEMS_SHOWN:
        tell(say("--report FILE.csv writes all of it, with the candidates."))


WORTH_SHOWING = frozenset({ProblemCode.REJECTED, ProblemCode.AMBIGUOUS, ProblemCode.NOT_FOUND, ProblemCode.DIFFERS})


def line_of(problem: Problem) -> Sentence:
    return say(
        "{file}, row {row}, {column} “{value}”: {sentence}",
        file=problem.file,
        row=str(problem.row),
        column=problem.column or "",
        value=problem.value or "",
        sentence=problem.sentence,
    )
