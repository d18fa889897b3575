"""Questions about parts, their history and the links between people: one short function for each file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, LiteralString

from graph_crm.graph.client import Graph
from graph_crm.graph.lists import Filter, Operator
from graph_crm.graph.query import Nothing, query
from graph_crm.graph.write import Write
from graph_crm.opportunities.store import FILTERS as DEALS_BY
from graph_crm.stakeholders.coverage import SINGLE_SHARE, SINGLE_THREADS
from graph_crm.stakeholders.facts import LinkFacts, MapFacts, ScopeKind, StakeholderFacts
from graph_crm.stakeholders.history import Recording
from graph_crm.stakeholders.types import Assessment, EvidenceGrade, LinkKind
from graph_crm.ties.store import weights_of
from graph_crm.ties.strength import DEFAULT_PARAMETERS

MOST_PEOPLE = 120
"""A larger map is cut here: those with a part first, then the highest ranks."""

Groups = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A contact and a deal or account, with the part that joins them when there is one."""

    scope_id: str
    contact_id: str
    stakeholder_id: str | None
    version: int | None


@dataclass(frozen=True, slots=True)
class Stakeholder:
    """A contact's part in one deal or account plan, with one version of what we hold about it."""

    id: str
    version: int
    scope_kind: ScopeKind
    scope_id: str
    contact_id: str
    assessment: Assessment


def of_facts(contact_id: str, facts: StakeholderFacts) -> Stakeholder:
    """The part of a contact as a map's statement brought it."""
    return Stakeholder(facts.id, facts.version, facts.scope_kind, facts.scope_id, contact_id, facts.assessment)


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why we think so."""

    assessment_id: str
    id: str
    grade: EvidenceGrade
    text: str | None
    url: str | None
    interaction_id: str | None
    observed_at: dt.datetime | None
    author_id: str | None


@dataclass(frozen=True, slots=True)
class Version:
    """One version of somebody's part, with the contact it is about."""

    contact_id: str
    assessment: Assessment


@dataclass(frozen=True, slots=True)
class Scope:
    kind: ScopeKind


@dataclass(frozen=True, slots=True)
class PartId:
    id: str


@dataclass(frozen=True, slots=True)
class TwoContacts:
    deal_is_visible: bool


@dataclass(frozen=True, slots=True)
class Loop:
    loops: bool


@dataclass(frozen=True, slots=True)
class ExistingLink:
    id: str
    kind: LinkKind
    to_id: str
    weight: float | None
    opportunity_id: str | None
    valid_from: dt.datetime | None


MAP = query("stakeholders/map", MapFacts)
MAP_AS_OF = query("stakeholders/map_as_of", MapFacts)
SOME_DEALS = query("stakeholders/some_deals", PartId)
PART = query("stakeholders/part", Part)
CREATE_PART = query("stakeholders/create_part", Nothing)
HISTORY = query("stakeholders/history", Assessment)
APPEND_ASSESSMENTS = query("stakeholders/append_assessments", Nothing)
SUPERSEDE_ASSESSMENTS = query("stakeholders/supersede_assessments", Nothing)
POINT_AT_OPEN_ASSESSMENT = query("stakeholders/point_at_open_assessment", Nothing)
PRIMARY_PARTS = query("stakeholders/primary_parts", PartId)
APPEND_EVIDENCE = query("stakeholders/append_evidence", Nothing)
EVIDENCE = query("stakeholders/evidence", Evidence)
BY_IDS = query("stakeholders/by_ids", Stakeholder)
OF_OPPORTUNITIES = query("stakeholders/of_opportunities", Stakeholder)
OF_CONTACTS = query("stakeholders/of_contacts", Stakeholder)
HISTORIES_OF_SCOPE = query("stakeholders/histories_of_scope", Version)
SCOPE = query("stakeholders/scope", Scope)
TWO_CONTACTS = query("stakeholders/two_contacts", TwoContacts)
REPORTS_BACK_TO = query("stakeholders/reports_back_to", Loop)
LOCK_REPORTING_LINES = query("stakeholders/lock_reporting_lines", Nothing)
SAME_LINKS = query("stakeholders/same_links", ExistingLink)
CREATE_REPORTING_LINE = query("stakeholders/create_reporting_line", Nothing)
CREATE_INFLUENCE = query("stakeholders/create_influence", Nothing)
CREATE_CONFLICT = query("stakeholders/create_conflict", Nothing)
LINKS = query("stakeholders/links", LinkFacts)
END_LINK = query("stakeholders/end_link", Nothing)


async def map_now(
    graph: Graph, scope_id: str, *, as_of: dt.datetime, viewer_id: str, groups: Groups
) -> MapFacts | None:
    return await graph.read_one(
        MAP,
        scope_id=scope_id,
        as_of=as_of,
        day=as_of.date(),
        most_people=MOST_PEOPLE,
        viewer_id=viewer_id,
        viewer_groups=groups,
    )


