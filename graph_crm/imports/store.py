"""What an import reads beforehand, and how one batch of each kind of record is written."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

import orjson

from graph_crm.changes.types import RecordType
from graph_crm.errors import Conflict
from graph_crm.graph.client import BATCH_SECONDS, Graph
from graph_crm.graph.query import Query, query
from graph_crm.graph.write import Write
from graph_crm.imports.known import (
    KnownAccount,
    KnownAssignment,
    KnownContact,
    KnownOpportunity,
    KnownPipeline,
    KnownSource,
    KnownUser,
)
from graph_crm.imports.ledger import searched
from graph_crm.viewer import Viewer

Row = TypeVar("Row")

KEYS_PER_READ: Final = 2_000
USUAL_PIPELINE_ID: Final = "01900000-0000-7000-8000-000000000200"
"""The shipped pipeline whose role template a new pipeline gets."""


@dataclass(frozen=True, slots=True)
class Made:
    id: str


@dataclass(frozen=True, slots=True)
class Written:
    count: int


@dataclass(frozen=True, slots=True)
class Version:
    id: str
    version: int | None


@dataclass(frozen=True, slots=True)
class Versions:
    found: list[Version]


@dataclass(frozen=True, slots=True)
class Searchable:
    """A record, and all of it that the full-text index reads."""

    id: str
    parts: list[str | None]


@dataclass(frozen=True, slots=True)
class Searchables:
    found: list[Searchable]


@dataclass(frozen=True, slots=True)
class Texts:
    found: list[str]


@dataclass(frozen=True, slots=True)
class Sources:
    found: list[KnownSource]


@dataclass(frozen=True, slots=True)
class Accounts:
    found: list[KnownAccount]


@dataclass(frozen=True, slots=True)
class Assignments:
    found: list[KnownAssignment]


@dataclass(frozen=True, slots=True)
class Contacts:
    found: list[KnownContact]


@dataclass(frozen=True, slots=True)
class Opportunities:
    found: list[KnownOpportunity]


@dataclass(frozen=True, slots=True)
class Job:
    """One run of an import; `number` counts the runs of the same files."""

    id: str
    number: int
    status: str


# Thousands of records come as one row: each row of an answer costs far more than what is in it.
KNOWN_USERS = query("imports/known_users", KnownUser)
KNOWN_SOURCES = query("imports/known_sources", Sources)
KNOWN_ACCOUNTS = query("imports/known_accounts", Accounts)
KNOWN_ASSIGNMENTS = query("imports/known_assignments", Assignments)
KNOWN_CONTACTS = query("imports/known_contacts", Contacts)
KNOWN_CONTACTS_OF_EMAILS = query("imports/known_contacts_of_emails", Texts)
KNOWN_CONTACTS_OF_NAMES = query("imports/known_contacts_of_names", Texts)
KNOWN_OPPORTUNITIES = query("imports/known_opportunities", Opportunities)
KNOWN_PIPELINES = query("imports/known_pipelines", KnownPipeline)
KNOWN_EVENTS = query("imports/known_events", Texts)

LATEST_JOB = query("imports/latest_job", Job)
OPEN_JOB = query("imports/open_job", Made)
CLOSE_JOB = query("imports/close_job", Made)

CREATE_USERS = query("imports/create_users", Written)
CREATE_PIPELINES = query("imports/create_pipelines", Written)
CREATE_ACCOUNTS = query("imports/create_accounts", Written)
CHANGE_ACCOUNTS = query("imports/change_accounts", Written)
CREATE_CONTACTS = query("imports/create_contacts", Written)
CHANGE_CONTACTS = query("imports/change_contacts", Written)
REACH_CONTACTS = query("imports/reach_contacts", Written)
EMPLOY_CONTACTS = query("imports/employ_contacts", Written)
WORK_ON_ACCOUNTS = query("imports/work_on_accounts", Written)
CREATE_OPPORTUNITIES = query("imports/create_opportunities", Written)
CHANGE_OPPORTUNITIES = query("imports/change_opportunities", Written)
ATTACH_OPPORTUNITIES = query("imports/attach_opportunities", Written)
CUSTOMERS_OF_WON = query("imports/customers_of_won", Texts)
SEARCHABLE = query("imports/searchable", Searchables)
SET_SEARCHED = query("imports/set_searched", Written)
VERSIONS = query("imports/versions", Versions)
CHANGE_SOURCES = query("imports/change_sources", Written)
SET_ADDRESSES = query("imports/set_addresses", Written)
SET_OWNERS = query("imports/set_owners", Written)
CREATE_INTERACTIONS = query("imports/create_interactions", Written)
CREATE_NOTES = query("imports/create_notes", Written)
TOUCH_LAST_INTERACTIONS = query("imports/touch_last_interactions", Written)


# --------------------------------------------------------------------------------------------- before the import


async def in_parts(
    graph: Graph, question: Query[Row], name: str, values: Iterable[str], **parameters: Any
) -> list[Row]:
    """The rows for a long list of keys, some thousand at a time."""
    rows: list[Row] = []
    for part in parts_of(sorted(set(values)), KEYS_PER_READ):
        rows += await graph.read(question, seconds=BATCH_SECONDS, **{name: part}, **parameters)
    return rows


def parts_of(values: Sequence[Row], size: int) -> Iterable[list[Row]]:
    for start in range(0, len(values), size):
        yield list(values[start : start + size])


async def known_users(graph: Graph) -> list[KnownUser]:
    return await graph.read(KNOWN_USERS)


async def known_pipelines(graph: Graph) -> list[KnownPipeline]:
    return await graph.read(KNOWN_PIPELINES)


async def known_sources(graph: Graph, keys: Iterable[str], viewer: Viewer) -> dict[str, KnownSource]:
    rows = await in_parts(graph, KNOWN_SOURCES, "keys", keys, viewer_groups=viewer.groups)
    return {source.key: source for row in rows for source in row.found}


async def known_accounts(graph: Graph, name_keys: Iterable[str], viewer: Viewer) -> list[KnownAccount]:
    rows = await in_parts(graph, KNOWN_ACCOUNTS, "name_keys", name_keys, viewer_groups=viewer.groups)
    return [account for row in rows for account in row.found]


async def known_assignments(graph: Graph, account_ids: Iterable[str], viewer: Viewer) -> list[KnownAssignment]:
    rows = await in_parts(graph, KNOWN_ASSIGNMENTS, "account_ids", account_ids, viewer_groups=viewer.groups)
    return [assignment for row in rows for assignment in row.found]


async def known_contacts(
    graph: Graph, emails: Iterable[str], name_keys: Iterable[str], viewer: Viewer, *, today: dt.date
) -> list[KnownContact]:
    """The contacts that have one of these addresses or one of these names."""
    groups = viewer.groups
    found = await in_parts(graph, KNOWN_CONTACTS_OF_EMAILS, "emails", emails, viewer_groups=groups)
    found += await in_parts(graph, KNOWN_CONTACTS_OF_NAMES, "name_keys", name_keys, viewer_groups=groups)
    ids = {contact_id for row in found for contact_id in row.found}
    rows = await in_parts(graph, KNOWN_CONTACTS, "contact_ids", ids, viewer_groups=groups, today=today)
    return [contact for row in rows for contact in row.found]


async def known_opportunities(graph: Graph, name_keys: Iterable[str], viewer: Viewer) -> list[KnownOpportunity]:
    rows = await in_parts(graph, KNOWN_OPPORTUNITIES, "name_keys", name_keys, viewer_groups=viewer.groups)
    return [opportunity for row in rows for opportunity in row.found]


async def known_events(graph: Graph, external_ids: Iterable[str]) -> frozenset[str]:
    rows = await in_parts(graph, KNOWN_EVENTS, "external_ids", external_ids)
    return frozenset(external_id for row in rows for external_id in row.found)


# -------------------------------------------------------------------------------------------------------- the job


async def latest_job(write: Write, digest: str) -> Job | None:
    return await write.one(LATEST_JOB, digest=digest)


async def running_job(graph: Graph, digest: str) -> str | None:
    """The import of just these files that was cut off."""
    latest = await graph.read_one(LATEST_JOB, digest=digest)
    return latest.id if latest is not None and latest.status == "RUNNING" else None


async def open_job(write: Write, digest: str, number: int, *, preset: str, files: Sequence[str], rows: int) -> str:
    job_id = write.new_id()
    await write.run(
        OPEN_JOB,
        id=job_id,
        key=f"{digest}:{number}",
        digest=digest,
        number=number,
        preset=preset,
        files=list(files),
        rows=rows,
        actor_id=write.actor_id,
        now=write.now,
    )
    return job_id


async def close_job(write: Write, job_id: str, counts: Mapping[str, int]) -> None:
    await write.run(CLOSE_JOB, job_id=job_id, now=write.now, **counts)


# ---------------------------------------------------------------------------------------------------- one batch


@dataclass(frozen=True, slots=True)
class Batch:
    """What all statements of one batch take besides their rows."""

    write: Write
    system: str
    job_id: str

    async def run(self, question: Query[Written], rows: Sequence[Mapping[str, Any]], **parameters: Any) -> None:
        """Write these rows, all of them: whoever is missing was changed since the plan was made."""
        if not rows:
            return
        write = self.write
        shared = {"system": self.system, "job_id": self.job_id, "now": write.now, "actor_id": write.actor_id}
        ready = [without_blanks(row) for row in rows]
        made = await write.one(question, rows=ready, **shared, today=write.now.date(), **parameters)
        if made is None or made.count != len(rows):
            raise stale()


def stale() -> Conflict:
    """The refusal of a batch that the graph has outrun."""
    return Conflict("Something was changed while the import was prepared. Start it again: it goes on from here.")


def without_blanks(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row without what it says nothing about: to a statement a missing value and none are the same."""
    return {name: value for name, value in row.items() if value is not None}


