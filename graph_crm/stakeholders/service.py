"""Stakeholder maps and the judgements they are made of: permission, rule, store."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import LiteralString, TypeVar

from graph_crm.errors import Conflict, Duplicate, Invalid, NotFound, NotPermitted
from graph_crm.graph.client import Graph
from graph_crm.graph.write import Receipt, Write
from graph_crm.stakeholders import store
from graph_crm.stakeholders.answer import StakeholderMap
from graph_crm.stakeholders.facts import LinkFacts, MapFacts, ScopeKind
from graph_crm.stakeholders.history import (
    LEFT_OUT,
    Judgement,
    JudgementKind,
    MapChange,
    Recording,
    known_rows,
    map_changes,
    not_primary,
    recorded,
)
from graph_crm.stakeholders.labels import meaning_of_list
from graph_crm.stakeholders.past import as_they_were, fed_since
from graph_crm.stakeholders.stakeholder_map import stakeholder_map
from graph_crm.stakeholders.store import Evidence, Stakeholder
from graph_crm.stakeholders.types import (
    JUDGEMENT_LINKS,
    Assessment,
    BuyingRole,
    EvidenceGrade,
    InfluenceLevel,
    LinkKind,
    Stance,
    default_confidence,
)
from graph_crm.team.readers import require_writable
from graph_crm.ties import store as ties
from graph_crm.viewer import Permission, Viewer

REVIEW_DAYS = 180
LONGEST_NOTE = 2_000
NOBODY = "00000000-0000-7000-8000-000000000000"

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenEvidence:
    """What somebody offers as a reason for a judgement."""

    grade: EvidenceGrade
    text: str | None = None
    url: str | None = None
    interaction_id: str | None = None
    observed_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AssessmentRequest:
    """What somebody says about a contact's part; fields left out keep the value in force at `valid_from`."""

    scope_id: str
    scope_kind: ScopeKind
    contact_id: str
    roles: frozenset[BuyingRole] | None = None
    stance: Stance | None = None
    influence_level: InfluenceLevel | None = None
    is_primary: bool | None = None
    role_label: str | None = None
    confidence: float | None = None
    basis: EvidenceGrade | None = None
    note: str | None = None
    review_by: dt.date | None = None
    evidence: tuple[GivenEvidence, ...] = ()
    valid_from: dt.datetime | None = None
    correction: bool = False
    expected_version: int | None = None
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkRequest:
    """What somebody says about two contacts."""

    kind: LinkKind
    from_id: str
    to_id: str
    weight: float | None = None
    opportunity_id: str | None = None
    note: str | None = None
    valid_from: dt.datetime | None = None
    evidence: tuple[GivenEvidence, ...] = ()
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class ContactChange:
    """A change of one part, with the contact it is about."""

    contact_id: str
    change: MapChange


@dataclass(slots=True)
class Judged:
    """A part under the lock of its transaction, with its versions as they are recorded."""

    stakeholder_id: str
    rows: list[Assessment] = field(default_factory=list[Assessment])


# ---------------------------------------------------------------------- maps


async def map_of(
    graph: Graph,
    viewer: Viewer,
    scope_id: str,
    *,
    as_of: dt.datetime | None = None,
    known_at: dt.datetime | None = None,
) -> StakeholderMap | None:
    """The stakeholder map of a deal or an account: now, as it was on a date, or as it was known on another.

    None when there is no such deal or account that the viewer may see.
    """
    viewer.require(Permission.READ_RECORDS)
    now = graph.now()
    facts = await facts_of(graph, viewer, scope_id, as_of=as_of, known_at=known_at, now=now)
    if facts is None:
        return None
    return stakeholder_map(
        facts,
        as_of=as_of or now,
        known_at=known_at or now,
        known_at_is_past=known_at is not None and known_at < now,
        viewer_id=viewer.user_id,
        judgements=viewer.reads_judgements,
    )


async def facts_of(
    graph: Graph,
    viewer: Viewer,
    scope_id: str,
    *,
    as_of: dt.datetime | None,
    known_at: dt.datetime | None,
    now: dt.datetime,
) -> MapFacts | None:
    viewer.require(Permission.READ_RECORDS)
    if as_of is None and known_at is None:
        return await store.map_now(graph, scope_id, as_of=now, viewer_id=viewer.user_id, groups=viewer.groups)
    facts = await store.map_as_of(
        graph,
        scope_id,
        as_of=as_of or now,
        known_at=known_at or now,
        today=now.date(),
        viewer_id=viewer.user_id,
        groups=viewer.groups,
    )
    if facts is None or as_of is None or as_of >= now:
        return facts
    return await _with_ties_as_of(graph, facts, as_of)


