"""Maps and judgements through the API, on a real database."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from graph_crm.errors import ErrorCode
from graph_crm.graph.doctor import examine
from graph_crm.graph.identity import new_id
from graph_crm.stakeholders import service
from graph_crm.team.service import deactivate_user
from graph_crm.viewer import PERMISSIONS, Permission, Role
from tests import behind
from tests.api import Api, a_user

NOW = dt.datetime.now(dt.UTC)


def ago(days: float) -> str:
    return (NOW - dt.timedelta(days=days)).isoformat()


async def an_account(api: Api, name: str = "Acme") -> str:
    return (await api.write("createAccount", {"name": name}, "account { id }"))["account"]["id"]


async def a_contact(api: Api, name: str, account: str | None = None, **more: Any) -> str:
    given = {"familyName": name, **more} | ({} if account is None else {"accountId": account})
    return (await api.write("createContact", given, "contact { id }"))["contact"]["id"]


async def a_deal(api: Api, account: str, name: str = "Deal") -> str:
    made = await api.write("createOpportunity", {"name": name, "accountId": account}, "opportunity { id }")
    return made["opportunity"]["id"]


async def assess(api: Api, deal: str, contact: str, **given: Any) -> dict[str, Any]:
    return await api.attempt(
        "assessStakeholder",
        {"of": {"opportunityId": deal}, "contactId": contact, **given},
        "stakeholder { id version roles stance isPrimary }",
    )


async def stances(api: Api, deal: str, **arguments: str) -> dict[str, str | None]:
    given = "".join(f", {name}: {value!r}" for name, value in arguments.items()).replace("'", '"')
    found = await api.ask(
        f'{{ stakeholderMap(of: {{opportunityId: "{deal}"}}{given}) '
        "{ people { contact { displayName } stakeholder { stance } } } }"
    )
    return {
        person["contact"]["displayName"]: person["stakeholder"] and person["stakeholder"]["stance"]
        for person in found["stakeholderMap"]["people"]
    }


async def test_a_map_is_one_statement_however_many_people(api: Api) -> None:
    account = await an_account(api)
    deal = await a_deal(api, account)
    for name in ("Ana", "Bo", "Cy"):
        await assess(api, deal, await a_contact(api, name, account), roles=["APPROVER"], stance="NEUTRAL")
    found = await api.ask(
        f'{{ stakeholderMap(of: {{opportunityId: "{deal}"}}) '
        "{ status people { id x y title badges } links { kind } seats { role state sentence } "
        "consensus { support } } }"
    )
    assert api.queries == ["stakeholders/map"]
    assert len(found["stakeholderMap"]["people"]) == 3


async def test_roles_and_sides_come_from_the_part_never_from_the_title(api: Api) -> None:
    account = await an_account(api)
    deal = await a_deal(api, account)
    chief = await a_contact(api, "Perez", account, title="PDG")
    decider = await a_contact(api, "Ladureau", account, title="responsable marketing")
    await assess(api, deal, decider, roles=["DECISION_MAKER"], isPrimary=True)
    other = await a_deal(api, account, "Second deal")
    await assess(api, other, chief, roles=["DECISION_MAKER"])
    found = await api.ask(
        f'{{ opportunity(by: {{id: "{deal}"}}) {{ primaryContact {{ id }} primaryDecisionMaker {{ id }} '
        "stakeholderMap { people { contact { id } stakeholder { roles } } } } }"
    )
    assert found["opportunity"]["primaryContact"]["id"] == decider
    assert found["opportunity"]["primaryDecisionMaker"]["id"] == decider
    parts = {
        person["contact"]["id"]: person["stakeholder"] and person["stakeholder"]["roles"]
        for person in found["opportunity"]["stakeholderMap"]["people"]
    }
    assert parts == {decider: ["DECISION_MAKER"], chief: None}


async def test_what_was_believed_then_is_kept(api: Api) -> None:
    account = await an_account(api)
    deal = await a_deal(api, account)
    contact = await a_contact(api, "Colas", account)
    await assess(api, deal, contact, stance="SUPPORTER", validFrom=ago(90))
    before = dt.datetime.now(dt.UTC).isoformat()
    await assess(api, deal, contact, stance="BLOCKER", validFrom=ago(30))
    assert await stances(api, deal, asOf=ago(26)) == {"Colas": "BLOCKER"}
    assert await stances(api, deal, asOf=ago(26), knownAt=before) == {"Colas": "SUPPORTER"}
    assert await stances(api, deal, asOf=ago(30)) == {"Colas": "BLOCKER"}
    assert await stances(api, deal, asOf=ago(31)) == {"Colas": "SUPPORTER"}
    assert await stances(api, deal, asOf=ago(91)) == {"Colas": None}
    assert await api.count("Assessment") == 3


async def test_a_correction_takes_the_place_of_what_was_recorded(api: Api) -> None:
    account = await an_account(api)
    deal = await a_deal(api, account)
    contact = await a_contact(api, "Colas", account)
    await assess(api, deal, contact, stance="SUPPORTER", validFrom=ago(90))
    before = dt.datetime.now(dt.UTC).isoformat()
    await assess(api, deal, contact, stance="SKEPTIC", validFrom=ago(60), correction=True)
    assert await stances(api, deal, asOf=ago(80)) == {"Colas": "SKEPTIC"}
    assert await stances(api, deal, asOf=ago(80), knownAt=before) == {"Colas": "SUPPORTER"}
    changes = await api.ask(
        f'{{ mapChanges(of: {{opportunityId: "{deal}"}}, from: "{ago(100)}", to: "{ago(-1)}") '
        "{ kind before { stance } after { stance } recordedBy { displayName } } }"
    )
    assert changes["mapChanges"] == [
        {
            "kind": "JOINED",
            "before": None,
            "after": {"stance": "SKEPTIC"},
            "recordedBy": {"displayName": "Ada Admin"},
        },
        {
            "kind": "CORRECTED",
            "before": {"stance": "SUPPORTER"},
            "after": {"stance": "SKEPTIC"},
            "recordedBy": {"displayName": "Ada Admin"},
        },
    ]


async def test_saying_the_same_twice_changes_nothing(api: Api) -> None:
    account = await an_account(api)
    deal = await a_deal(api, account)
    contact = await a_contact(api, "Colas", account)
    first = await assess(api, deal, contact, roles=["APPROVER"], stance="BLOCKER")
    events, rows = await api.count("ChangeEvent"), await api.count("Assessment")
    second = await assess(api, deal, contact, roles=["APPROVER"], stance="BLOCKER")
    assert second["stakeholder"] == first["stakeholder"]
    assert (await api.count("ChangeEvent"), await api.count("Assessment")) == (events, rows)


async def test_what_confirms_the_same_is_kept_with_it(api: Api) -> None:
    account = await an_account(api)
    deal = await a_deal(api, account)
    contact = await a_contact(api, "Colas", account)
    said = {"roles": ["APPROVER"], "basis": "STATED"}
    await assess(api, deal, contact, **said)
    rows = await api.count("Assessment")
    await assess(api, deal, contact, **said, evidence=[{"grade": "STATED", "text": "He signs."}])
    assert await api.count("Assessment") == rows
    found = await api.ask(
        "query($id: ID!) { opportunity(by: {id: $id}) { "
        "stakeholders { edges { node { evidence { grade text } } } } } }",
        {"id": deal},
    )
    [edge] = found["opportunity"]["stakeholders"]["edges"]
    assert edge["node"]["evidence"] == [{"grade": "STATED", "text": "He signs."}]
    confirmed = "MATCH (change:ChangeEvent {action: 'stakeholder.confirmed'}) RETURN count(change) AS count"
    records, _, _ = await api.graph.driver.execute_query(confirmed)
    assert records[0]["count"] == 1


async def test_there_is_one_primary_contact_at_a_time(api: Api) -> None:
    account = await an_account(api)
    deal = await a_deal(api, account)
    ana, bo = await a_contact(api, "Ana", account), await a_contact(api, "Bo", account)
    await assess(api, deal, ana, isPrimary=True, validFrom=ago(20))
    await assess(api, deal, bo, isPrimary=True, validFrom=ago(10))
    found = await api.ask(
        f'{{ opportunity(by: {{id: "{deal}"}}) {{ '
        "now: stakeholders { edges { node { contact { displayName } isPrimary } } } "
        f'then: stakeholders(asOf: "{ago(15)}") {{ edges {{ node {{ contact {{ displayName }} isPrimary }} }} }} '
        "} }"
    )

    def primary(connection: dict[str, Any]) -> list[str]:
        nodes = [edge["node"] for edge in connection["edges"]]
        return [node["contact"]["displayName"] for node in nodes if node["isPrimary"]]

    assert primary(found["opportunity"]["now"]) == ["Bo"]
    assert primary(found["opportunity"]["then"]) == ["Ana"]


async def test_a_label_of_another_system_is_split(api: Api) -> None:
    account = await an_account(api)
    deal = await a_deal(api, account)
    contact = await a_contact(api, "Colas", account)
    assert (await assess(api, deal, contact, roleLabel="Décideur"))["stakeholder"]["roles"] == ["DECISION_MAKER"]
    answer = (await assess(api, deal, contact, roleLabel="BLOCKER"))["stakeholder"]
    assert (answer["roles"], answer["stance"]) == (["DECISION_MAKER"], "BLOCKER")
    answer = (await assess(api, deal, contact, roleLabel="Economic Buyer; Champion"))["stakeholder"]
    assert (answer["roles"], answer["stance"]) == (["ECONOMIC_BUYER"], "CHAMPION")


async def test_an_ended_part_is_on_no_map_from_that_day_on(api: Api) -> None:
    account = await an_account(api)
    deal = await a_deal(api, account)
    contact = await a_contact(api, "Colas", account)
    part = (await assess(api, deal, contact, stance="NEUTRAL", validFrom=ago(20)))["stakeholder"]["id"]
    await api.write("endStakeholder", {"stakeholderId": part, "validTo": ago(5)}, "stakeholder { id }")
    assert await stances(api, deal) == {"Colas": None}
    assert await stances(api, deal, asOf=ago(10)) == {"Colas": "NEUTRAL"}


@pytest.mark.parametrize(
    ("given", "code", "field"),
    [
        ({"stance": "NEUTRAL", "validFrom": ago(-3)}, "INVALID", ["validFrom"]),
        ({"confidence": 1.5}, "INVALID", ["confidence"]),
        ({}, "INVALID", None),
        ({"stance": "NEUTRAL", "expectedVersion": 7}, "CONFLICT", ["expectedVersion"]),
        ({"note": "x" * 2_001}, "INVALID", ["note"]),
    ],
)
async def test_a_refused_judgement_leaves_nothing_behind(
    api: Api, given: dict[str, Any], code: str, field: list[str] | None
) -> None:
    account = await an_account(api)
    deal = await a_deal(api, account)
    contact = await a_contact(api, "Colas", account)
    events = await api.count("ChangeEvent")
    refused = await assess(api, deal, contact, **given)
    assert [(error["code"], error["field"]) for error in refused["userErrors"]] == [(code, field)]
    assert (await api.count("Stakeholder"), await api.count("Assessment")) == (0, 0)
    assert await api.count("ChangeEvent") == events


async def test_a_hidden_contact_and_a_missing_one_are_refused_alike(api: Api) -> None:
    account = await an_account(api)
    deal = await a_deal(api, account)
    missing = "01900000-0000-7000-8000-00000000ffff"
    refused = await assess(api, deal, missing, stance="NEUTRAL")
    assert refused["userErrors"][0]["code"] == "NOT_FOUND"


async def test_an_old_version_is_a_conflict_and_the_right_one_passes(api: Api) -> None:
    account = await an_account(api)
    deal = await a_deal(api, account)
    contact = await a_contact(api, "Colas", account)
    part = (await assess(api, deal, contact, stance="NEUTRAL"))["stakeholder"]
    again = (await assess(api, deal, contact, stance="SKEPTIC", expectedVersion=part["version"]))["stakeholder"]
    assert again["version"] == part["version"] + 1
    refused = await assess(api, deal, contact, stance="BLOCKER", expectedVersion=part["version"])
    assert refused["userErrors"][0]["code"] == "CONFLICT"
    assert (await stances(api, deal)) == {"Colas": "SKEPTIC"}


async def test_reporting_lines_make_no_circle_and_have_one_boss(api: Api) -> None:
    account = await an_account(api)
    people = [await a_contact(api, name, account) for name in ("Ana", "Bo", "Cy")]

    async def link(source: str, target: str, kind: str = "REPORTS_TO") -> list[dict[str, Any]]:
        given = {"kind": kind, "fromContactId": source, "toContactId": target}
        return (await api.attempt("linkContacts", given))["userErrors"]

    ana, bo, cy = people
    assert await link(ana, bo) == []
    assert await link(bo, cy) == []
    assert [error["code"] for error in await link(cy, ana)] == ["CONFLICT"]
    assert [error["code"] for error in await link(bo, ana)] == ["CONFLICT"]
    assert [error["code"] for error in await link(ana, ana)] == ["INVALID"]
    assert [error["code"] for error in await link(ana, cy)] == ["CONFLICT"]
    assert await link(ana, cy, "DOTTED_LINE") == []
    assert [error["code"] for error in await link(ana, cy, "DOTTED_LINE")] == ["DUPLICATE"]


async def test_links_end_on_a_date_and_are_found_by_id(api: Api) -> None:
    account = await an_account(api)
    deal = await a_deal(api, account)
    ana, bo = await a_contact(api, "Ana", account), await a_contact(api, "Bo", account)
    made = await api.write(
        "linkContacts",
        {"kind": "INFLUENCES", "fromContactId": ana, "toContactId": bo, "weight": 0.9, "validFrom": ago(20)},
        "link { id kind weight from { displayName } to { displayName } }",
    )
    assert made["link"]["from"] == {"displayName": "Ana"}
    found = await api.ask(f'{{ node(id: "{made["link"]["id"]}") {{ id ... on MapLink {{ weight }} }} }}')
    assert found["node"]["weight"] == 0.9
    await api.write("endLink", {"linkId": made["link"]["id"], "validTo": ago(5)}, "link { validTo }")

    async def links(**arguments: str) -> int:
        given = "".join(f', {name}: "{value}"' for name, value in arguments.items())
        answer = await api.ask(f'{{ stakeholderMap(of: {{opportunityId: "{deal}"}}{given}) {{ links {{ id }} }} }}')
        return len(answer["stakeholderMap"]["links"])

    assert await links() == 0
    assert await links(asOf=ago(10)) == 1


async def test_without_the_permission_no_judgement_is_told(api: Api) -> None:
    account = await an_account(api)
    deal = await a_deal(api, account)
    ana, bo = await a_contact(api, "Ana", account), await a_contact(api, "Bo", account)
    part = (await assess(api, deal, ana, roles=["ECONOMIC_BUYER"], stance="BLOCKER"))["stakeholder"]["id"]
    await api.write(
        "linkContacts",
        {"kind": "INFLUENCES", "fromContactId": ana, "toContactId": bo, "weight": 0.9},
        "link { id }",
    )
    reader = await a_user(api.graph, "Rea Reader", Role.READER)
    assert PERMISSIONS[Role.READER].isdisjoint({"judgement:read"})
    found = await api.ask(
        f'{{ stakeholderMap(of: {{opportunityId: "{deal}"}}) {{ status statusReasons {{ code }} links {{ kind }} '
        "consensus { support } roleCoverage { score } "
        "people { x y keyPlayer stakeholder { roles stance influenceLevel confidence influence { score } "
        "history { totalCount } evidence { id } } } } "
        f'mapChanges(of: {{opportunityId: "{deal}"}}, from: "{ago(9)}", to: "{ago(-1)}") {{ kind }} }}',
        viewer=reader,
    )
    picture = found["stakeholderMap"]
    assert (picture["status"], picture["consensus"], picture["roleCoverage"]) == (None, None, None)
    assert picture["links"] == []
    assert found["mapChanges"] == []
    for person in picture["people"]:
        assert (person["x"], person["y"], person["keyPlayer"]) == (None, None, None)
        held = person["stakeholder"]
        if held is not None:
            assert held["roles"] == ["ECONOMIC_BUYER"]
            assert (held["stance"], held["influenceLevel"], held["confidence"], held["influence"]) == (None,) * 4
            assert (held["history"]["totalCount"], held["evidence"]) == (0, [])
    refused = await api.refusal(
        f'{{ opportunity(by: {{id: "{deal}"}}) {{ stakeholders(where: {{stances: [BLOCKER]}}) {{ totalCount }} }} }}',
        viewer=reader,
    )
    assert refused.code is ErrorCode.NOT_PERMITTED
    writing = await api.attempt(
        "assessStakeholder",
        {"of": {"opportunityId": deal}, "contactId": ana, "stance": "CHAMPION"},
        viewer=reader,
    )
    assert writing["userErrors"][0]["code"] == "NOT_PERMITTED"
    history = await api.ask(f'{{ node(id: "{part}") {{ ... on Stakeholder {{ history {{ totalCount }} }} }} }}')
    assert history["node"]["history"]["totalCount"] == 1


async def test_an_account_has_a_map_of_its_open_deals_and_its_plan(api: Api) -> None:
    account = await an_account(api)
    first, second = await a_deal(api, account, "First"), await a_deal(api, account, "Second")
    ana, bo = await a_contact(api, "Ana", account), await a_contact(api, "Bo", account)
    await assess(api, first, ana, roles=["APPROVER"], stance="SUPPORTER")
    await assess(api, second, ana, roles=["END_USER"])
    await api.write(
        "assessStakeholder",
        {"of": {"accountId": account}, "contactId": bo, "roles": ["COACH"], "stance": "CHAMPION"},
        "stakeholder { account { id } opportunity { id } }",
    )
    found = await api.ask(
        f'{{ stakeholderMap(of: {{accountId: "{account}"}}) {{ scope {{ ... on Account {{ name }} }} '
        "people { contact { displayName } badges stakeholder { stance } } } "
        f'account(by: {{id: "{account}"}}) {{ stakeholderMap {{ people {{ id }} }} }} }}'
    )
    people = {one["contact"]["displayName"]: one["stakeholder"] for one in found["stakeholderMap"]["people"]}
    assert found["stakeholderMap"]["scope"] == {"name": "Acme"}
    assert people["Bo"] == {"stance": "CHAMPION"}
    assert set(people) == {"Ana", "Bo"}
    assert len(found["account"]["stakeholderMap"]["people"]) == 2


async def test_the_hits_of_a_map_have_a_ceiling(api: Api) -> None:
    account = await an_account(api)
    deal = await a_deal(api, account)
    for number in range(10):
        contact = await a_contact(api, f"Person {number}", account)
        await assess(api, deal, contact, roles=["END_USER"], stance="NEUTRAL")
    assert await map_hits(api, deal) <= 1_000


async def map_hits(api: Api, deal: str) -> int:
    """Database hits of the map's statement: the same on every run, whatever else the machine does."""
    from graph_crm.graph.parameters import encode
    from graph_crm.stakeholders.store import MAP

    now = dt.datetime.now(dt.UTC)
    given = {
        "scope_id": deal,
        "as_of": now,
        "day": now.date(),
        "most_people": 120,
        "viewer_id": api.viewer.user_id,
        "viewer_groups": api.viewer.groups,
    }
    async with api.graph.driver.session() as session:
        summary = await (await session.run(f"PROFILE {MAP.text}", encode(given))).consume()

    def total(plan: dict[str, Any]) -> int:
        return plan["dbHits"] + sum(total(child) for child in plan.get("children", []))

    assert summary.profile is not None
    return total(summary.profile)


