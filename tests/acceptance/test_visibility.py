"""What a viewer may not see changes nothing of what they are told: the same answers with it and without it."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from graphql import GraphQLInputObjectType, get_named_type

from graph_crm.graph.identity import new_id
from graph_crm.schema import schema
from graph_crm.viewer import Role, Viewer
from tests.api import Api, a_user
from tests.behind import a_private_organisation, a_team, cypher, signed_in

NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)
AT = (NOW - dt.timedelta(hours=1)).isoformat()


@dataclass
class World:
    """What Marc sees, by name, and what Nina has beside it."""

    api: Api
    marc: Viewer
    nina: Viewer
    ids: dict[str, str] = field(default_factory=dict[str, str])

    async def make(self, called: str, mutation: str, kind: str, by: Viewer, /, **given: Any) -> str:
        made = await self.api.write(mutation, given, f"{kind} {{ id }}", viewer=by)
        self.ids[called] = made[kind]["id"]
        return self.ids[called]


@pytest.fixture
async def world(api: Api) -> AsyncIterator[World]:
    """Northwind is Marc's and shared with Nina; they share no team."""
    async with a_private_organisation(api.graph):
        marc, nina = await a_user(api.graph, "Marc Tessier"), await a_user(api.graph, "Nina Roy")
        await a_team(api.graph, "Lyon", marc)
        await a_team(api.graph, "Lille", nina)
        seen = World(api, await signed_in(api.graph, marc), await signed_in(api.graph, nina))
        northwind = await seen.make("Northwind", "createAccount", "account", seen.marc, name="Northwind")
        shared = {"recordId": northwind, "withIds": [nina.user_id]}
        await api.write("share", shared, "record { id }", viewer=seen.marc)
        for given, family in (("Vera", "Lang"), ("Otto", "Brandt"), ("Ida", "Moss")):
            person = {"givenName": given, "familyName": family, "accountId": northwind, "title": "Director"}
            await seen.make(f"{given} {family}", "createContact", "contact", seen.marc, **person)
        deal = {"name": "Renewal", "accountId": northwind, "amount": "9000.00", "currency": "EUR"}
        await seen.make("Renewal", "createOpportunity", "opportunity", seen.marc, **deal)
        part = {"of": {"opportunityId": seen.ids["Renewal"]}, "contactId": seen.ids["Vera Lang"]}
        judged = {"roles": ["DECISION_MAKER"], "stance": "SUPPORTER", "validFrom": AT}
        await api.write("assessStakeholder", part | judged, "stakeholder { id }", viewer=seen.marc)
        line = {"kind": "REPORTS_TO", "fromContactId": seen.ids["Otto Brandt"], "toContactId": seen.ids["Vera Lang"]}
        await api.write("linkContacts", line, "link { id }", viewer=seen.marc)
        met = {
            "type": "MEETING",
            "occurredAt": (NOW - dt.timedelta(days=3)).isoformat(),
            "sender": {"personId": marc.user_id},
            "participants": [{"personId": seen.ids["Otto Brandt"]}],
            "note": "They wait for the budget.",
        }
        await seen.make("meeting", "logInteraction", "interaction", seen.marc, **met)
        await ties(seen, seen.marc, ("Otto Brandt", "Vera Lang"), ("Otto Brandt", "Ida Moss"))
        yield seen


async def ties(world: World, by: Viewer, *pairs: tuple[str, str], **more: Any) -> None:
    for one, other in pairs:
        stated = {"personId": world.ids[one], "otherPersonId": world.ids[other], "level": "STRONG"}
        await world.api.write("stateTie", stated | more, "tie { id }", viewer=by)