async def map_as_of(
    graph: Graph,
    scope_id: str,
    *,
    as_of: dt.datetime,
    known_at: dt.datetime,
    today: dt.date,
    viewer_id: str,
    groups: Groups,
) -> MapFacts | None:
    return await graph.read_one(
        MAP_AS_OF,
        scope_id=scope_id,
        as_of=as_of,
        known_at=known_at,
        day=as_of.date(),
        today=today,
        most_people=MOST_PEOPLE,
        viewer_id=viewer_id,
        viewer_groups=groups,
    )


async def some_deals(graph: Graph) -> list[str]:
    return [row.id for row in await graph.read(SOME_DEALS)]


async def part(asked: Graph | Write, scope_id: str, contact_id: str, *, groups: Groups) -> Part | None:
    parameters: dict[str, Any] = {"scope_id": scope_id, "contact_id": contact_id, "viewer_groups": groups}
    return await (asked.one if isinstance(asked, Write) else asked.read_one)(PART, **parameters)


async def create_part(write: Write, stakeholder_id: str, found: Part) -> None:
    await write.run(
        CREATE_PART,
        stakeholder_id=stakeholder_id,
        scope_id=found.scope_id,
        contact_id=found.contact_id,
        now=write.now,
    )


async def history(write: Write, stakeholder_ids: Sequence[str]) -> list[Assessment]:
    return await write.run(HISTORY, stakeholder_ids=stakeholder_ids)


async def histories(graph: Graph, stakeholder_ids: Sequence[str]) -> list[Assessment]:
    return await graph.read(HISTORY, stakeholder_ids=stakeholder_ids)


async def record(write: Write, stakeholder_id: str, recording: Recording) -> None:
    """Write what a judgement appends and supersedes, and move CURRENT."""
    if recording.supersede:
        await write.run(SUPERSEDE_ASSESSMENTS, assessment_ids=recording.supersede, recorded_at=recording.recorded_at)
    if recording.append:
        await write.run(APPEND_ASSESSMENTS, assessments=[properties(row) for row in recording.append], now=write.now)
    await write.run(POINT_AT_OPEN_ASSESSMENT, stakeholder_ids=[stakeholder_id])


def properties(row: Assessment) -> dict[str, object]:
    return {
        "id": row.id,
        "stakeholder_id": row.stakeholder_id,
        "roles": row.roles,
        "stance": row.stance,
        "influence_level": row.influence_level,
        "is_primary": row.is_primary,
        "confidence": row.confidence,
        "note": row.note,
        "basis": row.basis,
        "author_id": row.author_id,
        "review_by": row.review_by,
        "source_label": row.source_label,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        "recorded_at": row.recorded_at,
    }


async def primary_parts(write: Write, scope_id: str, stakeholder_id: str) -> list[str]:
    rows = await write.run(PRIMARY_PARTS, scope_id=scope_id, stakeholder_id=stakeholder_id)
    return [row.id for row in rows]


async def append_evidence(write: Write, assessment_id: str, evidence: Sequence[dict[str, object]]) -> None:
    await write.run(
        APPEND_EVIDENCE, assessment_id=assessment_id, evidence=evidence, author_id=write.actor_id, now=write.now
    )


async def evidence_of(graph: Graph, assessment_ids: Sequence[str]) -> list[Evidence]:
    return await graph.read(EVIDENCE, assessment_ids=assessment_ids)


async def by_ids(graph: Graph, stakeholder_ids: Sequence[str], *, groups: Groups) -> list[Stakeholder]:
    return await graph.read(BY_IDS, stakeholder_ids=stakeholder_ids, viewer_groups=groups)


async def of_opportunities(
    graph: Graph, opportunity_ids: Sequence[str], *, as_of: dt.datetime, groups: Groups
) -> list[Stakeholder]:
    return await graph.read(OF_OPPORTUNITIES, opportunity_ids=opportunity_ids, as_of=as_of, viewer_groups=groups)


async def of_contacts(
    graph: Graph, contact_ids: Sequence[str], *, as_of: dt.datetime, groups: Groups
) -> list[Stakeholder]:
    return await graph.read(OF_CONTACTS, contact_ids=contact_ids, as_of=as_of, viewer_groups=groups)


async def histories_of_scope(graph: Graph, scope_id: str, *, known_at: dt.datetime, groups: Groups) -> list[Version]:
    return await graph.read(HISTORIES_OF_SCOPE, scope_id=scope_id, known_at=known_at, viewer_groups=groups)