async def test_deals_are_found_by_how_many_of_theirs_hold_the_contact(api: Api) -> None:
    account = await an_account(api)
    ana, bo, cy = [await a_contact(api, name, account) for name in ("Ana", "Bo", "Cy")]
    nina = await a_user(api.graph, "Nina Roy")
    parts = {
        "Spread": (ana, bo),
        "Lopsided": (ana, cy),
        "Silent": (),
        "Unmet": (await a_contact(api, "Di", account),),
    }
    for name, people in parts.items():
        deal = await a_deal(api, account, name)
        for person in people:
            await assess(api, deal, person, roles=["END_USER"])
    for person, kind, days in ((ana, "MEETING", 3), (bo, "MEETING", 5), (cy, "EMAIL", 200), (cy, "EMAIL", 40)):
        logged = {"type": kind, "occurredAt": ago(days), "sender": {"personId": api.viewer.user_id}}
        await api.write("logInteraction", logged | {"participants": [{"personId": person}]}, "interaction { id }")
    both = {"type": "MEETING", "occurredAt": ago(4), "sender": {"personId": nina.user_id}}
    await api.write("logInteraction", both | {"participants": [{"personId": ana}]}, "interaction { id }", viewer=nina)
    question = """query($single: Boolean) { opportunities(where: {singleThreaded: {eq: $single}}) {
      totalCount edges { node { name roleCoverage { singleThreaded } } } } }"""
    for single, names in ((True, {"Lopsided", "Silent", "Unmet"}), (False, {"Spread"})):
        found = (await api.ask(question, {"single": single}))["opportunities"]
        assert {edge["node"]["name"] for edge in found["edges"]} == names
        assert {edge["node"]["roleCoverage"]["singleThreaded"] for edge in found["edges"]} == {single}
        assert found["totalCount"] == len(names)


