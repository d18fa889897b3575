"""Maps and judgements through the API, on a real database."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from graph_crm.errors import ErrorCode
from graph_crm.viewer import PERMISSIONS, Role
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
