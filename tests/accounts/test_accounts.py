"""Accounts: made, found, listed, seen by those who may."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from graph_crm.accounts import store as accounts_store
from graph_crm.changes.types import RecordType, SourceKey
from graph_crm.contacts import store as contacts_store
from graph_crm.viewer import Role
from tests.api import Api, a_user

FIELDS = "id version name"


async def made(api: Api, name: str, **more: Any) -> dict[str, Any]:
    selection = f"account {{ {FIELDS} }}"
    return (await api.write("createAccount", {"name": name, **more}, selection))["account"]


async def test_an_account_keeps_what_was_said_of_it(api: Api) -> None:
    parent = await made(api, "TechCorp Holding")
    asked = {
        "name": "  TechCorp   Solutions ",
        "legalName": "TechCorp Solutions SAS",
        "website": "https://www.shop.techcorp.co.uk/fr?x=1",
        "industry": "Logistique",
        "employeeCount": 0,
        "employeeBand": "1-10",
        "lifecycleStage": "CUSTOMER",
        "satisfaction": 0,
        "parentId": parent["id"],
        "latitude": 45.75,
        "longitude": 4.85,
        "sourceKey": {"system": "zoho", "key": "A1"},
    }
    selection = """account {
      version name legalName isPerson domain website industry employeeCount employeeBand lifecycleStage satisfaction
      latitude longitude parent { name } sources { system recordType key } team { user { displayName } owner }
      createdAt updatedAt
    }"""
    account = (await api.write("createAccount", asked, selection))["account"]
    assert account.pop("createdAt") == account.pop("updatedAt")
    assert account == {
        "version": 1,
        "name": "TechCorp Solutions",
        "legalName": "TechCorp Solutions SAS",
        "isPerson": False,
        "domain": "techcorp.co.uk",
        "website": "https://www.shop.techcorp.co.uk/fr?x=1",
        "industry": "Logistique",
        "employeeCount": 0,
        "employeeBand": "1-10",
        "lifecycleStage": "CUSTOMER",
        "satisfaction": 0,
        "latitude": 45.75,
        "longitude": 4.85,
        "parent": {"name": "TechCorp Holding"},
        "sources": [{"system": "zoho", "recordType": "ACCOUNT", "key": "A1"}],
        "team": [{"user": {"displayName": "Ada Admin"}, "owner": True}],
    }


async def test_a_name_is_enough(api: Api) -> None:
    account = await made(api, "Alpha")
    data = await api.ask(
        "query($id: ID!) { node(id: $id) { ... on Account { name lifecycleStage domain } } }", account
    )
    assert data["node"] == {"name": "Alpha", "lifecycleStage": "PROSPECT", "domain": None}


@pytest.mark.parametrize(
    ("more", "path"),
    [
        ({"name": ""}, ["name"]),
        ({"name": " \t "}, ["name"]),
        ({"name": "---"}, ["name"]),
        ({"name": "x" * 301}, ["name"]),
        ({"name": "a" + "\u0301" * 10_000}, ["name"]),
        ({"name": "evil \u202etxt.exe"}, ["name"]),
        ({"name": "\x1b[31mred"}, ["name"]),
        ({"website": "javascript:alert(1)"}, ["website"]),
        ({"website": "not a host"}, ["website"]),
        ({"domain": "localhost"}, ["domain"]),
        ({"satisfaction": 101}, ["satisfaction"]),
        ({"satisfaction": -1}, ["satisfaction"]),
        ({"employeeCount": -1}, ["employeeCount"]),
        ({"latitude": 91.0, "longitude": 0.0}, ["latitude"]),
        ({"latitude": 0.0, "longitude": -181.0}, ["longitude"]),
        ({"latitude": 1.0}, ["latitude"]),
        ({"sourceKey": {"system": "", "key": "1"}}, ["sourceKey", "system"]),
        ({"sourceKey": {"system": "a:b", "key": "1"}}, ["sourceKey", "system"]),
    ],
)
async def test_what_cannot_be_is_refused_and_nothing_is_written(
    api: Api, more: dict[str, Any], path: list[str]
) -> None:
    payload = await api.attempt("createAccount", {"name": "Alpha", **more}, "account { id }")
    assert payload["account"] is None
    assert [(error["code"], error["field"]) for error in payload["userErrors"]] == [("INVALID", path)]
    assert await api.count("Account") == 0
    assert await api.count("ChangeEvent") == 0
    assert await api.count("Receipt") == 0


@pytest.mark.parametrize("name", ["O'Brien & Söhne", "Null", "NaN", "İstanbul ı ß", "👩‍👩‍👧 SARL", "x" * 300, "7"])
async def test_unusual_names_are_kept_as_they_are(api: Api, name: str) -> None:
    await made(api, name)
    data = await api.ask("query($name: String!) { account(by: {name: $name}) { name } }", {"name": name})
    assert data["account"] == {"name": name}


async def test_a_parent_or_an_owner_that_is_not_there_is_refused(api: Api) -> None:
    missing = "0190aaaa-0000-7000-8000-000000000000"
    for field in ("parentId", "ownerId"):
        payload = await api.attempt("createAccount", {"name": "Alpha", field: missing})
        assert [(error["code"], error["field"]) for error in payload["userErrors"]] == [("NOT_FOUND", [field])]
    assert await api.count("Account") == 0


async def test_the_children_of_an_account_are_a_list(api: Api) -> None:
    parent = await made(api, "Parent")
    for name in ("Cé", "A", "B"):
        await made(api, name, parentId=parent["id"])
    asked = "query($id: ID!) { account(by: {id: $id}) { children(first: 2) { totalCount edges { node { name } } } } }"
    children = (await api.ask(asked, {"id": parent["id"]}))["account"]["children"]
    assert children == {"totalCount": 3, "edges": [{"node": {"name": "A"}}, {"node": {"name": "B"}}]}
    assert api.queries == ["accounts/of_ids", "accounts/children", "accounts/children:count"]


async def test_a_person_account_is_one_account_and_one_contact_employed_there(api: Api) -> None:
    account = await made(api, "Jean Dupont", isPerson=True, sourceKey={"system": "shop", "key": "123456789"})
    records, _, _ = await api.graph.driver.execute_query(
        """MATCH (contact:Contact)-[:WORKS_AT]->(account:Account {id: $id})
        RETURN contact.display_name AS name, account.is_person AS is_person, contact.readers AS readers,
               [(contact)-[:FROM_SOURCE]->(source) | source.key] AS keys""",
        id=account["id"],
    )
    assert [record.data() for record in records] == [
        {"name": "Jean Dupont", "is_person": True, "readers": ["everyone"], "keys": ["shop:CONTACT:123456789"]}
    ]


async def test_an_account_is_found_by_id_name_or_key_of_another_system(api: Api) -> None:
    account = await made(api, "Société d'Études", sourceKey={"system": "zoho", "key": "A1"})
    for by in (
        {"id": account["id"]},
        {"name": "SOCIETE D’ETUDES"},
        {"sourceKey": {"system": "zoho", "key": "A1"}},
    ):
        found = await api.ask(f"query($by: RecordBy!) {{ account(by: $by) {{ {FIELDS} }} }}", {"by": by})
        assert found["account"] == account
    for by in ({"id": "nothing"}, {"name": "Études"}, {"sourceKey": {"system": "zoho", "key": "A2"}}, {"id": ""}):
        assert await api.ask("query($by: RecordBy!) { account(by: $by) { id } }", {"by": by}) == {"account": None}


async def test_a_name_is_looked_up_in_its_index(api: Api) -> None:
    for label in ("Account", "Contact"):
        await api.graph.driver.execute_query(
            """UNWIND range(1, 2000) AS number
            CREATE (record:Record {id: randomUUID(), name_key: 'name ' + toString(number), readers: ['everyone']})
            SET record:$($label)""",
            label=label,
        )
    await api.graph.driver.execute_query("CALL db.prepareForReplanning(10)")
    for question in (accounts_store.OF_NAME, contacts_store.OF_NAME):
        parameters = {"name_key": "name 7", "name_keys": ["name 7", "7"], "viewer_groups": ["everyone"]}
        _, summary, _ = await api.graph.driver.execute_query(f"PROFILE {question.text}", parameters)
        assert summary.profile is not None
        assert hits(summary.profile) <= 20


def hits(profile: dict[str, Any]) -> int:
    return profile.get("dbHits", 0) + sum(hits(child) for child in profile.get("children", []))


async def test_a_name_that_several_share_is_ambiguous_and_names_them(api: Api) -> None:
    ids = [(await made(api, name))["id"] for name in ("Dupont", "DUPONT")]
    refusal = await api.refusal('{ account(by: {name: "dupont"}) { id } }')
    assert refusal.code == "AMBIGUOUS"
    assert list(refusal.candidates) == sorted(ids)


async def test_a_key_of_another_system_stands_for_one_account(api: Api) -> None:
    key = {"system": "zoho", "key": "A1"}
    await made(api, "Alpha", sourceKey=key)
    payload = await api.attempt("createAccount", {"name": "Beta", "sourceKey": key})
    assert [(error["code"], error["field"]) for error in payload["userErrors"]] == [("DUPLICATE", ["sourceKey"])]
    assert await api.count("Account") == 1


async def test_a_repeated_request_makes_one_account(api: Api) -> None:
    asked = {"name": "Alpha", "idempotencyKey": "once"}
    answers = await asyncio.gather(*(api.write("createAccount", asked, "account { id }") for _ in range(4)))
    assert len({answer["account"]["id"] for answer in answers}) == 1
    assert await api.count("Account") == 1
    payload = await api.attempt("createAccount", {"name": "Beta", "idempotencyKey": "once"})
    assert [(error["code"], error["field"]) for error in payload["userErrors"]] == [("CONFLICT", ["idempotencyKey"])]
    assert await api.count("Account") == 1


async def test_accounts_are_listed_in_order_under_conditions(api: Api) -> None:
    await made(api, "Émile", industry="Transport", employeeCount=10, lifecycleStage="CUSTOMER")
    await made(api, "Zoé", industry="transports", website="zoe.example", lifecycleStage="SUSPECT")
    await made(api, "Adam", employeeCount=20)
    mine = api.viewer.user_id

    async def names(where: dict[str, Any] | None = None, order: list[dict[str, str]] | None = None) -> list[str]:
        data = await api.ask(
            """query($where: AccountWhere, $order: [AccountOrder!]) {
              accounts(where: $where, orderBy: $order) { totalCount edges { node { name } } }
            }""",
            {"where": where, "order": order},
        )
        found = [edge["node"]["name"] for edge in data["accounts"]["edges"]]
        assert data["accounts"]["totalCount"] == len(found)
        return found

    assert await names() == ["Adam", "Émile", "Zoé"]
    assert await names(order=[{"name": "DESC"}]) == ["Zoé", "Émile", "Adam"]
    assert await names(order=[{"createdAt": "DESC"}]) == ["Adam", "Zoé", "Émile"]
    assert await names(order=[{"lastInteractionAt": "DESC"}, {"name": "ASC"}]) == ["Adam", "Émile", "Zoé"]
    assert await names({"name": {"startsWith": "EM"}}) == ["Émile"]
    assert await names({"industry": {"contains": "transport"}}) == ["Émile", "Zoé"]
    assert await names({"domain": {"eq": "ZOE.example"}}) == ["Zoé"]
    assert await names({"domain": {"isNull": True}, "employeeCount": {"gte": 20}}) == ["Adam"]
    assert await names({"lifecycleStage": {"in": ["CUSTOMER", "SUSPECT"]}}) == ["Émile", "Zoé"]
    assert await names({"NOT": {"lifecycleStage": {"eq": "CUSTOMER"}}}) == ["Adam", "Zoé"]
    assert await names({"OR": [{"name": {"eq": "adam"}}, {"name": {"eq": "zoe"}}]}) == ["Adam", "Zoé"]
    assert await names({"OR": []}) == ["Adam", "Émile", "Zoé"]
    assert await names({"OR": [{}, {"name": {"eq": "adam"}}]}) == ["Adam", "Émile", "Zoé"]
    assert await names({"ownerId": {"eq": mine}}) == ["Adam", "Émile", "Zoé"]
    assert await names({"ownerId": {"notIn": [mine]}}) == []
    assert await names({"name": None, "AND": None}) == ["Adam", "Émile", "Zoé"]
    assert await names({"lastInteractionAt": {"gt": "2026-01-01T00:00:00Z"}}) == []
    assert await names({"sourceKey": {"system": "zoho", "key": "A1"}}) == []
    hostile = "') RETURN 1 //"
    assert await names({"name": {"contains": hostile}}) == []


async def test_the_total_is_counted_only_when_it_is_asked_for(api: Api) -> None:
    await made(api, "Alpha")
    await api.ask("{ accounts { edges { node { name parent { name } } } } }")
    assert api.queries == ["accounts/list"]
    await api.ask("{ accounts { totalCount } }")
    assert api.queries == ["accounts/list", "accounts/list:count"]


async def test_statements_do_not_grow_with_the_accounts_listed(api: Api) -> None:
    parent = await made(api, "Parent")
    asked = """{ accounts { edges { node {
      name parent { name } children { totalCount edges { node { name } } } team { user { displayName } }
      sources { key } } } } }"""
    taken: list[list[str]] = []
    for number in range(3):
        await made(api, f"Child {number}", parentId=parent["id"])
        await api.ask(asked)
        taken.append(sorted(api.queries))
    assert taken[0] == taken[1] == taken[2]
    assert len(taken[0]) == len(set(taken[0])) == 6


async def test_a_hidden_account_answers_like_a_missing_one(api: Api) -> None:
    account = await made(api, "Secret", sourceKey={"system": "zoho", "key": "A1"})
    await api.graph.driver.execute_query("MATCH (account:Account) SET account.readers = ['nobody']")
    asked = """query($id: ID!, $name: String!, $key: String!) {
      node(id: $id) { id }
      byId: account(by: {id: $id}) { id }
      byName: account(by: {name: $name}) { id }
      byKey: account(by: {sourceKey: {system: "zoho", key: $key}}) { id }
      accounts { totalCount edges { node { id } } }
    }"""
    hidden = await api.ask(asked, {"id": account["id"], "name": "Secret", "key": "A1"})
    missing = await api.ask(asked, {"id": account["id"][:-1] + "x", "name": "Other", "key": "A2"})
    assert hidden == missing

    async def refused(parent_id: str) -> list[dict[str, Any]]:
        return (await api.attempt("createAccount", {"name": "Child", "parentId": parent_id}))["userErrors"]

    assert await refused(account["id"]) == await refused(account["id"][:-1] + "x")


async def test_a_reader_lists_accounts_and_makes_none(api: Api) -> None:
    reader = await a_user(api.graph, "Rita Reader", Role.READER)
    await made(api, "Alpha")
    data = await api.ask("{ accounts { edges { node { name } } } }", viewer=reader)
    assert data["accounts"]["edges"] == [{"node": {"name": "Alpha"}}]
    payload = await api.attempt("createAccount", {"name": "Beta"}, viewer=reader)
    assert [error["code"] for error in payload["userErrors"]] == ["NOT_PERMITTED"]
    assert await api.count("Account") == 1


async def test_making_an_account_is_in_its_history(api: Api) -> None:
    account = await made(api, "Alpha", satisfaction=85)
    asked = "query($id: ID!) { account(by: {id: $id}) { history { edges { node { action after { key text } } } } } }"
    edges = (await api.ask(asked, {"id": account["id"]}))["account"]["history"]["edges"]
    assert [edge["node"]["action"] for edge in edges] == ["account.created"]
    assert {"key": "satisfaction", "text": "85"} in edges[0]["node"]["after"]


async def test_the_page_arguments_are_bounded(api: Api) -> None:
    for arguments in ("first: 101", "first: -1", "first: 1, last: 1", 'after: "forged"'):
        refusal = await api.refusal(f"{{ accounts({arguments}) {{ totalCount }} }}")
        assert refusal.code in {"INVALID", "LIMIT"}


def test_the_key_of_a_source_is_one_text() -> None:
    assert SourceKey("zoho", RecordType.ACCOUNT, " A1 ").text == "zoho:ACCOUNT:A1"