async def scope(graph: Graph, scope_id: str, *, groups: Groups) -> Scope | None:
    return await graph.read_one(SCOPE, scope_id=scope_id, viewer_groups=groups)


async def two_contacts(
    write: Write, from_id: str, to_id: str, opportunity_id: str | None, *, groups: Groups
) -> TwoContacts | None:
    return await write.one(
        TWO_CONTACTS, from_id=from_id, to_id=to_id, opportunity_id=opportunity_id, viewer_groups=groups
    )


async def lock_reporting_lines(write: Write) -> None:
    await write.run(LOCK_REPORTING_LINES)


async def reports_back_to(write: Write, *, manager_id: str, report_id: str, valid_from: dt.datetime) -> bool:
    row = await write.one(REPORTS_BACK_TO, manager_id=manager_id, report_id=report_id, valid_from=valid_from)
    return row is not None and row.loops


async def links_from(write: Write, from_id: str, valid_from: dt.datetime) -> list[ExistingLink]:
    return await write.run(SAME_LINKS, from_id=from_id, valid_from=valid_from)


async def create_link(write: Write, link: LinkFacts) -> None:
    """Write a link of any kind; a reporting line is solid or dotted."""
    common = {
        "link_id": link.id,
        "from_id": link.from_id,
        "to_id": link.to_id,
        "note": link.note,
        "author_id": write.actor_id,
        "valid_from": link.valid_from,
        "now": write.now,
    }
    match link.kind:
        case LinkKind.REPORTS_TO:
            await write.run(CREATE_REPORTING_LINE, kind="SOLID", **common)
        case LinkKind.DOTTED_LINE:
            await write.run(CREATE_REPORTING_LINE, kind="DOTTED", **common)
        case LinkKind.INFLUENCES:
            await write.run(
                CREATE_INFLUENCE,
                weight=link.weight,
                opportunity_id=link.opportunity_id,
                grade=link.grade,
                confidence=link.confidence,
                **common,
            )
        case _:
            await write.run(CREATE_CONFLICT, **common)


async def links_by_ids(asked: Graph | Write, link_ids: Sequence[str], *, groups: Groups) -> list[LinkFacts]:
    parameters: dict[str, Any] = {"link_ids": link_ids, "viewer_groups": groups}
    return await (asked.run if isinstance(asked, Write) else asked.read)(LINKS, **parameters)


async def end_link(write: Write, link_id: str, valid_to: dt.datetime) -> None:
    await write.run(END_LINK, link_id=link_id, valid_to=valid_to)


# ------------------------------------------------------------------- deals by how many hold the contact

LEFT: Final[LiteralString] = "exp(-log(2) * ($now.epochMillis / 86400000.0 - tie.at) / $value.half_life_days)"

SINGLE_THREADED: Final[LiteralString] = f"""coalesce(COLLECT {{
    MATCH (opportunity)-[:HAS_STAKEHOLDER]->(part:Stakeholder)-[:IS]->(person:Contact)
    WHERE EXISTS {{ (part)-[:CURRENT]->() }} AND any(group IN person.readers WHERE group IN $viewer_groups)
    WITH DISTINCT person
    OPTIONAL MATCH (person)-[tie:KNOWS]-(user:User {{active: true}})
    WHERE (user.leaves_on IS NULL OR user.leaves_on >= date($now))
      AND tie.at IS NOT NULL AND (tie.visibility <> 'PRIVATE' OR tie.owner_id = $viewer_id)
    WITH person, tie, {LEFT} AS left, abs(tie.out - tie.in) AS unanswered
    WITH person, left * (tie.mutual + $value.both_ways * (tie.out + tie.in - unanswered) / 2) AS both_ways,
         left * $value.one_way * unanswered AS one_way
    WITH person, sum(both_ways
      + CASE WHEN one_way < $value.most_one_way THEN one_way ELSE $value.most_one_way END) AS exchange
    WITH sum(exchange) AS whole, sum(exchange * exchange) AS squares, max(exchange) AS most
    RETURN whole = 0 OR whole * whole < $value.single_threads * squares
      OR most >= $value.single_share * whole
  }}[0], true)"""
"""True of a deal by the formula of `coverage.threads_of`, over the ties that the viewer may see.

In a correlated subquery an aggregation of no rows has no row either, hence the last `true`: nobody, no activity.
"""


def weighed(wanted: bool) -> dict[str, Any]:  # noqa: FBT001 - the value of a filter
    """What is asked for, with the numbers of the formula."""
    shares = {"single_threads": SINGLE_THREADS, "single_share": SINGLE_SHARE}
    return {"wanted": wanted, **weights_of(DEFAULT_PARAMETERS), **shares}


DEALS_BY["single_threaded"] = Filter({Operator.EQUAL: f"({SINGLE_THREADED} = $value.wanted)"}, weighed)
