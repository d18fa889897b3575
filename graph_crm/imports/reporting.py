"""The full report of an import, as a file that opens in a spreadsheet or that a program reads."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import orjson

from graph_crm.errors import Invalid
from graph_crm.imports.types import Problem, Report
from graph_crm.language import Language

HEADINGS: Final = ("file", "row", "column", "value", "code", "message", "candidates")
FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r", "\x00")


def write_report(path: Path, report: Report, language: Language) -> None:
    """Write the report as CSV or JSON, as the name of the file says."""
    match path.suffix.lower():
        case ".csv":
            content = as_csv(report.problems, language)
        case ".json":
            content = as_json(report, language)
        case _:
            raise Invalid("A report is a .csv or a .json file.")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as problem:
        raise Invalid(
            "The report {file} cannot be written ({reason}).", file=str(path), reason=problem.strerror or "?"
        ) from problem


def as_csv(problems: Sequence[Problem], language: Language) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADINGS)
    for problem in problems:
        writer.writerow([harmless(str(value)) for value in columns_of(problem, language)])
    # The mark tells spreadsheets that this is UTF-8.
    return text.getvalue().encode("utf-8-sig")


def columns_of(problem: Problem, language: Language) -> tuple[str | int, ...]:
    return (
        problem.file,
        problem.row,
        problem.column or "",
        problem.value or "",
        problem.code.value,
        problem.sentence.read(language),
        "; ".join(f"{candidate.label} [{candidate.id}]" for candidate in problem.candidates),
    )


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def as_json(report: Report, language: Language) -> bytes:
    return orjson.dumps(
        {
            "jobId": report.job_id,
            "dryRun": report.dry_run,
            "rows": report.rows,
            "rejected": report.rejected,
            "ties": report.ties,
            "files": [
                {"file": file.file, "kind": file.kind, "rows": file.rows, "leftOut": file.left_out}
                for file in report.files
            ],
            "records": {
                kind.value: {"created": count.created, "changed": count.changed, "unchanged": count.unchanged}
                for kind, count in report.counts.items()
            },
            "contactsPlaced": {by.value: count for by, count in report.contacts_placed.items()},
            "opportunitiesPlaced": {by.value: count for by, count in report.opportunities_placed.items()},
            "problems": [
                {
                    "file": problem.file,
                    "row": problem.row,
                    "column": problem.column,
                    "value": problem.value,
                    "code": problem.code,
                    "message": problem.sentence.read(language),
                    "candidates": [{"id": one.id, "label": one.label} for one in problem.candidates],
                }
                for problem in report.problems
            ],
        },
        option=orjson.OPT_INDENT_2,
    )
