"""Rows become drafts of records: typed, named by their natural key, those of several files put together.

What identifies a record is chosen so that the same record in another file, or the same file again, makes the
same draft: an account by its name and what tells it from its namesakes, a contact by the e-mail address, an
opportunity by its name and account, an activity by all it says and how often it was said before.
"""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final, TypeVar

from graph_crm.accounts.domains import domain_of
from graph_crm.errors import Invalid
from graph_crm.graph.folding import fold
from graph_crm.imports import cells
from graph_crm.imports.cells import Conventions, DateOrder, Moment, Unreadable
from graph_crm.imports.columns import Columns, recognised
from graph_crm.imports.placing import Place, compatible
from graph_crm.imports.types import (
    FileKind,
    Problem,
    ProblemCode,
    RecognisedFile,
    RecordKind,
    Row,
    Sheet,
)
from graph_crm.language import Sentence, say
from graph_crm.ties.types import InteractionStatus, InteractionType

Value = TypeVar("Value")

DEDICATED: Final = (FileKind.USERS, FileKind.ACCOUNTS, FileKind.CONTACTS, FileKind.OPPORTUNITIES)
"""Files about one kind of record are believed before a sheet that joins several."""

ADDRESS_FIELDS: Final = ("street", "city", "region", "postal_code", "country")

MOST_MINUTES: Final = 7 * 24 * 60


class ActivityType:
    """What an activity file calls its rows."""

    NOTES: Final = frozenset({"note", "notes", "remarque", "commentaire"})
    INTERACTIONS: Final[Mapping[str, InteractionType]] = {
        **dict.fromkeys(("email", "emails", "e mail", "e mails", "mail", "mails", "courriel"), InteractionType.EMAIL),
        **dict.fromkeys(("meeting", "meetings", "reunion", "rendez vous", "rdv"), InteractionType.MEETING),
        **dict.fromkeys(("call", "calls", "appel", "appels", "phone call"), InteractionType.CALL),
        **dict.fromkeys(("video call", "video meeting", "visioconference", "visio"), InteractionType.VIDEO_MEETING),
        **dict.fromkeys(("event", "events", "evenement"), InteractionType.EVENT),
        **dict.fromkeys(("message", "messages", "sms", "chat"), InteractionType.MESSAGE),
    }
    STATUSES: Final[Mapping[str, InteractionStatus]] = {
        **dict.fromkeys(
            ("yes", "done", "completed", "complete", "closed", "held", "sent", "received", "oui", "fait", "terminee",
             "termine", "realise", "true"),
            InteractionStatus.HELD,
        ),
        **dict.fromkeys(
            ("no", "planned", "scheduled", "not started", "open", "in progress", "prevu", "planifie", "non", "false"),
            InteractionStatus.PLANNED,
        ),
        **dict.fromkeys(("cancelled", "canceled", "annule", "annulee", "no show"), InteractionStatus.CANCELLED),
    }  # fmt: skip
    INBOUND: Final = frozenset({"inbound", "incoming", "received", "entrant", "recu"})
    OUTBOUND: Final = frozenset({"outbound", "outgoing", "sent", "sortant", "envoye"})


class DealStatus:
    """What an opportunity file says of the end of a deal."""

    WON: Final = frozenset({"won", "closed won", "gagne", "gagnee", "signe", "signee"})
    LOST: Final = frozenset({"lost", "closed lost", "perdu", "perdue", "abandoned"})
    OPEN: Final = frozenset({"open", "en cours", "ouvert", "ouverte"})


