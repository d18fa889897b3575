"""F1: TechCorp Solutions, built and asked through the API alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.api import Api

TODAY = dt.datetime.now(dt.UTC).date()
PEOPLE = (
    ("Claire", "Fontaine", "DECISION_MAKER"),
    ("Hugo", "Marchand", "DECISION_MAKER"),
    ("Inès", "Caron", "END_USER"),
    ("Paul", "Rey", "END_USER"),
    ("Sara", "Lenoir", "END_USER"),
)  # names and parts are assumed
DEALS = (("Suite", "30000.00", (0, 2)), ("Support", "12000.00", (1, 3)), ("Training", "8000.00", (4,)))  # assumed
BY_NAME = 'account(by: {name: "TechCorp Solutions"})'


def days_ago(days: int) -> str:
    return f"{TODAY - dt.timedelta(days=days)}T09:00:00Z"


@pytest.fixture
async def techcorp(api: Api) -> dict[str, Any]:
    """The ids of what the API made: the account, its people, their employments and its deals."""
    made = await api.write("createAccount", {"name": "TechCorp Solutions", "satisfaction": 85}, "account { id }")
    account_id = made["account"]["id"]
    people: list[str] = []
    employments: list[str] = []
    for given, family, _ in PEOPLE:
        person = {"givenName": given, "familyName": family, "accountId": account_id, "validFrom": "2022-01-01"}
        contact = (await api.write("createContact", person, "contact { id employments { id } }"))["contact"]
        people.append(contact["id"])
        employments.append(contact["employments"][0]["id"])
    deals: list[str] = []
    for name, amount, parts in DEALS:
        deal = {"name": name, "accountId": account_id, "amount": amount, "currency": "EUR"}
        deals.append((await api.write("createOpportunity", deal, "opportunity { id }"))["opportunity"]["id"])
        for number in parts:
            part = {"of": {"opportunityId": deals[-1]}, "contactId": people[number], "roles": [PEOPLE[number][2]]}
            await api.write("assessStakeholder", part, "stakeholder { id }")
    for number in range(15):
        happened = {
            "type": "MEETING" if number % 3 == 0 else "EMAIL",
            "occurredAt": days_ago(5 + number),
            "sender": {"personId": api.viewer.user_id},
            "participants": [{"personId": people[number % 5]}],
        }
        await api.write("logInteraction", happened, "interaction { id }")
    return {"account": account_id, "people": people, "employments": employments, "deals": deals}


async def test_the_account_has_five_contacts_each_a_decider_or_a_user(api: Api, techcorp: dict[str, Any]) -> None:
    found = await api.ask(f"""{{ {BY_NAME} {{ contacts {{ totalCount edges {{ node {{
      displayName stakeholderIn {{ edges {{ node {{ roles }} }} }} }} }} }} }} }}""")
    contacts = found["account"]["contacts"]
    assert contacts["totalCount"] == 5
    parts = {
        edge["node"]["displayName"]: [
            role for part in edge["node"]["stakeholderIn"]["edges"] for role in part["node"]["roles"]
        ]
        for edge in contacts["edges"]
    }
    assert parts == {f"{given} {family}": [role] for given, family, role in PEOPLE}


async def test_its_fifteen_interactions_are_meetings_and_mails(api: Api, techcorp: dict[str, Any]) -> None:
    found = await api.ask(f"{{ {BY_NAME} {{ interactions {{ totalCount edges {{ node {{ type }} }} }} }} }}")
    interactions = found["account"]["interactions"]
    assert interactions["totalCount"] == 15
    types = [edge["node"]["type"] for edge in interactions["edges"]]
    assert (types.count("MEETING"), types.count("EMAIL")) == (5, 10)


async def test_three_open_deals_sum_to_fifty_thousand_and_a_lost_one_is_not_in_it(
    api: Api, techcorp: dict[str, Any]
) -> None:
    lost = {"name": "Lost", "accountId": techcorp["account"], "amount": "99000.00", "currency": "EUR"}
    made = await api.write("createOpportunity", lost, "opportunity { id }")
    question = f"""{{ {BY_NAME} {{ satisfaction openPipeline {{ amount currency }}
      opportunities(where: {{isOpen: {{eq: true}}}}) {{ totalCount }} }} }}"""
    before = (await api.ask(question))["account"]
    assert before["openPipeline"] == [{"amount": "149000.00", "currency": "EUR"}]
    moved = {"opportunityId": made["opportunity"]["id"], "stageKey": "LOST", "lostReason": "Price"}
    await api.write("moveOpportunity", moved, "opportunity { isOpen }")
    after = (await api.ask(question))["account"]
    assert after["satisfaction"] == 85
    assert after["openPipeline"] == [{"amount": "50000.00", "currency": "EUR"}]
    assert after["opportunities"]["totalCount"] == 3


async def test_four_people_are_left_after_one_of_five_went(api: Api, techcorp: dict[str, Any]) -> None:
    left = TODAY - dt.timedelta(days=10)
    ended = {"employmentId": techcorp["employments"][4], "validTo": left.isoformat()}
    await api.write("updateEmployment", ended, "contact { id }")
    question = f"query($at: DateTime) {{ {BY_NAME} {{ contacts(asOf: $at) {{ totalCount }} }} }}"
    counts = {
        days: (await api.ask(question, {"at": days_ago(days)}))["account"]["contacts"]["totalCount"]
        for days in (11, 10, 9)
    }
    assert counts == {11: 5, 10: 4, 9: 4}
    assert (await api.ask(question))["account"]["contacts"]["totalCount"] == 4


@pytest.mark.parametrize("satisfaction", [-1, 101])
async def test_a_satisfaction_out_of_range_is_refused_and_nothing_is_made(api: Api, satisfaction: int) -> None:
    refused = await api.attempt("createAccount", {"name": "Beyond", "satisfaction": satisfaction}, "account { id }")
    assert refused["account"] is None
    assert [(error["code"], error["field"]) for error in refused["userErrors"]] == [("INVALID", ["satisfaction"])]
    assert await api.ask("{ accounts { totalCount } }") == {"accounts": {"totalCount": 0}}
