"""What an import is about: files, rows, what became of each, and what somebody has to look at."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from graph_crm.errors import Invalid
from graph_crm.language import Sentence, say, say_plural


class FileKind(StrEnum):
    """What the rows of a file are about, told from its columns."""

    USERS = "USERS"
    ACCOUNTS = "ACCOUNTS"
    CONTACTS = "CONTACTS"
    OPPORTUNITIES = "OPPORTUNITIES"
    ACTIVITIES = "ACTIVITIES"
    JOINED = "JOINED"

    @property
    def label(self) -> Sentence:
        return FILE_KIND_LABELS[self]


FILE_KIND_LABELS: Mapping[FileKind, Sentence] = {
    FileKind.USERS: say("users"),
    FileKind.ACCOUNTS: say("accounts"),
    FileKind.CONTACTS: say("contacts"),
    FileKind.OPPORTUNITIES: say("opportunities"),
    FileKind.ACTIVITIES: say("activities"),
    FileKind.JOINED: say("accounts, contacts and opportunities in one sheet"),
}


class RecordKind(StrEnum):
    """What an import makes, in the order in which it is written."""

    USER = "USER"
    PIPELINE = "PIPELINE"
    ACCOUNT = "ACCOUNT"
    CONTACT = "CONTACT"
    OPPORTUNITY = "OPPORTUNITY"
    INTERACTION = "INTERACTION"
    NOTE = "NOTE"

    @property
    def label(self) -> Sentence:
        return RECORD_KIND_LABELS[self]


RECORD_KIND_LABELS: Mapping[RecordKind, Sentence] = {
    RecordKind.USER: say("users"),
    RecordKind.PIPELINE: say("pipelines"),
    RecordKind.ACCOUNT: say("accounts"),
    RecordKind.CONTACT: say("contacts"),
    RecordKind.OPPORTUNITY: say("opportunities"),
    RecordKind.INTERACTION: say("interactions"),
    RecordKind.NOTE: say("notes"),
}


class Verdict(StrEnum):
    """What an import does with one record."""

    CREATED = "CREATED"
    CHANGED = "CHANGED"
    UNCHANGED = "UNCHANGED"


class PlacedBy(StrEnum):
    """How a record found its account."""

    NAME = "NAME"
    DOMAIN = "DOMAIN"
    CONTACT = "CONTACT"
    AMBIGUOUS = "AMBIGUOUS"
    NOWHERE = "NOWHERE"


class ProblemCode(StrEnum):
    """Why a row is listed in the report."""

    BROKEN = "BROKEN"
    REJECTED = "REJECTED"
    AMBIGUOUS = "AMBIGUOUS"
    NOT_FOUND = "NOT_FOUND"
    DIFFERS = "DIFFERS"
    MATCHED_BY_DOMAIN = "MATCHED_BY_DOMAIN"
    MATCHED_BY_CONTACT = "MATCHED_BY_CONTACT"
    ADDED = "ADDED"
    KEPT_AS_GIVEN = "KEPT_AS_GIVEN"

    @property
    def label(self) -> Sentence:
        return PROBLEM_LABELS[self]


PROBLEM_LABELS: Mapping[ProblemCode, Sentence] = {
    ProblemCode.BROKEN: say("broken"),
    ProblemCode.REJECTED: say("rejected"),
    ProblemCode.AMBIGUOUS: say("ambiguous"),
    ProblemCode.NOT_FOUND: say("not found"),
    ProblemCode.DIFFERS: say("differs"),
    ProblemCode.MATCHED_BY_DOMAIN: say("matched by domain"),
    ProblemCode.MATCHED_BY_CONTACT: say("matched by contact"),
    ProblemCode.ADDED: say("added though no file describes it"),
    ProblemCode.KEPT_AS_GIVEN: say("kept as given"),
}


@dataclass(frozen=True, slots=True)
class Candidate:
    """One of several records that a row may mean."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a file that somebody has to look at. `row` counts as a spreadsheet does: the header is 1.

    `left_out` says that nothing was made of the row.
    """

    code: ProblemCode
    file: str
    row: int
    column: str | None
    value: str | None
    sentence: Sentence
    candidates: tuple[Candidate, ...] = ()
    left_out: bool = False


def rejected_rows(problems: Iterable[Problem]) -> set[tuple[str, int]]:
    """The rows of which nothing was made."""
    return {(problem.file, problem.row) for problem in problems if problem.left_out}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file: its number in a spreadsheet, the line it begins on, its cells."""

    number: int
    line: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as it was read."""

    file: str
    digest: str
    encoding: str
    delimiter: str
    columns: tuple[str, ...]
    rows: list[Row]


class BrokenFiles(Invalid):
    """Files that cannot be read as they are; nothing of the import is written."""

    problems: list[Problem]

    @staticmethod
    def of(problems: list[Problem]) -> BrokenFiles:
        first, more = problems[0].sentence, len(problems) - 1
        sentence = (
            say_plural(
                "{problem} There is {count} more problem like it. Nothing was imported.",
                "{problem} There are {count} more problems like it. Nothing was imported.",
                count=more,
                problem=first,
            )
            if more
            else say("{problem} Nothing was imported.", problem=first)
        )
        refusal = BrokenFiles("{sentence}", sentence=sentence)
        refusal.problems = problems
        return refusal


@dataclass(slots=True)
class Count:
    """How many records of one kind an import creates, changes, leaves alone."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0

    def add(self, verdict: Verdict) -> None:
        match verdict:
            case Verdict.CREATED:
                self.created += 1
            case Verdict.CHANGED:
                self.changed += 1
            case Verdict.UNCHANGED:
                self.unchanged += 1


@dataclass(frozen=True, slots=True)
class RecognisedFile:
    """What a file was taken for, and the columns that nothing was made of."""

    file: str
    kind: FileKind
    rows: int
    encoding: str
    left_out: tuple[str, ...]


@dataclass(slots=True)
class Report:
    """What an import did, or would do."""

    files: list[RecognisedFile]
    counts: dict[RecordKind, Count]
    contacts_placed: dict[PlacedBy, int]
    opportunities_placed: dict[PlacedBy, int]
    ties: int
    problems: list[Problem]
    rows: int
    rejected: int
    dry_run: bool = False
    job_id: str | None = None
    resumed: bool = False
    seconds: float = 0.0

    @property
    def all_unchanged(self) -> bool:
        return all(count.created == count.changed == 0 for count in self.counts.values())
