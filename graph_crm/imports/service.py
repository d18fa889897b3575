"""Files of other systems into the graph: everything is read, checked and planned before the first write.

An import that was cut off goes on where it stopped: what is there already is left alone, and a batch is written
once for its receipt, which is known by the records in it and not by their place among all others.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, LiteralString

from graph_crm.changes.types import SourceKey
from graph_crm.errors import NotPermitted, OutcomeUnknown, Unavailable
from graph_crm.graph.client import BATCH_SECONDS, Graph
from graph_crm.graph.identity import new_id
from graph_crm.graph.write import Receipt, Write
from graph_crm.imports import store
from graph_crm.imports.columns import system_of
from graph_crm.imports.drafts import Drafts, digest_of, drafts_of, folded
from graph_crm.imports.known import Known
from graph_crm.imports.ledger import RECORD_TYPES, Options, Planned
from graph_crm.imports.plan import Plan, plan
from graph_crm.imports.store import Batch
from graph_crm.imports.types import Problem, ProblemCode, RecordKind, Report, Sheet, Verdict, rejected_rows
from graph_crm.language import say
from graph_crm.opportunities.service import become_customers
from graph_crm.team.readers import refresh_readers
from graph_crm.ties import service as ties
from graph_crm.ties.types import InteractionStatus
from graph_crm.viewer import Permission, Viewer

ROWS_PER_BATCH: Final = 1_000

PAUSES: Final = (1.0, 4.0)
"""Seconds to wait before a batch is tried again while the database does not answer."""

STEPS: Final = (
    RecordKind.USER,
    RecordKind.PIPELINE,
    RecordKind.ACCOUNT,
    RecordKind.CONTACT,
    RecordKind.OPPORTUNITY,
    RecordKind.INTERACTION,
)
"""The order of writing: each kind refers to those before it. Notes go with the interactions."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an import was asked to do with its files."""

    currency: str | None = None
    options: Options = field(default_factory=Options)
    dry_run: bool = False


Advance = Callable[[int, int], None]
"""Told how many records are written or found in place, of how many in all."""


async def import_sheets(
    graph: Graph, viewer: Viewer, sheets: Sequence[Sheet], asked: Asked, *, advance: Advance = lambda _, __: None
) -> Report:
    """Bring what these files say into the graph. A dry run only says what would be done.

    Raises a refusal, with nothing written, when a file is of no known kind or amounts have no currency.
    """
    viewer.require(Permission.IMPORT_FILES)
    began = time.monotonic()
    drafts = drafts_of(sheets, system_of([sheet.columns for sheet in sheets]), asked.currency)
    known = await _known_of(graph, viewer, drafts)
    refuse_hidden(known)
    planned = plan(drafts, known, asked.options, now=graph.now(), new_id=new_id)
    report = report_of(drafts, planned, dry_run=asked.dry_run)
    if not asked.dry_run:
        run = Run(graph, viewer, drafts, planned, report)
        await (_close_what_was_cut_off(run) if report.all_unchanged else _carry_out(run, advance))
    report.seconds = time.monotonic() - began
    return report


async def _known_of(graph: Graph, viewer: Viewer, drafts: Drafts) -> Known:
    """What the graph holds of all that the files name."""
    names = {draft.place.name_key for draft in drafts.accounts}
    names |= {draft.account_key for draft in (*drafts.contacts, *drafts.opportunities) if draft.account_key}
    names |= {folded(draft.account_name) for draft in drafts.activities if draft.account_name}
    people = {draft.name_key for draft in drafts.contacts}
    people |= {
        folded(draft.contact_name) for draft in (*drafts.opportunities, *drafts.activities) if draft.contact_name
    }
    emails = {draft.email for draft in drafts.contacts if draft.email}
    opportunities = {folded(draft.name) for draft in drafts.opportunities}
    sources = await store.known_sources(graph, source_keys(drafts), viewer)
    accounts = await store.known_accounts(graph, names, viewer)
    account_ids = {account.id for account in accounts}
    account_ids |= {
        account_id for source in sources.values() for account_id in (source.record_id, *source.account_ids)
    }
    return Known(
        users=await store.known_users(graph),
        pipelines=await store.known_pipelines(graph),
        sources=sources,
        accounts=accounts,
        assignments=await store.known_assignments(graph, account_ids, viewer),
        contacts=await store.known_contacts(graph, emails, people, viewer, today=graph.now().date()),
        opportunities=await store.known_opportunities(graph, opportunities, viewer),
        events=await store.known_events(graph, (draft.external_id for draft in drafts.activities)),
    )