async def _with_ties_as_of(graph: Graph, facts: MapFacts, as_of: dt.datetime) -> MapFacts:
    """The facts with each tie as it stood on that date."""
    pairs = fed_since(facts, as_of)
    if not pairs:
        return facts
    rows = await ties.interactions_of_pairs(graph, pairs, as_of)
    return as_they_were(facts, [(row.facts, row.participants) for row in rows], as_of)


async def changes_of(
    graph: Graph,
    viewer: Viewer,
    scope_id: str,
    *,
    after: dt.datetime,
    until: dt.datetime,
    known_at: dt.datetime | None = None,
) -> list[ContactChange] | None:
    """What happened on a map after one date and until another, oldest first; None without such a map."""
    viewer.require(Permission.READ_RECORDS)
    if until < after:
        raise Invalid("The second date lies before the first.", field=("to",))
    if await store.scope(graph, scope_id, groups=viewer.groups) is None:
        return None
    if not viewer.reads_judgements:
        return []
    known = known_at or graph.now()
    versions = await store.histories_of_scope(graph, scope_id, known_at=known, groups=viewer.groups)
    contacts = {version.assessment.stakeholder_id: version.contact_id for version in versions}
    changes = map_changes([version.assessment for version in versions], after, until, known)
    return [ContactChange(contacts[change.stakeholder_id], change) for change in changes]


async def warm(graph: Graph, viewer: Viewer) -> None:
    """Ask for a few maps, so that the database has planned and compiled what a map asks."""
    viewer.require(Permission.MAINTAIN_DATABASE)
    for scope_id in await store.some_deals(graph) or [NOBODY]:
        await map_of(graph, viewer, scope_id)


# --------------------------------------------------------------------- parts


async def by_ids(graph: Graph, viewer: Viewer, stakeholder_ids: Sequence[str]) -> dict[str, Stakeholder]:
    """The parts with those ids that the viewer may see."""
    viewer.require(Permission.READ_RECORDS)
    rows = await store.by_ids(graph, stakeholder_ids, groups=viewer.groups)
    return {row.id: row for row in rows}


async def of_opportunities(
    graph: Graph, viewer: Viewer, opportunity_ids: Sequence[str], *, as_of: dt.datetime | None = None
) -> dict[str, list[Stakeholder]]:
    """Everyone with a part in each deal on a date."""
    viewer.require(Permission.READ_RECORDS)
    rows = await store.of_opportunities(graph, opportunity_ids, as_of=as_of or graph.now(), groups=viewer.groups)
    return grouped((row.scope_id, row) for row in as_listed(viewer, rows))


async def of_contacts(
    graph: Graph, viewer: Viewer, contact_ids: Sequence[str], *, as_of: dt.datetime | None = None
) -> dict[str, list[Stakeholder]]:
    """Every part that each contact has on a date."""
    viewer.require(Permission.READ_RECORDS)
    rows = await store.of_contacts(graph, contact_ids, as_of=as_of or graph.now(), groups=viewer.groups)
    return grouped((row.contact_id, row) for row in as_listed(viewer, rows))


def as_listed(viewer: Viewer, rows: Iterable[Stakeholder]) -> list[Stakeholder]:
    """The parts as they are listed: by when they came to be as they are, which is a judgement, else by id."""
    return list(rows) if viewer.reads_judgements else sorted(rows, key=lambda row: row.id)


def where(
    viewer: Viewer,
    rows: Sequence[Stakeholder],
    *,
    roles: Collection[BuyingRole] | None = None,
    stances: Collection[Stance] | None = None,
    influence_levels: Collection[InfluenceLevel] | None = None,
) -> list[Stakeholder]:
    """The parts that hold any of the roles, stances and levels asked for.

    Judgements cannot be filtered by without the permission to read them, or the filter would tell them.
    """
    if stances or influence_levels:
        viewer.require(Permission.READ_JUDGEMENTS)
    return [
        row
        for row in rows
        if (not roles or not row.assessment.roles.isdisjoint(roles))
        and (not stances or row.assessment.stance in stances)
        and (not influence_levels or row.assessment.influence_level in influence_levels)
    ]


