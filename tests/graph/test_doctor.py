"""Each invariant that doctor examines holds on a sound graph and is seen broken."""

from __future__ import annotations

import pytest

from graph_crm.graph.client import Graph
from graph_crm.graph.doctor import INVARIANTS, examine
from graph_crm.graph.query import statement
from graph_crm.graph.write import Receipt, Write
from graph_crm.team.service import rebuild_readers
from tests.api import Api
from tests.behind import a_contact, a_private_organisation, an_account, an_opportunity, cypher

SOUND = """
MATCH (boss:Contact {display_name: 'Boss'}), (report:Contact {display_name: 'Report'}), (deal:Opportunity),
      (part:Account {name: 'Part'}), (whole:Account {name: 'Whole'})
CREATE (report)-[:REPORTS_TO {id: 'line', kind: 'SOLID', valid_from: date('2020-01-01')}]->(boss),
       (part)-[:PART_OF]->(whole),
       (deal)-[:HAS_STAKEHOLDER]->(stakeholder:Record:Stakeholder {
         id: 'stakeholder', key: deal.id + ':' + boss.id, version: 1, source: 'test',
         created_at: datetime(), updated_at: datetime()})-[:IS]->(boss),
       (stakeholder)-[:ASSESSED]->(open:Record:Assessment {
         id: 'open', stance: 'NEUTRAL', valid_from: datetime('2020-01-01T00:00Z'), recorded_at: datetime(),
         version: 1, source: 'test', created_at: datetime(), updated_at: datetime()}),
       (stakeholder)-[:ASSESSED]->(:Record:Assessment {
         id: 'old', stance: 'NEUTRAL', valid_from: datetime('2020-01-01T00:00Z'), recorded_at: datetime(),
         superseded_at: datetime(), version: 1, source: 'test', created_at: datetime(), updated_at: datetime()}),
       (stakeholder)-[:CURRENT]->(open)
WITH CASE WHEN boss.id < report.id THEN boss ELSE report END AS smaller,
     CASE WHEN boss.id < report.id THEN report ELSE boss END AS larger
CREATE (smaller)-[:KNOWS {id: 'tie', key: smaller.id + ':' + larger.id}]->(larger)
SET smaller.degree = 1, larger.degree = 1
"""

BREAKING = {
    "required-fields": "MATCH (account:Account {name: 'Whole'}) REMOVE account.name_key",
    "one-solid-manager": """MATCH (report:Contact {display_name: 'Report'}), (other:Contact {display_name: 'Other'})
        CREATE (report)-[:REPORTS_TO {id: 'second', kind: 'SOLID', valid_from: date('2021-01-01')}]->(other)""",
    "no-circle-of-managers": """MATCH (boss:Contact {display_name: 'Boss'}), (report:Contact {display_name: 'Report'})
        CREATE (boss)-[:REPORTS_TO {id: 'back', kind: 'SOLID', valid_from: date('2021-01-01')}]->(report)""",
    "no-circle-of-accounts": """MATCH (part:Account {name: 'Part'}), (whole:Account {name: 'Whole'})
        CREATE (whole)-[:PART_OF]->(part)""",
    "one-open-assessment": "MATCH (old:Assessment {id: 'old'}) REMOVE old.superseded_at",
    "one-contact-and-one-scope": "MATCH (:Stakeholder)-[is:IS]->() DELETE is",
    "key-of-tie": "MATCH ()-[tie:KNOWS]->() SET tie.key = 'other'",
    "degree": "MATCH (boss:Contact {display_name: 'Boss'}) SET boss.degree = 7",
    "ends-after-its-beginning": "MATCH ()-[line:REPORTS_TO]->() SET line.valid_to = line.valid_from",
    "readers-of-accounts": "MATCH (account:Account {name: 'Whole'}) SET account.readers = ['somebody']",
    "readers-of-contacts": "MATCH (contact:Contact {display_name: 'Boss'}) SET contact.readers = []",
    "readers-of-opportunities": "MATCH (deal:Opportunity) REMOVE deal.readers SET deal.readers = ['everyone', 'x']",
    "gapless-sequence": "MATCH (change:ChangeEvent {sequence: 1}) DETACH DELETE change",
}