def source_keys(drafts: Drafts) -> set[str]:
    """The keys under which an earlier import would have noted these records."""

    def key(kind: RecordKind, text: str) -> str:
        return SourceKey(drafts.system, RECORD_TYPES[kind], text).text

    return {
        *(key(RecordKind.ACCOUNT, draft.key) for draft in drafts.accounts),
        # An account that is only named may have been made of its name alone.
        *(
            key(RecordKind.ACCOUNT, draft.account_key)
            for draft in (*drafts.contacts, *drafts.opportunities)
            if draft.account_key
        ),
        *(key(RecordKind.CONTACT, draft.key) for draft in drafts.contacts),
        *(key(RecordKind.OPPORTUNITY, draft.key) for draft in drafts.opportunities),
    }


def refuse_hidden(known: Known) -> None:
    if any(not source.visible for source in known.sources.values()):
        raise NotPermitted(
            "These files speak of records that you may not see. Ask an administrator to import them. "
            "Nothing was imported."
        )


def report_of(drafts: Drafts, planned: Plan, *, dry_run: bool) -> Report:
    return Report(
        files=drafts.files,
        counts=planned.counts,
        contacts_placed=dict(planned.contacts_placed),
        opportunities_placed=dict(planned.opportunities_placed),
        ties=planned.ties,
        problems=planned.problems,
        rows=drafts.rows,
        rejected=planned.rejected,
        dry_run=dry_run,
    )


# ------------------------------------------------------------------------------------------------------- writing


@dataclass(slots=True)
class Run:
    """One plan on its way into the graph. `written` holds the records of before that it has changed so far."""

    graph: Graph
    viewer: Viewer
    drafts: Drafts
    planned: Plan
    report: Report
    job_id: str = ""
    written: set[str] = field(default_factory=set[str])


async def _carry_out(run: Run, advance: Advance) -> None:
    """Write the plan, batch after batch, under a job that a later run of the same files takes up again."""
    run.job_id, run.report.resumed = await _open_job(run.graph, run.viewer, run.drafts, run.planned)
    run.report.job_id = run.job_id
    total = sum(len(items) for items in run.planned.steps.values())
    done = 0
    advance(done, total)
    for kind in STEPS:
        for items in store.parts_of(run.planned.steps[kind], ROWS_PER_BATCH):
            if any(item.verdict is not Verdict.UNCHANGED for item in items):
                await _write_batch(run, kind, items)
            done += len(items)
            advance(done, total)
    await _close_job(run.graph, run.viewer, run.job_id, run.report)


async def _close_what_was_cut_off(run: Run) -> None:
    """Close the job of these files that ended after its last record and before it said so."""
    job_id = await store.running_job(run.graph, run.planned.digest)
    if job_id is not None:
        run.report.job_id, run.report.resumed = job_id, True
        await _close_job(run.graph, run.viewer, job_id, run.report)


async def _open_job(graph: Graph, viewer: Viewer, drafts: Drafts, planned: Plan) -> tuple[str, bool]:
    """The job of these files that was cut off, else a new one."""

    async def work(write: Write) -> dict[str, Any]:
        latest = await store.latest_job(write, planned.digest)
        if latest is not None and latest.status == "RUNNING":
            return {"id": latest.id, "resumed": True}
        number = 1 if latest is None else latest.number + 1
        job_id = await store.open_job(
            write,
            planned.digest,
            number,
            preset=planned.system,
            files=[file.file for file in drafts.files],
            rows=drafts.rows,
        )
        write.created(job_id, "import.started", files=[file.file for file in drafts.files])
        return {"id": job_id, "resumed": False}

    answer = await graph.write(work, viewer, Receipt.of("start import", planned.digest))
    return str(answer["id"]), bool(answer["resumed"])