async def histories(graph: Graph, viewer: Viewer, stakeholder_ids: Sequence[str]) -> dict[str, list[Assessment]]:
    """Every version recorded of parts that the viewer was shown already, oldest first."""
    viewer.require(Permission.READ_JUDGEMENTS)
    rows = await store.histories(graph, stakeholder_ids)
    return grouped((row.stakeholder_id, row) for row in rows)


async def evidence_of(graph: Graph, viewer: Viewer, assessment_ids: Sequence[str]) -> dict[str, list[Evidence]]:
    """What each version rests on."""
    viewer.require(Permission.READ_JUDGEMENTS)
    rows = await store.evidence_of(graph, assessment_ids)
    return grouped((row.assessment_id, row) for row in rows)


def grouped(pairs: Iterable[tuple[str, Row]]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for key, row in pairs:
        found.setdefault(key, []).append(row)
    return found


# ---------------------------------------------------------------- judgements


async def assess(graph: Graph, viewer: Viewer, request: AssessmentRequest) -> Stakeholder:
    """Record what is held about a contact's part in a deal or account plan; nothing is overwritten."""
    viewer.require(Permission.ASSESS_STAKEHOLDERS)
    judgement = judgement_of(request, viewer, graph.now())
    found = await store.part(graph, request.scope_id, request.contact_id, groups=viewer.groups)
    if found is None:
        raise NotFound("There is no such deal, account or contact, or you may not see it.", field=("contactId",))
    versions = expected_versions(found, request.expected_version)

    async def work(write: Write) -> str:
        await require_writable(write, viewer, request.scope_id)
        judged = await _part_under_lock(write, viewer, request.scope_id, request.contact_id)
        recording = recorded(
            judged.rows, judgement, stakeholder_id=judged.stakeholder_id, now=write.now, new_id=write.new_id
        )
        await keep(write, judged, recording, "stakeholder.assessed")
        if judgement.is_primary is True:
            await _no_other_primary(write, viewer, request.scope_id, judged.stakeholder_id, recording)
        rests_on_it = recording.append[-1].id if recording.append else recording.confirmed
        if request.evidence and rests_on_it is not None:
            await store.append_evidence(write, rests_on_it, given(request.evidence, write))
            if recording.confirmed is not None:
                write.changed(
                    judged.stakeholder_id, "stakeholder.confirmed", after={"evidence": len(request.evidence)}
                )
        return judged.stakeholder_id

    receipt = Receipt.of("assess stakeholder", content_of(request), request.idempotency_key)
    locks = [request.scope_id, request.contact_id]
    stakeholder_id = await graph.write(work, viewer, receipt, locks=locks, versions=versions)
    return await _one_part(graph, viewer, stakeholder_id)


async def end(
    graph: Graph,
    viewer: Viewer,
    stakeholder_id: str,
    *,
    valid_to: dt.datetime,
    reason: str | None = None,
    idempotency_key: str | None = None,
) -> Stakeholder:
    """End somebody's part on a date: from then on it is on no map; its history stays.

    On or before its first day the part is taken back: it is on no map of any date, and answers as it was held last.
    """
    viewer.require(Permission.ASSESS_STAKEHOLDERS)
    part = await _one_part(graph, viewer, stakeholder_id)

    async def work(write: Write) -> str:
        await require_writable(write, viewer, part.scope_id)
        judged = Judged(stakeholder_id, await store.history(write, [stakeholder_id]))
        judgement = Judgement(kind=JudgementKind.END, author_id=viewer.user_id, valid_from=valid_to)
        recording = recorded(
            judged.rows, judgement, stakeholder_id=stakeholder_id, now=write.now, new_id=write.new_id
        )
        await keep(write, judged, recording, "stakeholder.ended", reason=reason)
        return stakeholder_id

    receipt = Receipt.of("end stakeholder", [stakeholder_id, valid_to.isoformat(), reason], idempotency_key)
    await graph.write(work, viewer, receipt, locks=[part.scope_id, part.contact_id, stakeholder_id])
    return await _one_part(graph, viewer, stakeholder_id)


def judgement_of(request: AssessmentRequest, viewer: Viewer, now: dt.datetime) -> Judgement:
    """What the request says, the labels of another system split into their parts."""
    said = meaning_of_list(request.role_label) if request.role_label else None
    roles, stance, influence_level = request.roles, request.stance, request.influence_level
    if said is not None:
        roles = roles if roles is not None else (said.roles or None)
        stance = stance or said.stance
        influence_level = influence_level or said.influence_level
    if request.note is not None and len(request.note) > LONGEST_NOTE:
        raise Invalid("A note has at most {limit} characters.", field=("note",), limit=LONGEST_NOTE)
    if all(
        value is None
        for value in (roles, stance, influence_level, request.is_primary, request.confidence, request.note)
    ):
        raise Invalid("Say at least one thing about this person's part: roles, stance, influence or a note.")
    basis = request.basis or max(
        (given.grade for given in request.evidence), key=lambda grade: grade.confidence, default=None
    )
    confidence = request.confidence
    if confidence is None and said is not None and said.confidence_factor != 1.0:
        confidence = default_confidence(basis) * said.confidence_factor
    return Judgement(
        kind=JudgementKind.CORRECTION if request.correction else JudgementKind.CHANGE,
        author_id=viewer.user_id,
        valid_from=request.valid_from,
        roles=LEFT_OUT if roles is None else roles,
        stance=stance or LEFT_OUT,
        influence_level=influence_level or LEFT_OUT,
        is_primary=LEFT_OUT if request.is_primary is None else request.is_primary,
        confidence=LEFT_OUT if confidence is None else confidence,
        note=LEFT_OUT if request.note is None else request.note,
        basis=LEFT_OUT if basis is None else basis,
        review_by=LEFT_OUT if request.review_by is None else request.review_by,
        else_review_by=(now + dt.timedelta(days=REVIEW_DAYS)).date(),
        source_label=said.source_label if said is not None and said.source_label else LEFT_OUT,
    )


def expected_versions(found: store.Part, expected: int | None) -> Mapping[str, int]:
    if expected is None:
        return {}
    if found.stakeholder_id is None:
        raise Conflict(
            "You have version {expected} of this part, but nothing is recorded about it any more.",
            field=("expectedVersion",),
            expected=expected,
        )
    return {found.stakeholder_id: expected}


async def _part_under_lock(write: Write, viewer: Viewer, scope_id: str, contact_id: str) -> Judged:
    """The part with its versions, made when there is none yet."""
    found = await store.part(write, scope_id, contact_id, groups=viewer.groups)
    if found is None:
        raise NotFound("There is no such deal, account or contact, or you may not see it.", field=("contactId",))
    if found.stakeholder_id is not None:
        return Judged(found.stakeholder_id, await store.history(write, [found.stakeholder_id]))
    stakeholder_id = write.new_id()
    await store.create_part(write, stakeholder_id, found)
    write.created(stakeholder_id, "stakeholder.created", scope_id=scope_id, contact_id=contact_id)
    return Judged(stakeholder_id)


async def keep(
    write: Write, judged: Judged, recording: Recording, action: LiteralString, *, reason: str | None = None
) -> None:
    """Store what a judgement records, with its entry in the audit trail; nothing when nothing changes."""
    if recording.changes_nothing:
        return
    await store.record(write, judged.stakeholder_id, recording)
    superseded = [row for row in judged.rows if row.id in recording.supersede]
    before = said(superseded[0]) if superseded else {}
    after = said(recording.append[-1]) if recording.append else {}
    write.changed(
        judged.stakeholder_id, action, before=before, after=after if reason is None else {**after, "reason": reason}
    )


def said(row: Assessment) -> dict[str, object]:
    """A version as the audit trail keeps it."""
    return {
        "roles": sorted(role.value for role in row.roles),
        "stance": row.stance.value,
        "influence_level": row.influence_level.value,
        "is_primary": row.is_primary,
        "confidence": row.confidence,
        "valid_from": row.valid_from.isoformat(),
        "valid_to": row.valid_to.isoformat() if row.valid_to is not None else None,
    }


async def _no_other_primary(
    write: Write, viewer: Viewer, scope_id: str, stakeholder_id: str, recording: Recording
) -> None:
    """One primary contact at a time: whoever was primary in the same days is so no more."""
    begun = next((row for row in recording.append if row.is_primary), None)
    if begun is None:
        return
    others = await store.primary_parts(write, scope_id, stakeholder_id)
    rows = await store.history(write, others)
    for other in sorted(others):
        judged = Judged(other, [row for row in rows if row.stakeholder_id == other])
        recorded_at = max([write.now, *(row.recorded_at for row in judged.rows)])
        for row in known_rows(judged.rows):
            if row.is_primary and overlaps(row, begun):
                no_more = not_primary(
                    row,
                    begun.valid_from,
                    begun.valid_to,
                    author_id=viewer.user_id,
                    recorded_at=recorded_at,
                    new_id=write.new_id,
                )
                await keep(write, judged, no_more, "stakeholder.assessed")


def overlaps(row: Assessment, other: Assessment) -> bool:
    """Whether two versions hold on some day both."""
    return (row.valid_to is None or row.valid_to > other.valid_from) and (
        other.valid_to is None or other.valid_to > row.valid_from
    )


def given(evidence: Sequence[GivenEvidence], write: Write) -> list[dict[str, object]]:
    return [
        {
            "id": write.new_id(),
            "grade": item.grade,
            "text": item.text,
            "url": item.url,
            "interaction_id": item.interaction_id,
            "observed_at": item.observed_at,
        }
        for item in evidence
    ]


def content_of(request: AssessmentRequest | LinkRequest) -> object:
    """Everything the request asks for, without the key that names it."""
    return replace(request, idempotency_key=None)


async def _one_part(graph: Graph, viewer: Viewer, stakeholder_id: str) -> Stakeholder:
    """The part as it is: whoever may judge it is answered, with or without the permission to read records."""
    found = await store.by_ids(graph, [stakeholder_id], groups=viewer.groups)
    if not found:
        raise NotFound("Nobody with this part exists, or you may not see it.", field=("stakeholderId",))
    return found[0]


# --------------------------------------------------------------------- links


async def link(graph: Graph, viewer: Viewer, request: LinkRequest) -> LinkFacts:
    """Record that somebody reports to, influences or is in conflict with somebody else."""
    viewer.require(Permission.ASSESS_STAKEHOLDERS)
    check_link(request, graph.now())

    async def work(write: Write) -> str:
        await require_writable(write, viewer, request.from_id)
        seen = await store.two_contacts(
            write, request.from_id, request.to_id, request.opportunity_id, groups=viewer.groups
        )
        if seen is None:
            raise NotFound("There is no such contact, or you may not see it.", field=("toContactId",))
        if not seen.deal_is_visible:
            raise NotFound("There is no such deal, or you may not see it.", field=("opportunityId",))
        made = LinkFacts(
            id=write.new_id(),
            kind=request.kind,
            from_id=request.from_id,
            to_id=request.to_id,
            weight=request.weight if request.kind is LinkKind.INFLUENCES else None,
            opportunity_id=request.opportunity_id,
            note=request.note,
            grade=request.evidence[0].grade if request.evidence else None,
            confidence=default_confidence(request.evidence[0].grade if request.evidence else None),
            valid_from=request.valid_from or write.now,
        )
        if made.kind is LinkKind.REPORTS_TO:
            await store.lock_reporting_lines(write)
        await refuse_contradiction(write, made)
        await store.create_link(write, as_kept(made))
        after = {"to_id": made.to_id, "weight": made.weight}
        write.linked(made.from_id, AUDIT[made.kind], after=after, also_about=made.also_about)
        return made.id

    receipt = Receipt.of("link contacts", content_of(request), request.idempotency_key)
    link_id = await graph.write(work, viewer, receipt, locks=[request.from_id, request.to_id])
    return as_told(viewer, await _link_seen(graph, viewer, link_id))


AUDIT: dict[LinkKind, LiteralString] = {
    LinkKind.REPORTS_TO: "reporting_line.created",
    LinkKind.DOTTED_LINE: "reporting_line.created",
    LinkKind.INFLUENCES: "influence.created",
    LinkKind.IN_CONFLICT_WITH: "conflict.created",
}


def as_kept(link: LinkFacts) -> LinkFacts:
    """The link as it is written: a conflict is one of both people, kept once, whoever was named first."""
    if link.kind is LinkKind.IN_CONFLICT_WITH and link.to_id < link.from_id:
        return replace(link, from_id=link.to_id, to_id=link.from_id)
    return link


def as_told(viewer: Viewer, link: LinkFacts) -> LinkFacts:
    """The link for whoever wrote it: the opinion in it only for those who read judgements."""
    if viewer.reads_judgements or link.kind not in JUDGEMENT_LINKS:
        return link
    return replace(link, weight=None, note=None, grade=None, confidence=None)


def check_link(request: LinkRequest, now: dt.datetime) -> None:
    if request.kind is LinkKind.KNOWS:
        raise Invalid("Say how well two people know each other with stateTie.", field=("kind",))
    if request.from_id == request.to_id:
        raise Invalid("A link joins two different people.", field=("toContactId",))
    if request.opportunity_id is not None and request.kind is not LinkKind.INFLUENCES:
        raise Invalid("Only an influence can hold for one deal alone: leave the deal out.", field=("opportunityId",))
    if request.valid_from is not None and request.valid_from > now:
        raise Invalid("That day has not come yet: record it once it is so.", field=("validFrom",))
    if request.kind is LinkKind.INFLUENCES and (request.weight is None or not 0 < request.weight <= 1):
        raise Invalid(
            "An influence needs a weight above 0 and up to 1: 0.9 strong, 0.6 medium, 0.3 light.", field=("weight",)
        )


async def refuse_contradiction(write: Write, made: LinkFacts) -> None:
    """One boss at a time, no circle of bosses, no second link of one kind between the same two."""
    valid_from = made.valid_from or write.now
    existing = await store.links_from(write, made.from_id, valid_from)
    for other in existing:
        if other.kind is made.kind and other.to_id == made.to_id and other.opportunity_id == made.opportunity_id:
            raise Duplicate("This link is recorded already; end it before you record another.")
        if made.kind is LinkKind.REPORTS_TO and other.kind is LinkKind.REPORTS_TO:
            raise Conflict("This person already reports to somebody; end that line first.", field=("fromContactId",))
    if made.kind is LinkKind.REPORTS_TO and await store.reports_back_to(
        write, manager_id=made.to_id, report_id=made.from_id, valid_from=valid_from
    ):
        raise Conflict("That would make a circle: the boss already reports to this person.", field=("toContactId",))


async def end_link(
    graph: Graph, viewer: Viewer, link_id: str, *, valid_to: dt.datetime, idempotency_key: str | None = None
) -> LinkFacts:
    """End a link on a date; maps of earlier dates still show it."""
    viewer.require(Permission.ASSESS_STAKEHOLDERS)
    found = await _link_seen(graph, viewer, link_id)
    if found.kind in JUDGEMENT_LINKS and not viewer.reads_judgements:
        raise no_such_link()
    if valid_to > graph.now():
        raise Invalid("That day has not come yet: record it once it is so.", field=("validTo",))
    if found.valid_from is not None and valid_to <= found.valid_from:
        raise Invalid("A link ends after it begins.", field=("validTo",))

    async def work(write: Write) -> str:
        held = await _link_seen(write, viewer, link_id)
        await _require_end_writable(write, viewer, held)
        if held.valid_to == valid_to:
            return link_id
        if held.valid_to is not None and held.valid_to < valid_to:
            raise Conflict(
                "This link ended already on {date}: record a new one instead.",
                field=("validTo",),
                date=held.valid_to.date(),
            )
        await store.end_link(write, link_id, valid_to)
        write.linked(held.from_id, ENDED[held.kind], before={"to_id": held.to_id}, also_about=held.also_about)
        return link_id

    receipt = Receipt.of("end link", [link_id, valid_to.isoformat()], idempotency_key)
    await graph.write(work, viewer, receipt, locks=[found.from_id, found.to_id])
    return await _link_seen(graph, viewer, link_id)


async def _require_end_writable(write: Write, viewer: Viewer, link: LinkFacts) -> None:
    """Refuse a change of a link unless the person it starts from may be changed; of a conflict, one of both."""
    try:
        await require_writable(write, viewer, link.from_id)
    except NotPermitted:
        if link.kind is not LinkKind.IN_CONFLICT_WITH:
            raise
        await require_writable(write, viewer, link.to_id)


async def _link_seen(asked: Graph | Write, viewer: Viewer, link_id: str) -> LinkFacts:
    """The link as it is, when both people are visible."""
    found = await store.links_by_ids(asked, [link_id], groups=viewer.groups)
    if not found:
        raise no_such_link()
    return found[0]


def no_such_link() -> NotFound:
    return NotFound("There is no such link, or you may not see it.", field=("linkId",))


ENDED: dict[LinkKind, LiteralString] = {
    LinkKind.REPORTS_TO: "reporting_line.ended",
    LinkKind.DOTTED_LINE: "reporting_line.ended",
    LinkKind.INFLUENCES: "influence.ended",
    LinkKind.IN_CONFLICT_WITH: "conflict.ended",
}


async def links(graph: Graph, viewer: Viewer, link_ids: Sequence[str]) -> dict[str, LinkFacts]:
    """The links with those ids whose people the viewer may both see; judgements only for those who read them."""
    viewer.require(Permission.READ_RECORDS)
    rows = await store.links_by_ids(graph, link_ids, groups=viewer.groups)
    return {row.id: row for row in rows if viewer.reads_judgements or row.kind not in JUDGEMENT_LINKS}