async def linked(api: Api, kind: str, source: str, target: str, **given: Any) -> dict[str, Any]:
    ends = {"kind": kind, "fromContactId": source, "toContactId": target}
    return await api.attempt("linkContacts", ends | given, "link { id kind weight from { id } to { id } }")


async def broken_rules(api: Api) -> set[str]:
    """The invariants that do not hold."""
    return {finding.invariant.name async for finding in examine(api.graph) if finding.offenders.count}


async def test_an_ended_link_is_never_prolonged(api: Api) -> None:
    ana, bo, cy = [await a_contact(api, name) for name in ("Ana", "Bo", "Cy")]
    old = (await linked(api, "REPORTS_TO", ana, bo, validFrom=ago(30)))["link"]["id"]

    async def ended(on: str) -> dict[str, Any]:
        return await api.attempt("endLink", {"linkId": old, "validTo": on}, "link { validTo }")

    assert (await ended(ago(10)))["userErrors"] == []
    assert (await linked(api, "REPORTS_TO", ana, cy, validFrom=ago(10)))["userErrors"] == []
    events = await api.count("ChangeEvent")
    refused = await ended(ago(2))
    assert [(error["code"], error["field"]) for error in refused["userErrors"]] == [("CONFLICT", ["validTo"])]
    again = await ended(ago(10))
    assert again["userErrors"] == []
    assert dt.datetime.fromisoformat(again["link"]["validTo"]) == NOW - dt.timedelta(days=10)
    assert await api.count("ChangeEvent") == events
    assert "one-solid-manager" not in await broken_rules(api)
    earlier = await ended(ago(20))
    assert dt.datetime.fromisoformat(earlier["link"]["validTo"]) == NOW - dt.timedelta(days=20)


