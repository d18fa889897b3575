"""What the parts of a plan share: who is known by now, what is planned so far, and what has to be looked at."""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from graph_crm.changes.types import RecordType, SourceKey
from graph_crm.graph.folding import search_folded, search_text
from graph_crm.imports.drafts import ADDRESS_FIELDS, ContactDraft, Drafts, Origin, folded
from graph_crm.imports.known import Known, KnownSource, KnownUser
from graph_crm.imports.placing import Directory
from graph_crm.imports.types import Candidate, PlacedBy, Problem, ProblemCode, RecordKind, Verdict
from graph_crm.language import Language, Sentence
from graph_crm.ties.types import InteractionFacts, Participant

RECORD_TYPES: Final[Mapping[RecordKind, RecordType]] = {
    RecordKind.ACCOUNT: RecordType.ACCOUNT,
    RecordKind.CONTACT: RecordType.CONTACT,
    RecordKind.OPPORTUNITY: RecordType.OPPORTUNITY,
}


@dataclass(frozen=True, slots=True)
class Options:
    """What the import was told besides its files."""

    language: Language = Language.EN
    region: str = "FR"
    mail_subjects: bool = True


@dataclass(slots=True)
class Planned:
    """One record: what becomes of it, and the row that the statement takes.

    `version` is that of a record of before when the plan was made; `touched` are other records of before that are
    linked to it or changed with it.
    """

    id: str
    kind: RecordKind
    verdict: Verdict
    order: tuple[str, ...]
    row: dict[str, Any]
    origin: Origin | None = None
    version: int | None = None
    touched: tuple[str, ...] = ()
    before: dict[str, Any] = field(default_factory=dict[str, Any])
    after: dict[str, Any] = field(default_factory=dict[str, Any])
    facts: InteractionFacts | None = None
    participants: tuple[Participant, ...] = ()


@dataclass(slots=True)
class PersonEntry:
    """Somebody whom other rows name: by name and account."""

    id: str
    name: str
    account_name: str | None
    account_ids: tuple[str, ...]


@dataclass(slots=True)
class Users:
    """Those of ours whom rows may name, by address and by name."""

    by_email: dict[str, KnownUser] = field(default_factory=dict[str, KnownUser])
    by_name: dict[str, list[KnownUser]] = field(default_factory=lambda: defaultdict[str, list[KnownUser]](list))

    def add(self, user: KnownUser) -> None:
        self.by_email[user.email] = user
        self.by_name[user.name_key].append(user)


@dataclass(slots=True)
class People:
    """The contacts whom rows may name, and those that drafts became."""

    by_name: dict[str, dict[str, PersonEntry]] = field(
        default_factory=lambda: defaultdict[str, dict[str, PersonEntry]](dict)
    )
    of_drafts: dict[int, PersonEntry] = field(default_factory=dict[int, PersonEntry])

    def add(self, name_key: str, key: str, entry: PersonEntry) -> None:
        self.by_name[name_key][key] = entry

    def of_draft(self, draft: ContactDraft) -> PersonEntry | None:
        return self.of_drafts.get(id(draft))

    def named(self, name: str, account_key: str | None) -> list[PersonEntry]:
        """The contacts of that name at that account; wherever they are when no account is named."""
        found = {
            person.id: person
            for person in self.by_name.get(folded(name), {}).values()
            if account_key is None or (person.account_name is not None and folded(person.account_name) == account_key)
        }
        return list(found.values())


@dataclass(slots=True)
class Ledger:
    """The plan as it grows. Each part adds its records, and what later parts have to find again."""

    drafts: Drafts
    known: Known
    options: Options
    now: dt.datetime
    new_id: Callable[[], str]
    users: Users = field(default_factory=Users)
    directory: Directory = field(default_factory=Directory)
    people: People = field(default_factory=People)
    steps: dict[RecordKind, list[Planned]] = field(
        default_factory=lambda: {kind: list[Planned]() for kind in RecordKind}
    )
    problems: list[Problem] = field(default_factory=list[Problem])
    contacts_placed: Counter[PlacedBy] = field(default_factory=Counter[PlacedBy])
    opportunities_placed: Counter[PlacedBy] = field(default_factory=Counter[PlacedBy])

    def note(
        self,
        code: ProblemCode,
        origin: Origin,
        kind: RecordKind,
        field_name: str,
        value: str | None,
        sentence: Sentence,
        candidates: tuple[Candidate, ...] = (),
        *,
        left_out: bool = False,
    ) -> None:
        """Put a row into the report."""
        heading = self.drafts.heading(origin, kind, field_name)
        self.problems.append(Problem(code, origin.file, origin.row, heading, value, sentence, candidates, left_out))

    def source_key(self, kind: RecordKind, key: str) -> SourceKey:
        return SourceKey(self.drafts.system, RECORD_TYPES[kind], key)

    def source_of(self, kind: RecordKind, key: str) -> KnownSource | None:
        """What an earlier import noted of this record."""
        return self.known.sources.get(self.source_key(kind, key).text)

    def source_row(self, kind: RecordKind, key: str, origin: Origin, values: Mapping[str, Any]) -> dict[str, Any]:
        source = self.source_key(kind, key)
        return {
            "id": self.new_id(),
            "key": source.text,
            "external_key": source.key,
            "file": origin.file,
            "row": origin.row,
            "values": values,
        }

    def address_row(self, changes: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any] | None:
        """The postal address of a row, when the file says something new of it."""
        if not any(part in changes for part in ADDRESS_FIELDS):
            return None
        parts = {part: given.get(part) for part in ADDRESS_FIELDS}
        country = parts["country"]
        return {"id": self.new_id(), **parts, "country_key": None if country is None else folded(country)}

    def ownership(self, owner: KnownUser | None, changes: Mapping[str, Any]) -> dict[str, Any] | None:
        """Who owns a record from now on, when the file says so for the first time or names somebody else."""
        if owner is None or "owner" not in changes:
            return None
        return {"id": self.new_id(), "user_id": owner.id}


# ------------------------------------------------------------------------------------------------ small rules


def differing(given: Mapping[str, Any], last: Mapping[str, Any]) -> dict[str, Any]:
    """What a file says now and did not say before. A blank says nothing."""
    return {name: value for name, value in given.items() if last.get(name) != value}


def named(*ids: str | None) -> tuple[str, ...]:
    """The records that are named at all, each once."""
    return tuple(sorted({record_id for record_id in ids if record_id is not None}))


def picked(values: Mapping[str, Any], *names: str) -> dict[str, Any]:
    return {name: values.get(name) for name in names}


def searched(*parts: str | None) -> dict[str, str]:
    """What the full-text index reads of a record."""
    return {"search_text": search_text(*parts), "search_folded": search_folded(*parts)}


def milliseconds(moment: dt.datetime) -> int:
    """A moment as statements for thousands of rows take it: a number costs a tenth of a moment."""
    return round(moment.timestamp() * 1000)