async def _close_job(graph: Graph, viewer: Viewer, job_id: str, report: Report) -> None:
    counts = {
        "created": sum(count.created for count in report.counts.values()),
        "changed": sum(count.changed for count in report.counts.values()),
        "unchanged": sum(count.unchanged for count in report.counts.values()),
        "rejected": report.rejected,
        "ambiguous": sum(problem.code is ProblemCode.AMBIGUOUS for problem in report.problems),
    }

    async def work(write: Write) -> None:
        await store.close_job(write, job_id, counts)
        write.changed(job_id, "import.finished", after=counts)

    await graph.write(work, viewer, Receipt.of("finish import", job_id, f"import:{job_id}:end"))


async def _write_batch(run: Run, kind: RecordKind, items: Sequence[Planned]) -> None:
    """Write one batch in one transaction, once, whatever becomes of the process.

    A record that somebody changed since the plan was made stays as it is, and its row is reported.
    """
    created = [item for item in items if item.verdict is Verdict.CREATED]
    changed = [item for item in items if item.verdict is Verdict.CHANGED]
    versions = {item.id: item.version for item in changed if item.version is not None and item.id not in run.written}

    async def work(write: Write) -> list[str]:
        overtaken = await store.changed_since(write, versions)
        if overtaken and kind is RecordKind.PIPELINE:
            # Deals of this import would miss the stages that it cannot add.
            raise store.stale()
        unspoiled = [item for item in changed if item.id not in overtaken]
        await WRITERS[kind](Batch(write, run.planned.system, run.job_id), created, unspoiled)
        for item in created:
            write.created(item.id, CREATED_ACTIONS[item.kind], **item.after)
        for item in unspoiled:
            write.changed(item.id, CHANGED_ACTIONS[item.kind], before=item.before, after=item.after)
        return sorted(overtaken)

    content = content_of([*created, *changed])
    receipt = Receipt.of("import records", [run.planned.digest, content], f"import:{run.job_id}:{content}")
    overtaken = await _patiently(run, work, receipt, locks_of([*created, *changed]))
    run.written.update({item.id for item in changed}.difference(overtaken))
    report_overtaken(run, [item for item in changed if item.id in overtaken])


async def _patiently(
    run: Run, work: Callable[[Write], Awaitable[list[str]]], receipt: Receipt, locks: Sequence[str]
) -> list[str]:
    """A busy database comes back in seconds, and the receipt lets the batch be written once at most."""
    for pause in PAUSES:
        try:
            return await run.graph.write(work, run.viewer, receipt, locks=locks, seconds=BATCH_SECONDS)
        except (OutcomeUnknown, Unavailable):
            await asyncio.sleep(pause)
    return await run.graph.write(work, run.viewer, receipt, locks=locks, seconds=BATCH_SECONDS)


def content_of(items: Sequence[Planned]) -> str:
    """What tells a batch from all others: which records it makes, and which it changes as they were then."""
    return digest_of(*(part for item in items for part in (item.kind, item.verdict, str(item.version), *item.order)))


def locks_of(items: Sequence[Planned]) -> list[str]:
    """The records of before that a batch changes or links to, in the order in which everybody locks them."""
    changed = {item.id for item in items if item.verdict is Verdict.CHANGED}
    return sorted(changed.union(*(item.touched for item in items)))


def report_overtaken(run: Run, items: Sequence[Planned]) -> None:
    """Put into the report what was left out because somebody changed the record meanwhile."""
    report = run.report
    for item in items:
        if item.origin is None:
            continue
        field_name = NAMING_FIELDS[item.kind]
        report.problems.append(
            Problem(
                ProblemCode.REJECTED,
                item.origin.file,
                item.origin.row,
                run.drafts.heading(item.origin, item.kind, field_name),
                item.row["source"]["values"].get(field_name),
                say(
                    "This row was left out: {reason}",
                    reason=say("somebody changed the record while it was being imported. Start the import again."),
                ),
                left_out=True,
            )
        )
        report.counts[item.kind].changed -= 1
    report.problems.sort(key=lambda one: (one.file, one.row))
    report.rejected = len(rejected_rows(report.problems))