async def hide(world: World) -> None:
    """Nina's own customer beside Northwind, tied to its people in every way there is."""
    api, nina = world.api, world.nina
    covert = await world.make("Covert", "createAccount", "account", nina, name="Covert Northwind Lang")
    person = {"givenName": "Hans", "familyName": "Lang", "accountId": covert, "title": "CEO"}
    hans = await world.make("Hans Lang", "createContact", "contact", nina, **person)
    deal = {"name": "Renewal of Covert", "accountId": covert, "amount": "70000.00", "currency": "EUR"}
    secret = await world.make("Renewal of Covert", "createOpportunity", "opportunity", nina, **deal)
    for name, role in (("Hans Lang", "DECISION_MAKER"), ("Vera Lang", "INFLUENCER")):
        part = {"of": {"opportunityId": secret}, "contactId": world.ids[name], "roles": [role], "validFrom": AT}
        await world.make(f"{name} in Covert", "assessStakeholder", "stakeholder", nina, **part)
    influence = {"kind": "INFLUENCES", "weight": 0.9, "opportunityId": secret}
    for one, other in (("Hans Lang", "Vera Lang"), ("Vera Lang", "Hans Lang")):
        link = influence | {"fromContactId": world.ids[one], "toContactId": world.ids[other]}
        await world.make(f"{one} to {other}", "linkContacts", "link", api.viewer, **link)
    job = {"contactId": world.ids["Vera Lang"], "accountId": covert, "title": "Member of the board"}
    await api.write("employContact", job, "contact { id }", viewer=api.viewer)
    line = {"kind": "REPORTS_TO", "fromContactId": hans, "toContactId": world.ids["Vera Lang"]}
    await world.make("line of Hans", "linkContacts", "link", api.viewer, **line)
    world.ids["Nina Roy"] = nina.user_id
    await ties(world, nina, ("Nina Roy", "Hans Lang"), ("Hans Lang", "Vera Lang"), ("Hans Lang", "Otto Brandt"))
    await ties(world, nina, ("Nina Roy", "Vera Lang"), visibility="PRIVATE")
    for name, kind, one, other in (
        ("tie of Hans", "KNOWS", "Nina Roy", "Hans Lang"),
        ("private tie of Nina", "KNOWS", "Nina Roy", "Vera Lang"),
        ("job of Hans", "WORKS_AT", "Hans Lang", "Covert"),
        ("job of Vera at Covert", "WORKS_AT", "Vera Lang", "Covert"),
        ("Nina on Covert", "OWNS", "Nina Roy", "Covert"),
    ):
        between = {"kind": kind, "one": world.ids[one], "other": world.ids[other]}
        world.ids[name] = (await cypher(api.graph, BETWEEN, **between))[0]["id"]
    for name, record in (("change of Covert", "Covert"), ("job of Vera as a change", "Vera Lang")):
        about = {"record": world.ids[record], "covert": covert}
        world.ids[name] = (await cypher(api.graph, CHANGE, **about))[0]["id"]
    called = {
        "type": "CALL",
        "occurredAt": (NOW - dt.timedelta(days=1)).isoformat(),
        "sender": {"personId": nina.user_id},
        "participants": [{"personId": hans}],
        "aboutIds": [secret],
        "note": "Vera must not know.",
    }
    await world.make("call", "logInteraction", "interaction", nina, **called)
    shared = {"recordId": covert, "withIds": []}
    await api.write("share", shared, "record { id }", viewer=nina)


ALL_TIME = 'from: "2020-01-01T00:00:00Z", to: "2999-01-01T00:00:00Z"'
HIDDEN = {
    "Covert",
    "Hans Lang",
    "Renewal of Covert",
    "Hans Lang in Covert",
    "Vera Lang in Covert",
    "Hans Lang to Vera Lang",
    "Vera Lang to Hans Lang",
    "line of Hans",
    "call",
}
BESIDE = {
    "tie of Hans",
    "private tie of Nina",
    "job of Hans",
    "job of Vera at Covert",
    "Nina on Covert",
    "change of Covert",
    "job of Vera as a change",
}
"""What is hidden and has an id, yet stands in no argument but those of `node` and `nodes`."""
BETWEEN = """MATCH (:Record {id: $one})-[between]-(:Record {id: $other})
WHERE type(between) = $kind
RETURN between.id AS id"""
CHANGE = """MATCH (change:ChangeEvent {record_id: $record})
WHERE $record = $covert OR $covert IN change.also_about
RETURN change.id AS id LIMIT 1"""
ASKED = "the record in question"
VERSION = "expectedVersion"
EVERYTHING = """MATCH (node) WHERE NOT node:Receipt
RETURN count(node) AS nodes, sum(size(keys(node))) AS properties, COUNT { ()-->() } AS relationships"""
PERSON = """id displayName version updatedAt employments(includeFormer: true) { id account { name } }
  manager { displayName } reports { totalCount edges { node { displayName } } }
  opportunities { totalCount edges { node { name } } }
  stakeholderIn { totalCount edges { node { id version since roles stance } } }
  ties { totalCount edges { node { id strength band explanation from { displayName } to { displayName } } } }
  interactions { totalCount edges { node { id type participants { person { displayName } } } } }
  firstInteraction { id } lastInteraction { id } nextInteraction { id }
  notes { totalCount edges { node { text } } }
  history { totalCount edges { node { action recordId before { key text } after { key text } } } }"""