def with_source_text(row: Mapping[str, Any]) -> dict[str, Any]:
    """The row with what its file said as one text, the form in which it is kept."""
    source = row["source"]
    return {
        **row,
        "source": {**source, "values": orjson.dumps(source["values"], option=orjson.OPT_SORT_KEYS).decode()},
    }


def those_with(rows: Iterable[Mapping[str, Any]], name: str) -> list[Mapping[str, Any]]:
    return [row for row in rows if row[name] is not None]


async def changed_since(write: Write, versions: Mapping[str, int]) -> set[str]:
    """Those of these records that somebody changed since they had these versions."""
    if not versions:
        return set()
    row = await write.one(VERSIONS, ids=sorted(versions))
    return set() if row is None else {one.id for one in row.found if one.version != versions[one.id]}


async def search_anew(batch: Batch, rows: Sequence[Mapping[str, Any]]) -> None:
    """Let the full-text index read these records as they are now, with what no file says of them."""
    if not rows:
        return
    row = await batch.write.one(SEARCHABLE, ids=sorted({row["id"] for row in rows}))
    found = [] if row is None else row.found
    await batch.run(SET_SEARCHED, [{"id": record.id, **searched(*record.parts)} for record in found])


async def write_users(batch: Batch, rows: Sequence[Mapping[str, Any]]) -> None:
    await batch.run(CREATE_USERS, rows)


