"""Interactions and notes through GraphQL."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from tests.api import Api, a_user
from tests.small_graph import a_contact, an_account, employ, run

DAY = dt.timedelta(days=1)


def ago(api: Api, days: float) -> str:
    return (api.graph.now() - days * DAY).isoformat()


async def logged(api: Api, selection: str = "interaction { id }", **input: Any) -> dict[str, Any]:
    return await api.write("logInteraction", input, selection)


async def test_an_account_shows_what_happened_in_few_questions_however_long_the_list(api: Api) -> None:
    account = await an_account(api.graph, "TechCorp Solutions")
    people = [await a_contact(api.graph, f"Contact {number}") for number in range(5)]
    for person in people:
        await employ(api.graph, person, account)
    for number in range(15):
        await logged(
            api,
            type="MEETING" if number < 6 else "EMAIL",
            occurredAt=ago(api, number + 1),
            sender={"personId": api.viewer.user_id},
            participants=[{"personId": people[number % 5]}],
            aboutIds=[account] if number % 2 else [],
        )
    found = await api.ask(
        """{ account(by: {name: "TechCorp Solutions"}) {
          interactions(first: 20) {
            totalCount
            edges { node {
              type occurredAt participants { role person { displayName } } about { id }
            } }
          }
          emails: interactions(types: [EMAIL], first: 2) {
            totalCount pageInfo { hasNextPage } edges { node { type } } }
          lastInteraction { occurredAt }
          nextInteraction { id }
        } }"""
    )
    shown = found["account"]
    assert shown["interactions"]["totalCount"] == 15
    assert {edge["node"]["type"] for edge in shown["interactions"]["edges"]} == {"MEETING", "EMAIL"}
    assert shown["emails"]["totalCount"] == 9
    assert [edge["node"]["type"] for edge in shown["emails"]["edges"]] == ["EMAIL", "EMAIL"]
    assert shown["emails"]["pageInfo"] == {"hasNextPage": True}
    assert shown["lastInteraction"] == {"occurredAt": shown["interactions"]["edges"][0]["node"]["occurredAt"]}
    assert shown["nextInteraction"] is None
    assert sorted(api.queries) == sorted(
        [
            "accounts/of_name",
            "accounts/of_ids",
            "activities/of_accounts",
            "activities/of_accounts",
            "activities/of_accounts",
            "activities/of_accounts",
            "activities/of_accounts:count",
            "activities/of_accounts:count",
            "contacts/of_ids",
            "team/users_of_ids",
            "accounts/of_ids",
            "activities/participants_of",
            "activities/subjects_of",
        ]
    )


async def test_pages_go_on_where_the_last_one_ended(api: Api) -> None:
    rachel = await a_contact(api.graph, "Rachel")
    for number in range(5):
        await logged(api, type="CALL", occurredAt=ago(api, number + 1), participants=[{"personId": rachel}])
    document = """query($after: String, $id: ID!) { contact(by: {id: $id}) {
      interactions(first: 2, after: $after) { edges { cursor node { occurredAt } } pageInfo { hasNextPage } } } }"""
    found: list[str] = []
    after = None
    while True:
        page = (await api.ask(document, {"after": after, "id": rachel}))["contact"]["interactions"]
        found += [edge["node"]["occurredAt"] for edge in page["edges"]]
        if not page["pageInfo"]["hasNextPage"]:
            break
        after = page["edges"][-1]["cursor"]
    assert len(found) == 5
    assert found == sorted(found, reverse=True)


async def test_a_logged_interaction_answers_with_the_ties_it_fed(api: Api) -> None:
    await a_contact(api.graph, "Rachel", email="rachel@harrow.example")
    payload = await logged(
        api,
        """interaction { id type status subject participants { role person { __typename displayName } } }
           updatedTies { strength band outbound inbound mutual interactionCount explanation
             from { __typename displayName } to { __typename displayName } }""",
        type="EMAIL",
        occurredAt=ago(api, 0),
        sender={"emailAddress": "rachel@harrow.example"},
        participants=[{"personId": api.viewer.user_id}, {"emailAddress": "info@harrow.example"}],
        subject="Yes",
    )
    assert payload["interaction"]["participants"] == [
        {"role": "TO", "person": {"__typename": "User", "displayName": "Ada Admin"}},
        {"role": "SENDER", "person": {"__typename": "Contact", "displayName": "Rachel"}},
    ]
    [tie] = payload["updatedTies"]
    assert (tie["from"]["__typename"], tie["to"]["displayName"]) == ("User", "Rachel")
    assert (tie["outbound"], tie["inbound"], tie["interactionCount"]) == (0, pytest.approx(1, abs=1e-4), 1)
    assert (tie["band"], tie["strength"]) == ("FAINT", pytest.approx(0.019801, abs=1e-5))
    found = await api.ask(
        "query($id: ID!) { node(id: $id) { __typename ... on Interaction { subject } } }",
        {"id": payload["interaction"]["id"]},
    )
    assert found["node"] == {"__typename": "Interaction", "subject": "Yes"}


async def test_first_and_next_interactions_and_notes_of_a_contact(api: Api) -> None:
    rachel = await a_contact(api.graph, "Rachel")
    await logged(
        api,
        type="WEBINAR_REGISTRATION",
        occurredAt=ago(api, 90),
        participants=[{"personId": rachel}],
        note="Budget 50k€",
    )
    await logged(api, type="MEETING", occurredAt=ago(api, -3), participants=[{"personId": rachel}])
    for number in range(6):
        message = {"externalId": f"imap:{number}", "type": "EMAIL", "occurredAt": ago(api, number)}
        for _ in range(2):
            await logged(api, participants=[{"personId": rachel}], sender={"personId": api.viewer.user_id}, **message)
    found = await api.ask(
        """query($id: ID!) { contact(by: {id: $id}) {
          firstInteraction { type } lastInteraction { type } nextInteraction { type status }
          interactions(types: [EMAIL]) { totalCount }
          notes(kinds: [NOTE]) { totalCount edges { node { text kind author { displayName } } } } } }""",
        {"id": rachel},
    )
    assert found["contact"] == {
        "firstInteraction": {"type": "WEBINAR_REGISTRATION"},
        "lastInteraction": {"type": "EMAIL"},
        "nextInteraction": {"type": "MEETING", "status": "PLANNED"},
        "interactions": {"totalCount": 6},
        "notes": {
            "totalCount": 1,
            "edges": [{"node": {"text": "Budget 50k€", "kind": "NOTE", "author": {"displayName": "Ada Admin"}}}],
        },
    }


async def test_a_refusal_names_the_place_in_the_input(api: Api) -> None:
    rachel = await a_contact(api.graph, "Rachel")
    payload = await api.attempt(
        "logInteraction",
        {
            "type": "EMAIL",
            "occurredAt": ago(api, 1),
            "participants": [{"personId": rachel}, {"emailAddress": "who@nowhere.example"}],
        },
        "interaction { id } updatedTies { id }",
    )
    assert payload == {
        "interaction": None,
        "updatedTies": [],
        "userErrors": [
            {
                "code": "NOT_FOUND",
                "message": "Nobody is known by the e-mail address who@nowhere.example. Record the contact first.",
                "field": ["participants", "1", "emailAddress"],
            }
        ],
    }
    assert await api.count("Interaction") == 0


async def test_a_tie_that_exists_but_ask_stands_without_a_name(api: Api) -> None:
    karim, anna = await a_user(api.graph, "Karim"), await a_user(api.graph, "Anna")
    george = await a_contact(api.graph, "George")
    await api.write(
        "stateTie",
        {
            "personId": karim.user_id,
            "otherPersonId": george,
            "level": "STRONG",
            "visibility": "EXISTS_BUT_ASK",
            "confirmedAt": ago(api, 20),
        },
        "tie { id strength from { displayName } }",
        viewer=karim,
    )
    document = """query($id: ID!) { contact(by: {id: $id}) { ties { totalCount edges { node {
      visibility band from { __typename displayName } to { displayName } } } } } }"""
    found = await api.ask(document, {"id": george}, viewer=anna)
    assert found["contact"]["ties"] == {
        "totalCount": 1,
        "edges": [
            {
                "node": {
                    "visibility": "EXISTS_BUT_ASK",
                    "band": "STRONG",
                    "from": {"__typename": "HiddenPerson", "displayName": "a colleague"},
                    "to": {"displayName": "George"},
                }
            }
        ],
    }
    assert karim.user_id not in str(found)


async def test_nothing_of_a_hidden_contact_reaches_a_list_or_a_count(api: Api) -> None:
    anna = await a_user(api.graph, "Anna")
    account = await an_account(api.graph, "Open")
    seen, hidden = await a_contact(api.graph, "Seen"), await a_contact(api.graph, "Hidden", readers=["all-records"])
    for person in (seen, hidden):
        await employ(api.graph, person, account)
    for number, people in enumerate(((seen,), (hidden,), (seen, hidden))):
        await logged(
            api,
            type="CALL",
            occurredAt=ago(api, number + 1),
            participants=[{"personId": person} for person in people],
            note=f"Note {number}",
        )
    document = """{ account(by: {name: "Open"}) {
      interactions { totalCount edges { node { participants { person { displayName } } } } }
      lastInteraction { participants { person { displayName } } }
      notes { totalCount } } }"""
    before = await api.ask(document, viewer=anna)
    only_seen = [{"person": {"displayName": "Seen"}}]
    assert before["account"]["interactions"] == {
        "totalCount": 2,
        "edges": [{"node": {"participants": only_seen}}, {"node": {"participants": only_seen}}],
    }
    assert before["account"]["notes"] == {"totalCount": 2}
    await run(api.graph, "MATCH (contact:Contact {id: $id}) DETACH DELETE contact", id=hidden)
    assert await api.ask(document, viewer=anna) == before