MAP = """status statusReasons { kind sentence } truncated
  people { contact { displayName } stakeholder { id version since roles stance influence { score reasons }
    knownBy { strength from { displayName } } } bestTie { strength from { displayName } } badges keyPlayer }
  links { id kind from { displayName } to { displayName } } seats { role state sentence onlyThrough { displayName } }
  consensus { support reached peopleToWin { score through { displayName } askUser { displayName } } }
  roleCoverage { score threads ourThreads }"""
PATHS = """exact sentence paths { rank score band explanation alternatives askUser { displayName }
  introducer { displayName } target { displayName } steps { from { displayName } to { displayName } strength } }"""
QUESTION = f"""query Everything($vera: ID!, $ida: ID!, $otto: ID!, $account: ID!, $deal: ID!, $at: DateTime!) {{
  accounts {{ totalCount pageInfo {{ hasNextPage }} edges {{ node {{ id name
    contacts {{ totalCount edges {{ node {{ displayName }} }} }} openPipeline {{ amount currency }} }} }} }}
  contacts {{ totalCount edges {{ node {{ {PERSON} }} }} }}
  langs: contacts(where: {{name: {{contains: "lang"}}}}) {{ totalCount edges {{ node {{ displayName }} }} }}
  opportunities(orderBy: [{{amount: DESC}}]) {{ totalCount edges {{ node {{ id name amount {{ amount }} }} }} }}
  search(text: "lang") {{ edges {{ node {{ ... on Node {{ id }} }} score }} }}
  searched: search(text: "renewal") {{ edges {{ score }} }}
  users {{ totalCount edges {{ node {{ displayName accounts {{ totalCount }} }} }} }}
  ofDeal: stakeholderMap(of: {{opportunityId: $deal}}) {{ {MAP} }}
  ofDealThen: stakeholderMap(of: {{opportunityId: $deal}}, asOf: $at) {{ {MAP} }}
  ofAccount: stakeholderMap(of: {{accountId: $account}}) {{ {MAP} }}
  mapChanges(of: {{accountId: $account}}, {ALL_TIME}) {{
    kind contact {{ displayName }} }}
  mine: warmPaths(to: {{contactId: $vera}}, from: ME) {{ {PATHS} }}
  anyones: warmPaths(to: {{contactId: $vera}}, from: ANYONE, maxHops: 4, diversify: false) {{ {PATHS} }}
  farther: warmPaths(to: {{contactId: $ida}}, from: ANYONE, maxHops: 4) {{ {PATHS} }}
  inside: warmPaths(to: {{accountId: $account}}, from: ANYONE) {{ {PATHS} }}
  past: warmPaths(to: {{contactId: $vera}}, from: ANYONE, asOf: $at) {{ {PATHS} }}
  whoKnows(contactId: $otto) {{ totalCount edges {{ node {{ id strength from {{ displayName }} }} }} }}
  whoKnowsVera: whoKnows(contactId: $vera) {{ totalCount edges {{ node {{ id strength }} }} }}
}}"""


FADED_MEANWHILE = 1e-4