async def test_two_reporting_lines_written_at_once_make_no_circle(api: Api) -> None:
    for _ in range(8):
        ana, bo, cy, di = [await behind.a_contact(api.graph, name) for name in ("Ana", "Bo", "Cy", "Di")]
        for source, target in ((bo, cy), (di, ana)):
            assert (await linked(api, "REPORTS_TO", source, target))["userErrors"] == []
        both = await asyncio.gather(linked(api, "REPORTS_TO", ana, bo), linked(api, "REPORTS_TO", cy, di))
        codes = sorted(error["code"] for answer in both for error in answer["userErrors"])
        assert codes == ["CONFLICT"]
    assert "no-circle-of-managers" not in await broken_rules(api)


async def test_a_conflict_is_recorded_once_whoever_is_named_first(api: Api) -> None:
    ana, bo = await a_contact(api, "Ana"), await a_contact(api, "Bo")
    first = await linked(api, "IN_CONFLICT_WITH", max(ana, bo), min(ana, bo))
    assert first["userErrors"] == []
    assert (first["link"]["from"]["id"], first["link"]["to"]["id"]) == (min(ana, bo), max(ana, bo))
    for source, target in ((ana, bo), (bo, ana)):
        refused = await linked(api, "IN_CONFLICT_WITH", source, target)
        assert [error["code"] for error in refused["userErrors"]] == ["DUPLICATE"]


