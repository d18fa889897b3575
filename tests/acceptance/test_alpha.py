"""F2: Alpha, whose decider is told by her part in the deal and by no title."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api import Api

PEOPLE = (("M.", "Perez", "PDG"), ("Mme", "Ladureau", "responsable marketing"), ("Mme", "Bourges", "chef de projet"))


@pytest.fixture
async def alpha(api: Api) -> dict[str, str]:
    """The ids of the account, its three people by name, and its signed deal."""
    made = await api.write("createAccount", {"name": "Alpha"}, "account { id }")
    ids = {"account": made["account"]["id"]}
    for civility, family, title in PEOPLE:
        person = {"civility": civility, "familyName": family, "title": title, "accountId": ids["account"]}
        ids[family] = (await api.write("createContact", person, "contact { id }"))["contact"]["id"]
    signed = {"name": "Affaire", "accountId": ids["account"], "primaryContactId": ids["Ladureau"]}
    ids["deal"] = (await api.write("createOpportunity", signed, "opportunity { id }"))["opportunity"]["id"]
    part = {
        "of": {"opportunityId": ids["deal"]},
        "contactId": ids["Ladureau"],
        "roles": ["DECISION_MAKER"],
        "isPrimary": True,
    }
    await api.write("assessStakeholder", part, "stakeholder { id }")
    won = {"opportunityId": ids["deal"], "stageKey": "WON"}
    await api.write("moveOpportunity", won, "opportunity { id }")
    return ids


async def test_people_need_no_first_name_and_no_address(api: Api, alpha: dict[str, str]) -> None:
    found = await api.ask(
        "query($id: ID!) { contact(by: {id: $id}) { civility givenName displayName emailAddresses } }",
        {"id": alpha["Ladureau"]},
    )
    assert found["contact"] == {
        "civility": "Mme",
        "givenName": None,
        "displayName": "Mme Ladureau",
        "emailAddresses": [],
    }


async def test_the_deal_is_hers_although_perez_leads_the_company(api: Api, alpha: dict[str, str]) -> None:
    found = await api.ask(
        """query($id: ID!) { opportunity(by: {id: $id}) {
          isOpen amount { amount } closeDate stage { isWon }
          primaryContact { displayName } primaryDecisionMaker { displayName } } }""",
        {"id": alpha["deal"]},
    )
    assert found["opportunity"] == {
        "isOpen": False,
        "amount": None,
        "closeDate": None,
        "stage": {"isWon": True},
        "primaryContact": {"displayName": "Mme Ladureau"},
        "primaryDecisionMaker": {"displayName": "Mme Ladureau"},
    }


async def test_the_map_shows_her_part_and_the_others_without_any(api: Api, alpha: dict[str, str]) -> None:
    found = await api.ask(
        """query($id: ID!) { stakeholderMap(of: {opportunityId: $id}) {
          people { title contact { displayName } stakeholder { roles isPrimary } } } }""",
        {"id": alpha["deal"]},
    )
    people: dict[str, Any] = {
        person["contact"]["displayName"]: (person["title"], person["stakeholder"])
        for person in found["stakeholderMap"]["people"]
    }
    assert people == {
        "Mme Ladureau": ("responsable marketing", {"roles": ["DECISION_MAKER"], "isPrimary": True}),
        "M. Perez": ("PDG", None),
        "Mme Bourges": ("chef de projet", None),
    }


async def test_the_deal_is_found_from_the_account_and_from_her_alone(api: Api, alpha: dict[str, str]) -> None:
    of_person = "{ opportunities { edges { node { name } } } }"
    found = await api.ask(
        f"""query($account: ID!, $perez: ID!, $ladureau: ID!, $bourges: ID!) {{
          account(by: {{id: $account}}) {of_person}
          perez: contact(by: {{id: $perez}}) {of_person}
          ladureau: contact(by: {{id: $ladureau}}) {of_person}
          bourges: contact(by: {{id: $bourges}}) {of_person} }}""",
        {
            "account": alpha["account"],
            "perez": alpha["Perez"],
            "ladureau": alpha["Ladureau"],
            "bourges": alpha["Bourges"],
        },
    )
    deals = {
        name: [edge["node"]["name"] for edge in record["opportunities"]["edges"]] for name, record in found.items()
    }
    assert deals == {"account": ["Affaire"], "perez": [], "ladureau": ["Affaire"], "bourges": []}


async def test_a_second_deal_that_perez_decides_leaves_her_part_untouched(api: Api, alpha: dict[str, str]) -> None:
    question = """query($id: ID!) { opportunity(by: {id: $id}) {
      version stakeholders { edges { node { version contact { displayName } id roles isPrimary } } }
      primaryDecisionMaker { displayName } } }"""
    before = await api.ask(question, {"id": alpha["deal"]})
    second = {"name": "Second", "accountId": alpha["account"]}
    deal_id = (await api.write("createOpportunity", second, "opportunity { id }"))["opportunity"]["id"]
    part = {"of": {"opportunityId": deal_id}, "contactId": alpha["Perez"], "roles": ["DECISION_MAKER"]}
    await api.write("assessStakeholder", part, "stakeholder { id }")
    assert await api.ask(question, {"id": alpha["deal"]}) == before
    decided = await api.ask(question, {"id": deal_id})
    assert decided["opportunity"]["primaryDecisionMaker"] == {"displayName": "M. Perez"}