@cache
def folded(text: str) -> str:
    return fold(text)


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a draft was first read."""

    file: str
    row: int


@dataclass(slots=True)
class UserDraft:
    origin: Origin
    email: str
    name: str
    described: bool = True


@dataclass(slots=True)
class AccountDraft:
    """`values` holds what the files say and nothing that they leave blank."""

    origin: Origin
    key: str
    place: Place
    values: dict[str, Any]
    owner: str | None = None


@dataclass(slots=True)
class ContactDraft:
    origin: Origin
    key: str
    name: str
    name_key: str
    account_name: str | None
    email: str | None
    values: dict[str, Any]
    owner: str | None = None

    @property
    def account_key(self) -> str | None:
        return folded(self.account_name) if self.account_name else None


@dataclass(slots=True)
class OpportunityDraft:
    origin: Origin
    key: str
    name: str
    account_name: str | None
    contact_name: str | None
    values: dict[str, Any]
    owner: str | None = None
    contact: ContactDraft | None = None

    @property
    def account_key(self) -> str | None:
        return folded(self.account_name) if self.account_name else None


@dataclass(slots=True)
class ActivityDraft:
    origin: Origin
    external_id: str
    type: InteractionType | None
    at: Moment
    status: InteractionStatus | None
    subject: str | None
    description: str | None
    minutes: int | None
    sent_by_owner: bool
    owner: str | None
    account_name: str | None
    contact_name: str | None


@dataclass(slots=True)
class Drafts:
    """Everything the files say, before it is compared with what is there."""

    system: str
    digest: str
    files: list[RecognisedFile] = field(default_factory=list[RecognisedFile])
    users: dict[str, UserDraft] = field(default_factory=dict[str, UserDraft])
    accounts: list[AccountDraft] = field(default_factory=list[AccountDraft])
    contacts: list[ContactDraft] = field(default_factory=list[ContactDraft])
    opportunities: list[OpportunityDraft] = field(default_factory=list[OpportunityDraft])
    activities: list[ActivityDraft] = field(default_factory=list[ActivityDraft])
    problems: list[Problem] = field(default_factory=list[Problem])
    rows: int = 0
    headings: dict[tuple[str, RecordKind, str], str] = field(default_factory=dict[tuple[str, RecordKind, str], str])
    account_names: dict[str, list[AccountDraft]] = field(
        default_factory=lambda: defaultdict[str, list[AccountDraft]](list)
    )

    def heading(self, origin: Origin, kind: RecordKind, field_name: str) -> str | None:
        """What the file calls this field."""
        return self.headings.get((origin.file, kind, field_name))


def digest_of(*parts: str | None) -> str:
    return hashlib.sha256("\x1f".join(part or "" for part in parts).encode()).hexdigest()


def natural_key(*parts: str | None) -> str:
    """Parts as one readable key, or their digest where that would be too long to be kept under an index."""
    key = "|".join(part or "" for part in parts).rstrip("|")
    return key if len(key.encode()) <= LONGEST_KEY else digest_of(*parts)


LONGEST_KEY: Final = 500


# ------------------------------------------------------------------------------------------------- reading rows


@dataclass(slots=True)
class Reader:
    """The cells of one row, by field; what cannot be read is noted and rejects the row."""

    sheet: Sheet
    columns: Columns
    conventions: Conventions
    problems: list[Problem]
    row: Row
    rejected: bool = False

    def read(self, kind: RecordKind, field_name: str, parse: Callable[[str], Value | None]) -> Value | None:
        place = self.columns.of(kind).get(field_name)
        if place is None:
            return None
        cell = self.row.cells[place]
        if not cell:
            return None
        try:
            return parse(cell)
        except Unreadable as problem:
            self.reject(self.sheet.columns[place], cell, problem.sentence)
            return None

    def reject(self, column: str | None, value: str | None, reason: Sentence) -> None:
        self.rejected = True
        self.problems.append(
            Problem(
                ProblemCode.REJECTED,
                self.sheet.file,
                self.row.number,
                column,
                value if value is None else value[:200],
                say("This row was left out: {reason}", reason=reason),
                left_out=True,
            )
        )

    def name(self, kind: RecordKind, field_name: str) -> str | None:
        return self.read(kind, field_name, cells.name)

    def text(self, kind: RecordKind, field_name: str) -> str | None:
        return self.read(kind, field_name, cells.text)

    def heading(self, kind: RecordKind, field_name: str) -> str | None:
        place = self.columns.of(kind).get(field_name)
        return None if place is None else self.sheet.columns[place]


def drafts_of(sheets: Sequence[Sheet], system: str, currency: str | None) -> Drafts:
    """What all files say together. Raises a refusal when a file is of no known kind, or amounts have no currency."""
    known = [(sheet, columns_of(sheet)) for sheet in sheets]
    for sheet, columns in known:
        refuse_amounts_without_currency(sheet, columns, currency)
    drafts = Drafts(system, digest_of(*sorted({sheet.digest for sheet in sheets}), currency))
    collector = Collector(drafts, currency)
    for sheet, columns in sorted(known, key=lambda item: (rank_of(item[1].kind), item[0].digest)):
        drafts.files.append(
            RecognisedFile(sheet.file, columns.kind, len(sheet.rows), sheet.encoding, columns.left_out)
        )
        drafts.rows += len(sheet.rows)
        for kind, places in columns.places.items():
            for field_name, place in places.items():
                drafts.headings[sheet.file, kind, field_name] = sheet.columns[place]
        conventions = conventions_of(sheet, columns)
        for row in sheet.rows:
            collector.take(Reader(sheet, columns, conventions, drafts.problems, row))
    collector.finish()
    return drafts


def rank_of(kind: FileKind) -> int:
    return DEDICATED.index(kind) if kind in DEDICATED else len(DEDICATED)


def columns_of(sheet: Sheet) -> Columns:
    columns = recognised(sheet.columns)
    if columns is None:
        raise Invalid(
            "{file} was not recognised by its columns ({columns}). Users, accounts, contacts, opportunities and "
            "activities are known; docs/imports.md lists the headings. Nothing was imported.",
            file=sheet.file,
            columns=list(sheet.columns[:12]),
        )
    return columns


AMOUNTS: Final = ((RecordKind.ACCOUNT, "annual_revenue"), (RecordKind.OPPORTUNITY, "amount"))


def refuse_amounts_without_currency(sheet: Sheet, columns: Columns, currency: str | None) -> None:
    if currency is not None:
        return
    for kind, field_name in AMOUNTS:
        place = columns.of(kind).get(field_name)
        said = columns.of(kind).get("currency")
        if place is None:
            continue
        for row in sheet.rows:
            if row.cells[place].strip() and (said is None or not row.cells[said].strip()):
                raise Invalid(
                    "{file}, row {row}: the column {column} holds amounts and nothing says in which currency. Add "
                    "--currency with its three letters, such as --currency EUR, or set GRAPH_CRM_DEFAULT_CURRENCY. "
                    "Nothing was imported.",
                    file=sheet.file,
                    row=row.number,
                    column=sheet.columns[place],
                )


def conventions_of(sheet: Sheet, columns: Columns) -> Conventions:
    """A file parted by semicolons comes from a language that writes 1 234,50 and 31/03/2026."""
    continental = sheet.delimiter == ";"
    dates = [
        place
        for fields in columns.places.values()
        for field_name, place in fields.items()
        if field_name in {"at", "opened", "closes"}
    ]
    order = cells.date_order(
        (row.cells[place] for place in dates for row in sheet.rows),
        usual=DateOrder.DAY_FIRST if continental else DateOrder.UNKNOWN,
    )
    return Conventions(decimal_comma=continental, date_order=order)


# ------------------------------------------------------------------------------------------- putting together


@dataclass(slots=True)
class Collector:
    """Drafts as they grow, row by row."""

    drafts: Drafts
    currency: str | None
    contacts: dict[tuple[str | None, str], ContactDraft] = field(
        default_factory=dict[tuple[str | None, str], ContactDraft]
    )
    contacts_by_name: dict[tuple[str, str | None], list[ContactDraft]] = field(
        default_factory=lambda: defaultdict[tuple[str, str | None], list[ContactDraft]](list)
    )
    opportunities: dict[tuple[str, str | None, str | None], OpportunityDraft] = field(
        default_factory=dict[tuple[str, str | None, str | None], OpportunityDraft]
    )
    seen: Counter[str] = field(default_factory=Counter[str])

    def take(self, reader: Reader) -> None:
        match reader.columns.kind:
            case FileKind.USERS:
                self.user(reader)
            case FileKind.ACCOUNTS:
                self.account(reader)
            case FileKind.CONTACTS:
                self.contact(reader, owned=True)
            case FileKind.OPPORTUNITIES:
                self.opportunity(reader, None)
            case FileKind.ACTIVITIES:
                self.activity(reader)
            case FileKind.JOINED:
                self.joined(reader)

    def joined(self, reader: Reader) -> None:
        """One row about several records. Its owner is that of the last of them."""
        has_opportunity = reader.name(RecordKind.OPPORTUNITY, "name") is not None
        self.account(reader)
        contact = self.contact(reader, owned=not has_opportunity)
        if has_opportunity:
            self.opportunity(reader, contact)

    def user(self, reader: Reader) -> None:
        kind = RecordKind.USER
        email = reader.read(kind, "email", cells.email)
        names = [reader.name(kind, part) for part in ("given_name", "family_name")]
        name = reader.name(kind, "full_name") or " ".join(part for part in names if part)
        if email is None and not reader.rejected:
            reader.reject(reader.heading(kind, "email"), None, say("a user needs an e-mail address."))
        if email is None or reader.rejected:
            return
        self.drafts.users.setdefault(email, UserDraft(origin_of(reader), email, name or name_of_email(email)))

    def account(self, reader: Reader) -> AccountDraft | None:
        kind = RecordKind.ACCOUNT
        name = reader.name(kind, "name")
        values: dict[str, Any] = {
            field_name: reader.text(kind, field_name)
            for field_name in (
                "industry",
                "street",
                "city",
                "region",
                "postal_code",
                "country",
                "phone",
                "description",
            )
        }
        values["phone"] = reader.read(kind, "phone", cells.phone)
        values["website"] = reader.read(kind, "website", cells.website)
        values["employee_count"] = reader.read(
            kind, "employee_count", lambda cell: cells.integer(cell, reader.conventions)
        )
        if self.currency is not None:
            currency = self.currency
            values["annual_revenue"] = reader.read(
                kind, "annual_revenue", lambda cell: cells.amount(cell, currency, reader.conventions)
            )
            if values["annual_revenue"] is not None:
                values["annual_revenue_currency"] = currency
        owner = reader.text(kind, "owner") if reader.columns.kind is FileKind.ACCOUNTS else None
        if name is None and not reader.rejected and reader.columns.kind is FileKind.ACCOUNTS:
            reader.reject(reader.heading(kind, "name"), None, say("an account needs a name."))
        if name is None or reader.rejected:
            return None
        values = {"name": name, **{field_name: value for field_name, value in values.items() if value is not None}}
        return self.add_account(reader, name, values, owner)

    def add_account(
        self, reader: Reader, name: str, values: dict[str, Any], owner: str | None
    ) -> AccountDraft | None:
        place = place_of(name, values)
        namesakes = self.drafts.account_names[place.name_key]
        key = natural_key(place.name_key, place.domain, place.street, place.postal_code)
        dedicated = reader.columns.kind is FileKind.ACCOUNTS
        same = [one for one in namesakes if one.key == key]
        if not same and not dedicated:
            if namesakes and not place.described:
                return None
            same = [one for one in namesakes if compatible(one.place, place)]
        if len(same) == 1:
            self.add_values(reader, RecordKind.ACCOUNT, same[0].values, values)
            same[0].owner = same[0].owner or owner
            return same[0]
        if same:
            self.note(reader, RecordKind.ACCOUNT, "name", name, tuple(one.place for one in same))
            return None
        draft = AccountDraft(origin_of(reader), key, place, values, owner)
        namesakes.append(draft)
        self.drafts.accounts.append(draft)
        return draft

    def note(self, reader: Reader, kind: RecordKind, field_name: str, value: str, places: Iterable[Place]) -> None:
        self.drafts.problems.append(
            Problem(
                ProblemCode.AMBIGUOUS,
                reader.sheet.file,
                reader.row.number,
                reader.heading(kind, field_name),
                value,
                say("Several accounts are called {name}, and nothing in this row says which.", name=value),
                tuple(place.candidate for place in places),
            )
        )

    def add_values(self, reader: Reader, kind: RecordKind, values: dict[str, Any], more: Mapping[str, Any]) -> None:
        """What a further row adds. Where rows differ the first one counts, and the difference is reported."""
        for field_name, value in more.items():
            known = values.setdefault(field_name, value)
            if known != value and field_name not in {"name", "street"}:
                self.drafts.problems.append(
                    Problem(
                        ProblemCode.DIFFERS,
                        reader.sheet.file,
                        reader.row.number,
                        reader.heading(kind, field_name) or field_name,
                        str(value),
                        say("Another row says {known}; that one was kept.", known=str(known)),
                    )
                )

    def contact(self, reader: Reader, *, owned: bool) -> ContactDraft | None:
        kind = RecordKind.CONTACT
        values: dict[str, Any] = {
            field_name: reader.name(kind, field_name)
            for field_name in ("civility", "given_name", "family_name", "title", "department")
        }
        values |= {
            field_name: reader.text(kind, field_name) for field_name in ("street", "city", "postal_code", "country")
        }
        values |= {field_name: reader.read(kind, field_name, cells.phone) for field_name in ("phone", "mobile")}
        full_name = reader.name(kind, "full_name")
        email = values["email"] = reader.read(kind, "email", cells.email)
        account_name = values["account_name"] = reader.name(kind, "account_name")
        owner = reader.text(kind, "owner") if owned else None
        written = " ".join(part for part in (values["given_name"], values["family_name"]) if part) or full_name
        if written is None and not reader.rejected:
            reader.reject(reader.heading(kind, "family_name"), None, say("a contact needs a name."))
        if written is None or reader.rejected:
            return None
        if not values["given_name"] and not values["family_name"]:
            values["given_name"], values["family_name"] = parts_of_name(written)
        name_key = folded(written)
        values = {field_name: value for field_name, value in values.items() if value is not None}
        account_key = folded(account_name) if account_name else None
        namesakes = self.contacts_by_name[name_key, account_key]
        draft = self.same_contact(reader, email, name_key, namesakes)
        if draft is None:
            draft = ContactDraft(origin_of(reader), "", written, name_key, account_name, email, values, owner)
            namesakes.append(draft)
            self.drafts.contacts.append(draft)
        else:
            self.add_values(reader, kind, draft.values, values)
            draft.owner = draft.owner or owner
            draft.email = draft.email or email
        if email:
            self.contacts[email, name_key] = draft
        return draft

    def same_contact(
        self, reader: Reader, email: str | None, name_key: str, namesakes: Sequence[ContactDraft]
    ) -> ContactDraft | None:
        """The draft that a row is about: by e-mail and name; without an e-mail by name and account."""
        if email is not None and (email, name_key) in self.contacts:
            return self.contacts[email, name_key]
        without = [draft for draft in namesakes if draft.email is None]
        if email is None and without:
            return without[0]
        if reader.columns.kind is not FileKind.JOINED:
            return None
        # A joined sheet repeats people that a sheet of their own has described before.
        likely = namesakes if email is None else without
        return likely[0] if len(likely) == 1 else None

    def opportunity(self, reader: Reader, contact: ContactDraft | None) -> None:
        kind = RecordKind.OPPORTUNITY
        name = reader.name(kind, "name")
        values: dict[str, Any] = {
            field_name: reader.name(kind, field_name)
            for field_name in ("pipeline", "stage", "status", "account_name", "contact_name")
        }
        values |= {field_name: reader.text(kind, field_name) for field_name in ("lost_reason", "next_step")}
        for field_name in ("opened", "closes"):
            found = reader.read(kind, field_name, lambda cell: cells.moment(cell, reader.conventions))
            values[field_name] = None if found is None else found.at.isoformat()
        currency = reader.read(kind, "currency", cells.currency) or self.currency
        if currency is not None:
            values["amount"] = reader.read(
                kind, "amount", lambda cell: cells.amount(cell, currency, reader.conventions)
            )
            if values["amount"] is not None:
                values["currency"] = currency
        owner = reader.text(kind, "owner")
        status = folded(values["status"]) if values["status"] else None
        if status is not None and status not in DealStatus.WON | DealStatus.LOST | DealStatus.OPEN:
            reader.reject(reader.heading(kind, "status"), values["status"], say("a deal is Open, Won or Lost."))
        if name is None and not reader.rejected:
            reader.reject(reader.heading(kind, "name"), None, say("an opportunity needs a name."))
        if name is None or reader.rejected:
            return
        values = {"name": name, **{field_name: value for field_name, value in values.items() if value is not None}}
        account_name = values.get("account_name")
        place = (folded(name), folded(account_name) if account_name else None, values.get("opened"))
        draft = self.opportunities.get(place)
        if draft is not None:
            # A sheet that joins several kinds repeats a deal for each of its contacts.
            self.add_values(
                reader, kind, draft.values, {name: value for name, value in values.items() if name != "contact_name"}
            )
            draft.owner = draft.owner or owner
            draft.contact = draft.contact or contact
            return
        draft = OpportunityDraft(
            origin_of(reader), "", name, account_name, values.get("contact_name"), values, owner, contact
        )
        self.opportunities[place] = draft
        self.drafts.opportunities.append(draft)

    def activity(self, reader: Reader) -> None:
        kind = RecordKind.INTERACTION
        called = reader.name(kind, "type")
        type_key = folded(called) if called else ""
        at = reader.read(kind, "at", lambda cell: cells.moment(cell, reader.conventions))
        status_name = reader.name(kind, "status")
        status = ActivityType.STATUSES.get(folded(status_name)) if status_name else None
        direction = reader.name(kind, "direction")
        minutes = reader.read(kind, "duration", lambda cell: cells.number(cell, reader.conventions))
        subject, description = reader.text(kind, "subject"), reader.text(kind, "description")
        owner = reader.text(kind, "owner")
        account_name, contact_name = reader.name(kind, "account_name"), reader.name(kind, "contact_name")
        if not reader.rejected:
            self.refuse_activity(reader, called, at, status_name, status, minutes)
        if reader.rejected or at is None:
            return
        content = content_of(reader.row, reader.columns.of(kind))
        self.seen[content] += 1
        self.drafts.activities.append(
            ActivityDraft(
                origin=origin_of(reader),
                external_id=f"{self.drafts.system}:{content[:40]}:{self.seen[content]}",
                type=ActivityType.INTERACTIONS.get(type_key),
                at=at,
                status=status,
                subject=subject,
                description=description,
                minutes=None if minutes is None else round(minutes),
                sent_by_owner=direction is None or folded(direction) not in ActivityType.INBOUND,
                owner=owner,
                account_name=account_name,
                contact_name=contact_name,
            )
        )

    def refuse_activity(
        self,
        reader: Reader,
        called: str | None,
        at: Moment | None,
        status_name: str | None,
        status: InteractionStatus | None,
        minutes: Any,
    ) -> None:
        kind = RecordKind.INTERACTION
        key = folded(called) if called else ""
        if key not in ActivityType.INTERACTIONS and key not in ActivityType.NOTES:
            reader.reject(
                reader.heading(kind, "type"),
                called,
                say("e-mails, meetings, calls, events, messages and notes are known."),
            )
        elif at is None:
            reader.reject(reader.heading(kind, "at"), None, say("an activity needs a date."))
        elif status_name is not None and status is None:
            reader.reject(reader.heading(kind, "status"), status_name, say("it is not clear whether this happened."))
        elif minutes is not None and not 0 <= minutes <= MOST_MINUTES:
            reader.reject(
                reader.heading(kind, "duration"), str(minutes), say("a duration is given in minutes, at most a week.")
            )

    def finish(self) -> None:
        """Give contacts and opportunities their keys, now that all that could be mixed up with them is known."""
        mailboxes = Counter(draft.email for draft in self.drafts.contacts if draft.email)
        for draft in self.drafts.contacts:
            if draft.email is None:
                draft.key = natural_key(None, draft.name_key, draft.account_key)
            else:
                # An address that several people share identifies none of them alone.
                shared = mailboxes[draft.email] > 1
                draft.key = natural_key(draft.email, draft.name_key if shared else None)
        names = Counter((name, account) for name, account, _ in self.opportunities)
        for (name, account, opened), draft in self.opportunities.items():
            draft.key = natural_key(name, account, opened if names[name, account] > 1 else None)


def origin_of(reader: Reader) -> Origin:
    return Origin(reader.sheet.file, reader.row.number)


def content_of(row: Row, places: Mapping[str, int]) -> str:
    """The digest of what a row says, whatever the order of its columns."""
    return digest_of(*(f"{field_name}={row.cells[place].strip()}" for field_name, place in sorted(places.items())))


def place_of(name: str, values: Mapping[str, Any], account_id: str = "") -> Place:
    """An account as it is told from its namesakes."""
    website, street, postal_code = values.get("website"), values.get("street"), values.get("postal_code")
    domain = domain_of(website) if website else None
    return Place(
        id=account_id,
        name=name,
        name_key=folded(name),
        domain=domain,
        street=folded(street) if street else None,
        postal_code=folded(postal_code) if postal_code else None,
        details=", ".join(part for part in (domain, street, values.get("city")) if part),
    )


def parts_of_name(name: str) -> tuple[str | None, str]:
    """Given and family name of a name written as one: the last word is the family's."""
    given, _, family = name.rpartition(" ")
    return given or None, family


def name_of_email(email: str) -> str:
    """A name for somebody of whom only the address is known: angela.wright@… is Angela Wright."""
    local = email.partition("@")[0]
    return (
        " ".join(part.capitalize() for part in local.replace("_", ".").replace("-", ".").split(".") if part) or email
    )