async def test_only_an_influence_holds_for_one_deal_alone(api: Api) -> None:
    account = await an_account(api)
    deal = await a_deal(api, account)
    ana, bo = await a_contact(api, "Ana", account), await a_contact(api, "Bo", account)
    for kind in ("REPORTS_TO", "DOTTED_LINE", "IN_CONFLICT_WITH"):
        refused = await linked(api, kind, ana, bo, opportunityId=deal)
        assert [(error["code"], error["field"]) for error in refused["userErrors"]] == [
            ("INVALID", ["opportunityId"])
        ]
    assert (await linked(api, "INFLUENCES", ana, bo, opportunityId=deal, weight=0.6))["userErrors"] == []


async def test_an_end_on_the_first_day_takes_the_part_back_and_says_so_twice_alike(api: Api) -> None:
    account = await an_account(api)
    deal = await a_deal(api, account)
    contact = await a_contact(api, "Colas", account)
    part = (await assess(api, deal, contact, roles=["APPROVER"], validFrom=ago(20)))["stakeholder"]["id"]
    await assess(api, deal, contact, stance="BLOCKER", validFrom=ago(10))
    given = {"stakeholderId": part, "validTo": ago(20), "idempotencyKey": "taken back"}
    selection = "stakeholder { id roles stance } map { people { contact { displayName } stakeholder { id } } }"
    answers = [await api.attempt("endStakeholder", given, selection) for _ in range(2)]
    assert (
        answers
        == [
            {
                "stakeholder": {"id": part, "roles": ["APPROVER"], "stance": "BLOCKER"},
                "map": {"people": [{"contact": {"displayName": "Colas"}, "stakeholder": None}]},
                "userErrors": [],
            }
        ]
        * 2
    )
    found = await api.ask(
        f'{{ node(id: "{part}") {{ ... on Stakeholder {{ stance history {{ totalCount }} coverage }} }} }}'
    )
    assert found["node"] == {"stance": "BLOCKER", "history": {"totalCount": 3}, "coverage": "NO_CONTACT"}
    assert await stances(api, deal, asOf=ago(15)) == {"Colas": None}
    assert "one-open-assessment" not in await broken_rules(api)
    assert (await assess(api, deal, contact, stance="NEUTRAL"))["stakeholder"]["id"] == part