def rows_of(items: Sequence[Planned]) -> list[dict[str, Any]]:
    return [item.row for item in items]


async def _write_users(batch: Batch, created: Sequence[Planned], _: Sequence[Planned]) -> None:
    await store.write_users(batch, rows_of(created))


async def _write_pipelines(batch: Batch, created: Sequence[Planned], changed: Sequence[Planned]) -> None:
    await store.write_pipelines(batch, rows_of([*created, *changed]))


async def _write_accounts(batch: Batch, created: Sequence[Planned], changed: Sequence[Planned]) -> None:
    await store.write_accounts(batch, rows_of(created), rows_of(changed))
    await refresh_readers(batch.write, account_ids=[item.id for item in (*created, *changed)])


async def _write_contacts(batch: Batch, created: Sequence[Planned], changed: Sequence[Planned]) -> None:
    await store.write_contacts(batch, rows_of(created), rows_of(changed))
    everybody = [*created, *changed]
    worked_on = [item.row["works_on"]["account_id"] for item in everybody if item.row["works_on"] is not None]
    await refresh_readers(batch.write, account_ids=worked_on, contact_ids=[item.id for item in everybody])


async def _write_opportunities(batch: Batch, created: Sequence[Planned], changed: Sequence[Planned]) -> None:
    customers = await store.write_opportunities(batch, rows_of(created), rows_of(changed))
    await refresh_readers(batch.write, opportunity_ids=[item.id for item in (*created, *changed)])
    await become_customers(batch.write, customers)


async def _write_activities(batch: Batch, created: Sequence[Planned], _: Sequence[Planned]) -> None:
    interactions = [item for item in created if item.kind is RecordKind.INTERACTION]
    notes = [item for item in created if item.kind is RecordKind.NOTE]
    await store.write_activities(batch, rows_of(interactions), rows_of(notes), last_interactions(interactions))
    await ties.record(
        batch.write, [(item.facts, item.participants) for item in interactions if item.facts is not None]
    )


def last_interactions(interactions: Sequence[Planned]) -> dict[str, int]:
    """When each contact and account of these was met last, in milliseconds since 1970."""
    last: dict[str, int] = {}
    for item in interactions:
        if item.row["status"] != InteractionStatus.HELD:
            continue
        met = [person.person_id for person in item.participants if not person.is_ours]
        for record_id in (*met, item.row["account_id"]):
            if record_id is not None:
                last[record_id] = max(last.get(record_id, item.row["occurred_at"]), item.row["occurred_at"])
    return last


WRITERS: Final = {
    RecordKind.USER: _write_users,
    RecordKind.PIPELINE: _write_pipelines,
    RecordKind.ACCOUNT: _write_accounts,
    RecordKind.CONTACT: _write_contacts,
    RecordKind.OPPORTUNITY: _write_opportunities,
    RecordKind.INTERACTION: _write_activities,
}

NAMING_FIELDS: Final[Mapping[RecordKind, str]] = {
    RecordKind.ACCOUNT: "name",
    RecordKind.CONTACT: "family_name",
    RecordKind.OPPORTUNITY: "name",
}
"""The field by which a reader of the report finds a record in its row."""

CREATED_ACTIONS: Final[Mapping[RecordKind, LiteralString]] = {
    RecordKind.USER: "user.created",
    RecordKind.PIPELINE: "pipeline.created",
    RecordKind.ACCOUNT: "account.created",
    RecordKind.CONTACT: "contact.created",
    RecordKind.OPPORTUNITY: "opportunity.created",
    RecordKind.INTERACTION: "interaction.logged",
    RecordKind.NOTE: "note.written",
}

CHANGED_ACTIONS: Final[Mapping[RecordKind, LiteralString]] = {
    RecordKind.PIPELINE: "pipeline.changed",
    RecordKind.ACCOUNT: "account.changed",
    RecordKind.CONTACT: "contact.changed",
    RecordKind.OPPORTUNITY: "opportunity.changed",
}
