"""The whole real export through the real database: exact counts, nothing guessed, nothing twice."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio
from neo4j import Driver

from graph_crm.graph.doctor import examine
from graph_crm.graph.identity import new_id
from graph_crm.graph.readiness import Address
from graph_crm.imports.drafts import drafts_of
from graph_crm.imports.known import Known
from graph_crm.imports.plan import Options, plan
from graph_crm.imports.reading import read_files
from graph_crm.imports.service import Asked, import_sheets
from graph_crm.imports.types import PlacedBy, ProblemCode, RecordKind, Report
from graph_crm.ties import service as ties
from tests import neo4j_server
from tests.api import Api, RecordingGraph, an_administrator
from tests.imports.exports import ZOHO
from tests.small_graph import run

CREATED = {
    RecordKind.USER: 6,
    RecordKind.PIPELINE: 3,
    RecordKind.ACCOUNT: 800,
    RecordKind.CONTACT: 2_457,
    RecordKind.OPPORTUNITY: 1_125,
    RecordKind.INTERACTION: 7_792,
    RecordKind.NOTE: 2_372,
}
RECORDS_OF_SHEET = {RecordKind.ACCOUNT: 800, RecordKind.CONTACT: 2_457, RecordKind.OPPORTUNITY: 1_125}
DOLLARS = Asked(currency="USD")


@dataclass(frozen=True, slots=True)
class Export:
    """A database into which all files of the export were imported, in whatever order the folder gives them."""

    api: Api
    report: Report


async def imported(api: Api, pattern: str = "*.csv") -> Report:
    return await import_sheets(api.graph, api.viewer, read_files(sorted(ZOHO.glob(pattern))), DOLLARS)


@pytest_asyncio.fixture(scope="module")
async def export(graph: RecordingGraph, database: Address, driver: Driver) -> AsyncIterator[Export]:
    neo4j_server.empty(driver, database.database)
    api = Api(graph, await an_administrator(graph))
    yield Export(api, await imported(api))
    neo4j_server.empty(driver, database.database)


async def numbers(export: Export, statement: str) -> dict[str, Any]:
    [record] = await run(export.api.graph, statement)
    return record


async def test_it_makes_exactly_these_records(export: Export) -> None:
    assert {kind: count.created for kind, count in export.report.counts.items()} == CREATED
    assert export.report.rejected == 0
    assert await numbers(
        export,
        """RETURN COUNT { (one:User) WHERE NOT one.active } AS users, COUNT { (one:Account) } AS accounts,
          COUNT { (one:Contact) } AS contacts, COUNT { (one:Opportunity) } AS opportunities,
          COUNT { (one:Interaction) } AS interactions, COUNT { (one:Note) } AS notes""",
    ) == {
        "users": 6,
        "accounts": 800,
        "contacts": 2_457,
        "opportunities": 1_125,
        "interactions": 7_792,
        "notes": 2_372,
    }


async def test_everybody_is_placed_where_it_is_certain(export: Export) -> None:
    assert export.report.contacts_placed == {PlacedBy.NAME: 1_846, PlacedBy.DOMAIN: 390, PlacedBy.AMBIGUOUS: 221}
    assert (
        sum(count for by, count in export.report.opportunities_placed.items() if by is not PlacedBy.AMBIGUOUS)
        == 1_028
    )
    assert await numbers(
        export,
        """RETURN COUNT { (one:Contact) WHERE EXISTS { (one)-[:WORKS_AT]->(:Account) } } AS employed,
          COUNT { (one:Contact) WHERE NOT EXISTS { (one)-[:WORKS_AT]->() } AND one.employer_as_given IS NOT NULL }
            AS without,
          COUNT { (one:Opportunity)-[:HAS_PRIMARY_CONTACT]->(:Contact) } AS attached,
          COUNT { (one:Opportunity)-[:FOR_ACCOUNT]->(:Account) } AS sold_to,
          COUNT { (one:Opportunity) WHERE NOT EXISTS { (one)-[:FOR_ACCOUNT]->() } } AS sold_to_whom""",
    ) == {"employed": 2_236, "without": 221, "attached": 1_125, "sold_to": 1_028, "sold_to_whom": 97}


async def test_every_ambiguous_row_is_reported_with_its_candidates(export: Export) -> None:
    ambiguous = [problem for problem in export.report.problems if problem.code is ProblemCode.AMBIGUOUS]
    assert Counter((problem.file, problem.column) for problem in ambiguous) == {
        ("zoho_contacts.csv", "Account_Name"): 221,
        ("zoho_deals.csv", "Account_Name"): 97,
    }
    assert len({(problem.file, problem.row) for problem in ambiguous}) == 318
    assert all(problem.value and len(problem.candidates) >= 2 for problem in ambiguous)
    by_domain = [problem for problem in export.report.problems if problem.code is ProblemCode.MATCHED_BY_DOMAIN]
    assert len(by_domain) == 390


async def test_ties_are_those_of_owners_and_contacts_and_equal_a_rebuild(export: Export) -> None:
    found = """MATCH (:User)-[tie:KNOWS]-(:Contact)
      RETURN tie.key AS key, tie.out AS outbound, tie.in AS inbound, tie.mutual AS mutual, tie.at AS at,
             tie.count AS count, tie.last_at AS last_at ORDER BY key"""
    graph = export.api.graph
    incremental = await run(graph, found)
    assert len(incremental) == export.report.ties == 2_509
    rebuilt = await ties.rebuild(graph, export.api.viewer)
    assert (rebuilt.ties, rebuilt.dropped, rebuilt.corrected) == (2_509, 0, 0)
    for before, after in zip(incremental, await run(graph, found), strict=True):
        assert before.pop("key") == after.pop("key")
        assert before == pytest.approx(after, abs=1e-9)


async def test_everything_holds_that_must(export: Export) -> None:
    findings = [finding async for finding in examine(export.api.graph)]
    assert [finding.invariant.name for finding in findings if not finding.holds] == []


@pytest.mark.parametrize("pattern", ["*.csv", "zoho_master_records.csv"])
async def test_again_or_joined_in_one_sheet_it_changes_nothing(export: Export, pattern: str) -> None:
    everything = (
        "MATCH (one:Sequence) RETURN one.value AS changes, COUNT { (any) } AS nodes, COUNT { ()-->() } AS ties"
    )
    before = await numbers(export, everything)
    report = await imported(export.api, pattern)
    assert report.all_unchanged
    assert report.counts[RecordKind.CONTACT].unchanged == 2_457
    assert await numbers(export, everything) == before


async def test_a_map_answers_as_of_the_newest_activity(export: Export) -> None:
    deal = await numbers(
        export,
        """MATCH (user:User)-[tie:KNOWS]-(contact:Contact)<-[:HAS_PRIMARY_CONTACT]-(deal:Opportunity)
        WHERE EXISTS { (deal)-[:FOR_ACCOUNT]->(:Account)<-[:WORKS_AT]-(contact) }
        RETURN deal.id AS id, contact.name AS contact
        ORDER BY tie.last_at DESC, tie.count DESC, id LIMIT 1""",
    )
    answer = await export.api.ask(
        """query($id: ID!, $asOf: DateTime!) {
          stakeholderMap(of: {opportunityId: $id}, asOf: $asOf) { people { contact { displayName } } } }""",
        {"id": deal["id"], "asOf": "2026-02-01T00:00:00Z"},
    )
    assert {"contact": {"displayName": deal["contact"]}} in answer["stakeholderMap"]["people"]


def test_the_joined_sheet_alone_makes_nobody_twice() -> None:
    joined = drafts_of(read_files([ZOHO / "zoho_master_records.csv"]), "zoho", "USD")
    found = plan(joined, Known(), Options(), now=dt.datetime(2026, 2, 1, tzinfo=dt.UTC), new_id=new_id)
    assert {kind: found.counts[kind].created for kind in RECORDS_OF_SHEET} == RECORDS_OF_SHEET
    assert found.contacts_placed == {PlacedBy.NAME: 1_846, PlacedBy.DOMAIN: 390, PlacedBy.AMBIGUOUS: 221}