async def test_whoever_may_only_judge_is_answered_with_what_was_written(api: Api) -> None:
    account = await an_account(api)
    deal = await a_deal(api, account)
    ana, bo = await a_contact(api, "Ana", account), await a_contact(api, "Bo", account)
    writer = replace(api.viewer, permissions=frozenset({Permission.ASSESS_STAKEHOLDERS}))
    part = {"of": {"opportunityId": deal}, "contactId": ana, "roles": ["APPROVER"], "stance": "BLOCKER"}
    selection = "stakeholder { id version roles stance since }"
    judged = await api.attempt("assessStakeholder", part, selection, viewer=writer)
    assert judged["userErrors"] == []
    assert judged["stakeholder"]["roles"] == ["APPROVER"]
    assert (judged["stakeholder"]["stance"], judged["stakeholder"]["since"]) == (None, None)
    part |= {"expectedVersion": judged["stakeholder"]["version"], "stance": "NEUTRAL"}
    assert (await api.attempt("assessStakeholder", part, selection, viewer=writer))["userErrors"] == []
    assert await stances(api, deal) == {"Ana": "NEUTRAL", "Bo": None}
    for kind, more in (("INFLUENCES", {"weight": 0.9}), ("REPORTS_TO", {})):
        given = {"kind": kind, "fromContactId": ana, "toContactId": bo, "note": "Said so."} | more
        made = await api.attempt("linkContacts", given, "link { id kind weight note }", viewer=writer)
        assert made["userErrors"] == []
        assert (made["link"]["kind"], made["link"]["weight"]) == (kind, None)
        assert made["link"]["note"] == (None if kind == "INFLUENCES" else "Said so.")
    ended = {"linkId": made["link"]["id"], "validTo": dt.datetime.now(dt.UTC).isoformat()}
    assert (await api.attempt("endLink", ended, "link { id }", viewer=writer))["link"]["id"] == ended["linkId"]
    over = {"stakeholderId": judged["stakeholder"]["id"], "validTo": dt.datetime.now(dt.UTC).isoformat()}
    answer = await api.attempt("endStakeholder", over, "stakeholder { id }", viewer=writer)
    assert answer["stakeholder"] == {"id": over["stakeholderId"]}
    assert await stances(api, deal) == {"Ana": None, "Bo": None}