def differences(one: Any, other: Any, where: str = "") -> Iterator[str]:
    """Where two answers differ, and how. What a tie loses in the seconds between them is no difference."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        for key in one:
            yield from differences(one[key], other[key], f"{where}.{key}")
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for number, value in enumerate(one):
            yield from differences(value, other[number], f"{where}[{number}]")
    elif isinstance(one, float) and isinstance(other, float):
        if abs(one - other) > FADED_MEANWHILE:
            yield f"{where}: {one} != {other}"
    elif one != other:
        yield f"{where}: {one} != {other}"


async def told(world: World, viewer: Viewer) -> Any:
    variables = {
        "vera": world.ids["Vera Lang"],
        "ida": world.ids["Ida Moss"],
        "otto": world.ids["Otto Brandt"],
        "account": world.ids["Northwind"],
        "deal": world.ids["Renewal"],
        "at": NOW.isoformat(),
    }
    return await world.api.ask(QUESTION, variables, viewer=await signed_in(world.api.graph, viewer))


async def test_a_viewer_is_told_the_same_with_a_hidden_part_as_without_it(world: World) -> None:
    before = await told(world, world.marc)
    assert before["contacts"]["totalCount"] == 3
    assert before["ofDeal"]["people"] != []
    assert before["mine"]["paths"] != []
    await hide(world)
    after = await told(world, world.marc)
    assert "\n".join(differences(before, after)) == ""
    hers = await told(world, world.nina)
    differing = {asked for asked in before if any(differences(before[asked], hers[asked]))}
    assert differing >= {"accounts", "contacts", "langs", "opportunities", "search", "anyones"}


async def test_a_hidden_record_answers_as_a_missing_one(world: World) -> None:
    await hide(world)
    api, ids, missing = world.api, world.ids, new_id()
    marc = await signed_in(api.graph, world.marc)

    async def asked(document: str, record_id: str) -> Any:
        answer = await api.execute(document, {"id": record_id}, viewer=marc)
        return answer.data, [error.message for error in answer.errors or []], api.queries

    for name in sorted(HIDDEN | BESIDE):
        for document in (
            "query($id: ID!) { node(id: $id) { id } }",
            "query($id: ID!) { nodes(ids: [$id]) { id } }",
        ):
            assert await asked(document, ids[name]) == await asked(document, missing), (name, document)
    for name in sorted(HIDDEN):
        for document in (
            "query($id: ID!) { account(by: {id: $id}) { id } }",
            "query($id: ID!) { contact(by: {id: $id}) { id } }",
            "query($id: ID!) { opportunity(by: {id: $id}) { id } }",
            "query($id: ID!) { accounts(where: {id: {eq: $id}}) { totalCount } }",
            "query($id: ID!) { contacts(where: {accountId: {eq: $id}}) { totalCount } }",
            "query($id: ID!) { opportunities(where: {accountId: {eq: $id}}) { totalCount } }",
            "query($id: ID!) { stakeholderMap(of: {opportunityId: $id}) { status } }",
            "query($id: ID!) { stakeholderMap(of: {accountId: $id}) { status } }",
            f"query($id: ID!) {{ mapChanges(of: {{opportunityId: $id}}, {ALL_TIME}) {{ kind }} }}",
            "query($id: ID!) { warmPaths(to: {contactId: $id}) { sentence } }",
            "query($id: ID!) { warmPaths(to: {accountId: $id}) { sentence } }",
            "query($id: ID!) { whoKnows(contactId: $id) { totalCount } }",
        ):
            assert await asked(document, ids[name]) == await asked(document, missing), (name, document)


def about(given: Any, record_id: str) -> Any:
    """What is asked, about this record."""
    if isinstance(given, dict):
        return {key: about(value, record_id) for key, value in given.items()}
    if isinstance(given, list):
        return [about(value, record_id) for value in given]
    return record_id if given is ASKED else given


def takes_a_version() -> set[str]:
    """The mutations that compare the version which the caller read."""
    mutations = schema._schema.mutation_type
    assert mutations is not None
    inputs = {name: get_named_type(field.args["input"].type) for name, field in mutations.fields.items()}
    return {
        name for name, kind in inputs.items() if isinstance(kind, GraphQLInputObjectType) and VERSION in kind.fields
    }


async def test_a_hidden_record_is_written_about_as_about_a_missing_one(world: World) -> None:
    await hide(world)
    api, ids, missing = world.api, world.ids, new_id()
    marc = await signed_in(api.graph, world.marc)
    vera, deal, northwind = ids["Vera Lang"], ids["Renewal"], ids["Northwind"]
    moment = NOW.isoformat()
    writes: list[tuple[str, dict[str, Any]]] = [
        ("createContact", {"familyName": "New", "accountId": ASKED}),
        ("createOpportunity", {"name": "New", "accountId": ASKED}),
        ("createOpportunity", {"name": "New", "accountId": northwind, "primaryContactId": ASKED}),
        ("createAccount", {"name": "New", "parentId": ASKED}),
        ("moveOpportunity", {"opportunityId": ASKED, "stageKey": "LOST", "lostReason": "Price"}),
        ("moveOpportunity", {"opportunityId": ASKED, "stageKey": "LOST", VERSION: 99}),
        ("setConsensusRule", {"opportunityId": ASKED, "neededContactIds": [vera]}),
        ("setConsensusRule", {"opportunityId": ASKED, "neededContactIds": [vera], VERSION: 99}),
        ("employContact", {"contactId": ASKED, "accountId": northwind}),
        ("employContact", {"contactId": vera, "accountId": ASKED}),
        ("assessStakeholder", {"of": {"opportunityId": ASKED}, "contactId": vera, "stance": "SUPPORTER"}),
        ("assessStakeholder", {"of": {"opportunityId": deal}, "contactId": ASKED, "stance": "SUPPORTER"}),
        ("assessStakeholder", {"of": {"opportunityId": ASKED}, "contactId": vera, "note": "?", VERSION: 99}),
        ("assessStakeholder", {"of": {"accountId": ASKED}, "contactId": vera, "note": "?", VERSION: 99}),
        ("assessStakeholder", {"of": {"opportunityId": deal}, "contactId": ASKED, "note": "?", VERSION: 99}),
        ("endStakeholder", {"stakeholderId": ASKED, "validTo": moment}),
        ("linkContacts", {"kind": "REPORTS_TO", "fromContactId": vera, "toContactId": ASKED}),
        ("linkContacts", {"kind": "REPORTS_TO", "fromContactId": ASKED, "toContactId": vera}),
        ("endLink", {"linkId": ASKED, "validTo": moment}),
        ("stateTie", {"personId": marc.user_id, "otherPersonId": ASKED, "level": "WEAK"}),
        ("logInteraction", {"type": "CALL", "occurredAt": AT, "participants": [{"personId": ASKED}]}),
        (
            "logInteraction",
            {
                "type": "CALL",
                "occurredAt": AT,
                "participants": [{"personId": vera}],
                "aboutIds": [ASKED],
            },
        ),
        ("assign", {"recordId": ASKED, "userId": marc.user_id, "function": "ACCOUNT_EXECUTIVE"}),
        ("share", {"recordId": ASKED, "withIds": [marc.user_id]}),
    ]
    assert {mutation for mutation, given in writes if VERSION in given} == takes_a_version()
    before = await cypher(api.graph, EVERYTHING)
    for mutation, given in writes:
        refused = await api.attempt(mutation, about(given, missing), viewer=marc)
        assert [error["code"] for error in refused["userErrors"]] == ["NOT_FOUND"], mutation
        for name in sorted(HIDDEN):
            assert await api.attempt(mutation, about(given, ids[name]), viewer=marc) == refused, (mutation, name)
    assert await cypher(api.graph, EVERYTHING) == before


async def test_a_reader_is_told_the_same_whatever_is_thought_of_people(world: World) -> None:
    reader = await a_user(world.api.graph, "Rea Reader", Role.READER)
    for record in ("Northwind",):
        shared = {"recordId": world.ids[record], "withIds": [world.nina.user_id, reader.user_id]}
        await world.api.write("share", shared, "record { id }", viewer=world.marc)
    before, sellers = await told(world, reader), await told(world, world.marc)
    part = {"of": {"opportunityId": world.ids["Renewal"]}, "contactId": world.ids["Vera Lang"]}
    judged = {"roles": ["DECISION_MAKER"], "stance": "BLOCKER", "influenceLevel": "HIGH", "confidence": 0.9}
    await world.api.write("assessStakeholder", part | judged, "stakeholder { id }", viewer=world.marc)
    link = {"kind": "INFLUENCES", "fromContactId": world.ids["Otto Brandt"], "toContactId": world.ids["Vera Lang"]}
    await world.api.write("linkContacts", link | {"weight": 0.9}, "link { id }", viewer=world.marc)
    conflict = {"kind": "IN_CONFLICT_WITH", "fromContactId": world.ids["Ida Moss"]}
    conflict |= {"toContactId": world.ids["Vera Lang"]}
    await world.api.write("linkContacts", conflict, "link { id }", viewer=world.marc)
    assert "\n".join(differences(before, await told(world, reader))) == ""
    assert any(differences(sellers["ofDeal"], (await told(world, world.marc))["ofDeal"]))
