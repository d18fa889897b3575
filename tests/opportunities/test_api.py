"""Deals through GraphQL, with the fixtures F1 and F2."""

from __future__ import annotations

from typing import Any

from tests.api import Api
from tests.small_graph import a_contact, an_account, employ


async def deal(api: Api, selection: str = "opportunity { id }", **input: Any) -> dict[str, Any]:
    return await api.write("createOpportunity", input, selection)


async def test_the_open_deals_of_techcorp_sum_to_fifty_thousand(api: Api) -> None:
    account = await an_account(api.graph, "TechCorp Solutions")
    for name, amount, stage in (
        ("A1", "30000.00", None),
        ("B1", "12000.00", "DISCOVERY"),
        ("C1", "8000.00", None),
        ("Lost", "20000.00", "LOST"),
    ):
        await deal(api, name=name, accountId=account, amount=amount, stageKey=stage)
    found = await api.ask(
        """{ account(by: {name: "TechCorp Solutions"}) {
          opportunities(where: {isOpen: {eq: true}, stageKey: {in: ["QUALIFICATION", "DISCOVERY"]}}) {
            totalCount edges { node { name amount { amount currency } stage { key } owner { displayName } } } }
          openPipeline { amount currency } } }"""
    )
    shown = found["account"]
    assert shown["openPipeline"] == [{"amount": "50000.00", "currency": "EUR"}]
    assert shown["opportunities"]["totalCount"] == 3
    nodes = sorted((edge["node"] for edge in shown["opportunities"]["edges"]), key=lambda node: node["name"])
    assert [node["amount"]["amount"] for node in nodes] == ["30000.00", "12000.00", "8000.00"]
    assert sorted(api.queries) == sorted(
        [
            "accounts/of_name",
            "accounts/of_ids",
            "opportunities/of_accounts",
            "opportunities/of_accounts:count",
            "opportunities/open_amounts",
            "team/users_of_ids",
        ]
    )


async def test_the_decider_of_a_deal_is_told_by_her_part_and_by_no_title(api: Api) -> None:
    account = await an_account(api.graph, "Alpha")
    perez, ladureau, bourges = [await a_contact(api.graph, name) for name in ("Perez", "Ladureau", "Bourges")]
    for person in (perez, ladureau, bourges):
        await employ(api.graph, person, account)
    made = await deal(api, name="Site", accountId=account, primaryContactId=ladureau, stageKey="WON")
    of = {"opportunityId": made["opportunity"]["id"]}
    part = {"of": of, "contactId": ladureau, "roles": ["DECISION_MAKER"], "isPrimary": True}
    await api.write("assessStakeholder", part, "stakeholder { id }")
    second = await deal(api, name="Second", accountId=account)
    other = {"of": {"opportunityId": second["opportunity"]["id"]}, "contactId": perez, "roles": ["DECISION_MAKER"]}
    await api.write("assessStakeholder", other, "stakeholder { id }")
    found = await api.ask(
        """query($perez: ID!, $ladureau: ID!, $bourges: ID!) {
          opportunity(by: {name: "Site"}) {
            isOpen closedAt amount { amount } closeDate
            primaryContact { displayName lifecycleStage } primaryDecisionMaker { displayName }
            account { name lifecycleStage } stageHistory { stage { key } leftAt } }
          second: opportunity(by: {name: "second"}) { primaryContact { id } primaryDecisionMaker { displayName } }
          perez: contact(by: {id: $perez}) { opportunities { edges { node { name } } } }
          ladureau: contact(by: {id: $ladureau}) { opportunities { totalCount edges { node { name } } } }
          bourges: contact(by: {id: $bourges}) { opportunities { totalCount } }
        }""",
        {"perez": perez, "ladureau": ladureau, "bourges": bourges},
    )
    site = found["opportunity"]
    assert site.pop("closedAt") is not None
    assert site == {
        "isOpen": False,
        "amount": None,
        "closeDate": None,
        "primaryContact": {"displayName": "Ladureau", "lifecycleStage": "CUSTOMER"},
        "primaryDecisionMaker": {"displayName": "Ladureau"},
        "account": {"name": "Alpha", "lifecycleStage": "CUSTOMER"},
        "stageHistory": [{"stage": {"key": "WON"}, "leftAt": None}],
    }
    assert found["second"] == {"primaryContact": None, "primaryDecisionMaker": {"displayName": "Perez"}}
    assert [edge["node"]["name"] for edge in found["perez"]["opportunities"]["edges"]] == ["Second"]
    assert [edge["node"]["name"] for edge in found["ladureau"]["opportunities"]["edges"]] == ["Site"]
    assert found["bourges"]["opportunities"]["totalCount"] == 0


async def test_refusals_of_a_deal_name_the_field(api: Api) -> None:
    account = await an_account(api.graph, "TechCorp")
    refused = await api.attempt("createOpportunity", {"name": "X1", "accountId": account, "amount": "10.001"})
    assert refused["userErrors"] == [
        {"code": "INVALID", "message": "EUR has 2 decimals; 10.001 has more.", "field": ["amount"]}
    ]
    made = await deal(api, "opportunity { id version }", name="Deal", accountId=account)
    stale = {"opportunityId": made["opportunity"]["id"], "stageKey": "WON", "expectedVersion": 9}
    refused = await api.attempt("moveOpportunity", stale)
    assert (refused["userErrors"][0]["code"], refused["userErrors"][0]["field"]) == ("CONFLICT", ["expectedVersion"])
    refused = await api.attempt("moveOpportunity", {"opportunityId": "none", "stageKey": "WON"})
    assert refused["userErrors"][0]["code"] == "NOT_FOUND"
    assert await api.count("Opportunity") == 1


async def test_pipelines_and_their_stages_are_found(api: Api) -> None:
    found = await api.ask("{ pipelines { id name kind stages { id key name probability isWon isLost } } }")
    assert [pipeline["name"] for pipeline in found["pipelines"]] == ["Standard", "SPANCO", "Delivery"]
    stages = found["pipelines"][1]["stages"]
    assert [(stage["name"], stage["probability"]) for stage in stages] == [
        ("Suspect", 0.05),
        ("Prospect", 0.15),
        ("Analyse", 0.35),
        ("Négociation", 0.6),
        ("Conclusion", 0.8),
        ("Ordre d’achat", 1.0),
        ("Perdu", 0.0),
    ]
    document = "query($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }"
    ids = [found["pipelines"][2]["id"], stages[0]["id"]]
    again = await api.ask(document, {"ids": ids})
    assert again["nodes"] == [{"__typename": "Pipeline", "id": ids[0]}, {"__typename": "Stage", "id": ids[1]}]


async def test_a_rule_of_agreement_is_set_through_the_api(api: Api) -> None:
    account, nadia = await an_account(api.graph, "Ferrand-Lys"), await a_contact(api.graph, "Nadia")
    made = await deal(api, name="Deal", accountId=account)
    opportunity_id = made["opportunity"]["id"]
    payload = await api.write(
        "setConsensusRule",
        {"opportunityId": opportunity_id, "neededContactIds": [nadia], "neededCount": 1},
        "opportunity { version }",
    )
    assert payload["opportunity"] == {"version": 2}
    refused = await api.attempt("setConsensusRule", {"opportunityId": opportunity_id, "vetoContactIds": ["nobody"]})
    assert refused["userErrors"][0]["field"] == ["vetoContactIds", "0"]