async def test_a_primary_contact_of_a_while_gives_the_place_back(api: Api) -> None:
    account = await an_account(api)
    deal = await a_deal(api, account)
    ana, bo = await a_contact(api, "Ana", account), await a_contact(api, "Bo", account)
    await assess(api, deal, ana, isPrimary=True, validFrom=ago(50))
    await assess(api, deal, bo, stance="NEUTRAL", validFrom=ago(20))
    await assess(api, deal, bo, isPrimary=True, validFrom=ago(40))

    async def primary(days: float) -> list[str]:
        found = await api.ask(
            f'{{ opportunity(by: {{id: "{deal}"}}) {{ stakeholders(asOf: "{ago(days)}") '
            "{ edges { node { contact { displayName } isPrimary } } } } }"
        )
        nodes = [edge["node"] for edge in found["opportunity"]["stakeholders"]["edges"]]
        return [node["contact"]["displayName"] for node in nodes if node["isPrimary"]]

    assert [await primary(days) for days in (45, 30, 10)] == [["Ana"], ["Bo"], ["Ana"]]
    assert "one-open-assessment" not in await broken_rules(api)


async def test_who_recorded_an_ending_is_told(api: Api) -> None:
    account = await an_account(api)
    deal = await a_deal(api, account)
    part = await assess(api, deal, await a_contact(api, "Colas", account), stance="NEUTRAL", validFrom=ago(20))
    nina = await a_user(api.graph, "Nina Roy", Role.ADMINISTRATOR)
    ended = {"stakeholderId": part["stakeholder"]["id"], "validTo": ago(5)}
    await api.write("endStakeholder", ended, "stakeholder { id }", viewer=nina)
    changes = await api.ask(
        f'{{ mapChanges(of: {{opportunityId: "{deal}"}}, from: "{ago(30)}", to: "{ago(-1)}") '
        "{ kind recordedBy { displayName } } }"
    )
    assert changes["mapChanges"] == [
        {"kind": "JOINED", "recordedBy": {"displayName": "Ada Admin"}},
        {"kind": "LEFT", "recordedBy": {"displayName": "Nina Roy"}},
    ]


async def test_those_the_rule_names_without_a_part_are_told(api: Api) -> None:
    account = await an_account(api)
    deal = await a_deal(api, account)
    ana, bo, cy = (
        await a_contact(api, "Ana", account),
        await a_contact(api, "Bo", account),
        await a_contact(api, "Cy"),
    )
    await assess(api, deal, ana, stance="SUPPORTER")
    rule = {"opportunityId": deal, "neededContactIds": [ana, bo, cy], "neededCount": 2, "vetoContactIds": [cy]}
    await api.write("setConsensusRule", rule, "opportunity { id }")
    found = await api.ask(
        f'{{ stakeholderMap(of: {{opportunityId: "{deal}"}}) {{ people {{ id }} consensus {{ reached '
        "agreed { contact { displayName } } missing { id } withoutPart { displayName } "
        "peopleToWin { contact { displayName } stakeholder { id } } } } }"
    )
    assert api.queries == ["stakeholders/map", "contacts/of_ids"]
    assert len(found["stakeholderMap"]["people"]) == 2
    assert found["stakeholderMap"]["consensus"] == {
        "reached": False,
        "agreed": [{"contact": {"displayName": "Ana"}}],
        "missing": [],
        "withoutPart": [{"displayName": "Bo"}, {"displayName": "Cy"}],
        "peopleToWin": [{"contact": {"displayName": "Cy"}, "stakeholder": None}],
    }