async def write_pipelines(batch: Batch, rows: Sequence[Mapping[str, Any]]) -> None:
    await batch.run(CREATE_PIPELINES, rows, usual_pipeline_id=USUAL_PIPELINE_ID)


async def write_accounts(
    batch: Batch, created: Sequence[Mapping[str, Any]], changed: Sequence[Mapping[str, Any]]
) -> None:
    await batch.run(CREATE_ACCOUNTS, [with_source_text(row) for row in created], record_type=RecordType.ACCOUNT)
    await batch.run(CHANGE_ACCOUNTS, changed)
    await batch.run(CHANGE_SOURCES, [with_source_text(row) for row in changed], record_type=RecordType.ACCOUNT)
    await batch.run(SET_ADDRESSES, those_with(changed, "address"))
    await batch.run(SET_OWNERS, those_with([*created, *changed], "ownership"))
    await search_anew(batch, changed)


def address_of(row: Mapping[str, Any]) -> str:
    return "" if row["email"] is None else str(row["email"]["value"])


async def write_contacts(
    batch: Batch, created: Sequence[Mapping[str, Any]], changed: Sequence[Mapping[str, Any]]
) -> None:
    everybody = [*created, *changed]
    await batch.run(CREATE_CONTACTS, [with_source_text(row) for row in created], record_type=RecordType.CONTACT)
    await batch.run(CHANGE_CONTACTS, changed)
    await batch.run(CHANGE_SOURCES, [with_source_text(row) for row in changed], record_type=RecordType.CONTACT)
    await batch.run(SET_ADDRESSES, those_with(changed, "address"))
    # Addresses in sorted order, so that two writes that share some wait for each other in one direction only.
    reached = [row for row in everybody if row["email"] is not None or row["phones"]]
    await batch.run(REACH_CONTACTS, sorted(reached, key=address_of))
    await batch.run(EMPLOY_CONTACTS, those_with(everybody, "employment"))
    await batch.run(WORK_ON_ACCOUNTS, those_with(everybody, "works_on"))
    await search_anew(batch, changed)


async def write_opportunities(
    batch: Batch, created: Sequence[Mapping[str, Any]], changed: Sequence[Mapping[str, Any]]
) -> list[str]:
    """Write opportunities; answers the accounts and contacts of those that are won by what was written."""
    everything = [*created, *changed]
    await batch.run(
        CREATE_OPPORTUNITIES, [with_source_text(row) for row in created], record_type=RecordType.OPPORTUNITY
    )
    await batch.run(CHANGE_OPPORTUNITIES, changed)
    await batch.run(CHANGE_SOURCES, [with_source_text(row) for row in changed], record_type=RecordType.OPPORTUNITY)
    attached = [row for row in everything if row["account_id"] is not None or row["contact_id"] is not None]
    await batch.run(ATTACH_OPPORTUNITIES, attached)
    await batch.run(SET_OWNERS, those_with(everything, "ownership"))
    await search_anew(batch, changed)
    # A later word about a deal that was won long ago says nothing of what its customer is today.
    moved_or_attached = sorted({row["id"] for row in (*those_with(everything, "stage_id"), *attached)})
    customers = await batch.write.one(CUSTOMERS_OF_WON, opportunity_ids=moved_or_attached)
    return [] if customers is None else customers.found


async def write_activities(
    batch: Batch,
    interactions: Sequence[Mapping[str, Any]],
    notes: Sequence[Mapping[str, Any]],
    last: Mapping[str, int],
) -> None:
    await batch.run(CREATE_INTERACTIONS, interactions)
    await batch.run(CREATE_NOTES, notes)
    await batch.run(
        TOUCH_LAST_INTERACTIONS, [{"id": record_id, "at": moment} for record_id, moment in sorted(last.items())]
    )