HARMLESS = {
    "two managers one after the other": """MATCH (report:Contact {display_name: 'Report'})-[line:REPORTS_TO]->(),
          (other:Contact {display_name: 'Other'})
        SET line.valid_to = date('2021-01-01')
        CREATE (report)-[:REPORTS_TO {id: 'second', kind: 'SOLID', valid_from: date('2021-01-01')}]->(other)""",
    "a dotted line beside the solid one": """MATCH (report:Contact {display_name: 'Report'}),
          (other:Contact {display_name: 'Other'})
        CREATE (report)-[:REPORTS_TO {id: 'dotted', kind: 'DOTTED', valid_from: date('2021-01-01')}]->(other)""",
    "boss and report who changed places": """MATCH (report:Contact)-[line:REPORTS_TO]->(boss:Contact)
        SET line.valid_to = date('2021-01-01')
        CREATE (boss)-[:REPORTS_TO {id: 'back', kind: 'SOLID', valid_from: date('2021-01-01')}]->(report)""",
}


async def a_sound_graph(graph: Graph, api: Api) -> None:
    whole, part = await an_account(graph, "Whole", api.viewer), await an_account(graph, "Part", api.viewer)
    for name in ("Boss", "Report", "Other"):
        await a_contact(graph, name, whole)
    await an_opportunity(graph, "Deal", account_id=part)
    await cypher(graph, SOUND)
    await cypher(graph, "MATCH (user:User) SET user.degree = 0")

    async def work(write: Write) -> None:
        write.changed(whole, "account.renamed", after={"name": "Whole"})
        write.changed(part, "account.renamed", after={"name": "Part"})

    await graph.write(work, api.viewer, Receipt.of("test", "sound"))


async def broken(graph: Graph) -> list[str]:
    return [finding.invariant.name async for finding in examine(graph) if not finding.holds]


async def test_everything_holds_on_an_empty_and_on_a_sound_graph(api: Api) -> None:
    assert await broken(api.graph) == []
    await a_sound_graph(api.graph, api)
    assert await broken(api.graph) == []


@pytest.mark.parametrize("name", [invariant.name for invariant in INVARIANTS])
async def test_each_invariant_is_seen_broken_and_only_that_one(api: Api, name: str) -> None:
    await a_sound_graph(api.graph, api)
    await cypher(api.graph, BREAKING[name])
    found = {finding.invariant.name: finding.offenders async for finding in examine(api.graph) if not finding.holds}
    assert list(found) == [name]
    assert found[name].count >= 1
    assert len(found[name].first) == found[name].count


@pytest.mark.parametrize("what", HARMLESS)
async def test_what_only_looks_broken_is_left_alone(api: Api, what: str) -> None:
    await a_sound_graph(api.graph, api)
    await cypher(api.graph, HARMLESS[what])
    assert await broken(api.graph) == []


async def test_a_change_beyond_the_counter_is_a_gap_too(api: Api) -> None:
    await a_sound_graph(api.graph, api)
    await cypher(api.graph, "MATCH (counter:Sequence) SET counter.value = 1")
    assert await broken(api.graph) == ["gapless-sequence"]


async def test_readers_are_examined_in_a_private_organisation_and_repaired(api: Api) -> None:
    async with a_private_organisation(api.graph):
        await a_sound_graph(api.graph, api)
        assert await broken(api.graph) == []
        await cypher(
            api.graph, "MATCH (record:Record) WHERE record.readers IS NOT NULL SET record.readers = ['everyone']"
        )
        assert await broken(api.graph) == ["readers-of-accounts", "readers-of-contacts", "readers-of-opportunities"]
        assert await rebuild_readers(api.graph) == 6
        assert await broken(api.graph) == []


async def test_only_the_first_ten_offenders_are_named(api: Api) -> None:
    for number in range(12):
        await a_contact(api.graph, f"Contact {number:02}")
    await cypher(api.graph, "MATCH (contact:Contact) SET contact.degree = 5")
    found = [finding.offenders async for finding in examine(api.graph) if not finding.holds]
    assert [(offenders.count, len(offenders.first)) for offenders in found] == [(12, 10)]


@pytest.mark.parametrize("kind", ["accounts", "contacts", "opportunities"])
def test_doctor_derives_readers_word_for_word_as_the_writes_do(kind: str) -> None:
    rule = [
        text[text.index("CASE organisation.visibility") : text.index("END AS readers")]
        for text in (statement(f"team/readers_of_{kind}"), statement(f"doctor/readers_of_{kind}"))
    ]
    assert rule[0] == rule[1]