async def test_those_who_know_somebody_are_loaded_together(api: Api) -> None:
    account = await an_account(api)
    deal = await a_deal(api, account)
    contact = await a_contact(api, "Colas", account)
    await assess(api, deal, contact, stance="NEUTRAL")
    for name in ("Nina Roy", "Marc Tessier", "Lea Blum"):
        user = await a_user(api.graph, name)
        stated = {"personId": user.user_id, "otherPersonId": contact, "level": "STRONG"}
        await api.write("stateTie", stated, "tie { id }", viewer=user)
    found = await api.ask(
        f'{{ opportunity(by: {{id: "{deal}"}}) {{ '
        "stakeholders { edges { node { knownBy { strength } } } } } }"
    )
    (edge,) = found["opportunity"]["stakeholders"]["edges"]
    assert len(edge["node"]["knownBy"]) == 3
    assert api.queries[1:] == ["stakeholders/of_opportunities", "stakeholders/map", "ties/of_pairs"]


async def test_a_hidden_holding_does_not_join_a_company_to_another(api: Api) -> None:
    async with behind.a_private_organisation(api.graph):
        marc, nina = await a_user(api.graph, "Marc Tessier"), await a_user(api.graph, "Nina Roy")
        group, holding, works = [
            await behind.an_account(api.graph, name, owner)
            for name, owner in (("Group", marc), ("Holding", nina), ("Works", marc))
        ]
        for child, parent in ((works, holding), (holding, group)):
            await behind.cypher(
                api.graph,
                """MATCH (child:Account {id: $child}), (parent:Account {id: $parent})
                CREATE (child)-[:PART_OF {id: $id}]->(parent)""",
                child=child,
                parent=parent,
                id=new_id(),
            )
        contact = await behind.a_contact(api.graph, "Colas", works)
        deal = await behind.an_opportunity(api.graph, "Deal", account_id=group, owner=marc)
        await assess(api, deal, contact, stance="NEUTRAL")
        for moment in ("", f', asOf: "{dt.datetime.now(dt.UTC).isoformat()}"'):
            question = f'{{ stakeholderMap(of: {{opportunityId: "{deal}"}}{moment}) {{ people {{ external }} }} }}'
            for viewer, external in ((api.viewer, False), (await behind.signed_in(api.graph, marc), True)):
                found = await api.ask(question, viewer=viewer)
                assert found["stakeholderMap"]["people"] == [{"external": external}]


async def test_whoever_leaves_today_stays_on_the_maps_of_the_past(api: Api) -> None:
    account = await an_account(api)
    deal = await a_deal(api, account)
    contact = await a_contact(api, "Colas", account)
    await assess(api, deal, contact, roles=["APPROVER"], validFrom=ago(90))
    nina = await a_user(api.graph, "Nina Roy")
    await behind.a_team(api.graph, "Lyon", nina, api.viewer)
    met = {"type": "MEETING", "occurredAt": ago(80), "sender": {"personId": nina.user_id}}
    await api.write(
        "logInteraction", met | {"participants": [{"personId": contact}]}, "interaction { id }", viewer=nina
    )

    async def then_and_now() -> list[object]:
        past = NOW - dt.timedelta(days=70)
        facts = await service.facts_of(
            api.graph, api.viewer, deal, as_of=past, known_at=None, now=dt.datetime.now(dt.UTC)
        )
        today = await service.map_of(api.graph, api.viewer, deal)
        assert facts is not None
        assert today is not None
        return [facts, [known.who for known in today.people[0].known_by]]

    before, known = await then_and_now()
    assert known == ["Nina"]
    await deactivate_user(api.graph, api.viewer, nina.user_id)
    after, known = await then_and_now()
    assert known == []
    assert replace(after, users=()) == replace(before, users=())
    assert [(user.active, user.teams) for user in after.users] == [(user.active, user.teams) for user in before.users]
    assert [user.active for user in after.users] == [True]
    await behind.cypher(
        api.graph,
        "MATCH (user:User {id: $id}) SET user.active = true, user.leaves_on = date() - duration('P1D')",
        id=nina.user_id,
    )
    assert (await then_and_now())[1] == []
