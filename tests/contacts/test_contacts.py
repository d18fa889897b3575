"""Contacts: recorded, found, employed, seen by those who may."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from graph_crm.language import Language
from graph_crm.viewer import Role
from tests.api import Api, a_user

TODAY = dt.datetime.now(dt.UTC).date()
MISSING = "0190aaaa-0000-7000-8000-000000000000"
EMPLOYMENTS = "employments(includeFormer: true) { id title seniority seniorityDerived isPrimary validFrom validTo }"


async def account(api: Api, name: str) -> str:
    return (await api.write("createAccount", {"name": name}, "account { id }"))["account"]["id"]


async def person(api: Api, name: str, **more: Any) -> dict[str, Any]:
    given, _, family = name.rpartition(" ")
    asked = {"givenName": given or None, "familyName": family, **more}
    selection = f"contact {{ id version displayName {EMPLOYMENTS} }}"
    return (await api.write("createContact", asked, selection))["contact"]


async def test_somebody_without_first_name_or_mail_is_called_by_civility_and_name(api: Api) -> None:
    alpha = await account(api, "Alpha")
    asked = {
        "civility": "Mme",
        "familyName": "Ladureau",
        "accountId": alpha,
        "title": "Responsable marketing",
        "department": "Marketing",
    }
    selection = """contact {
      version displayName civility givenName familyName emailAddresses phoneNumbers lifecycleStage doNotContact
      acquisitionSource manager { id }
      employments {
        title department seniority seniorityDerived isPrimary validFrom validTo
        account { name } contact { displayName }
      }
    }"""
    contact = (await api.write("createContact", asked, selection))["contact"]
    assert contact == {
        "version": 1,
        "displayName": "Mme Ladureau",
        "civility": "Mme",
        "givenName": None,
        "familyName": "Ladureau",
        "emailAddresses": [],
        "phoneNumbers": [],
        "lifecycleStage": "PROSPECT",
        "doNotContact": False,
        "acquisitionSource": None,
        "manager": None,
        "employments": [
            {
                "title": "Responsable marketing",
                "department": "Marketing",
                "seniority": "MANAGER",
                "seniorityDerived": True,
                "isPrimary": True,
                "validFrom": None,
                "validTo": None,
                "account": {"name": "Alpha"},
                "contact": {"displayName": "Mme Ladureau"},
            }
        ],
    }


async def test_addresses_are_kept_in_one_form_and_numbers_as_given_when_they_are_not_valid(api: Api) -> None:
    asked = {
        "givenName": "Jean",
        "familyName": "Dupont",
        "emailAddresses": [" Jean.DUPONT@Example.com", "jean.dupont@example.com", "jean@test.local"],
        "phoneNumbers": ["01 23 45 67 89", "9876543210", " ", "+44 20 7946 0958", "ask the desk"],
    }
    contact = (await api.write("createContact", asked, "contact { emailAddresses phoneNumbers }"))["contact"]
    assert contact == {
        "emailAddresses": ["jean.dupont@example.com", "jean@test.local"],
        "phoneNumbers": ["+33123456789", "9876543210", "+442079460958", "ask the desk"],
    }


async def test_two_people_share_one_mailbox_and_one_telephone(api: Api) -> None:
    shared = {"emailAddresses": ["office@example.com"], "phoneNumbers": ["01 23 45 67 89"]}
    await person(api, "Ana One", **shared)
    await person(api, "Bo Two", **shared)
    assert await api.count("EmailAddress") == 1
    assert await api.count("Phone") == 1
    assert await listed(api, {"emailAddress": {"eq": "OFFICE@example.com"}}) == ["Ana One", "Bo Two"]


async def listed(
    api: Api, where: dict[str, Any] | None = None, order: list[dict[str, str]] | None = None
) -> list[str]:
    data = await api.ask(
        """query($where: ContactWhere, $order: [ContactOrder!]) {
          contacts(where: $where, orderBy: $order) { totalCount edges { node { displayName } } }
        }""",
        {"where": where, "order": order},
    )
    found = [edge["node"]["displayName"] for edge in data["contacts"]["edges"]]
    assert data["contacts"]["totalCount"] == len(found)
    return found


async def test_contacts_are_listed_in_order_under_conditions(api: Api) -> None:
    alpha, beta = await account(api, "Alpha"), await account(api, "Beta")
    await person(api, "Zoé Martin", accountId=alpha, title="Directrice générale", lifecycleStage="CUSTOMER")
    await person(api, "Adam Lefèvre", accountId=beta, emailAddresses=["adam@beta.example"])
    await person(api, "Mia d'Aubigné", sourceKey={"system": "zoho", "key": "C1"})
    everybody = ["Adam Lefèvre", "Mia d'Aubigné", "Zoé Martin"]
    assert await listed(api) == everybody
    assert await listed(api, order=[{"name": "DESC"}]) == everybody[::-1]
    assert await listed(api, {"accountId": {"eq": alpha}}) == ["Zoé Martin"]
    assert await listed(api, {"accountId": {"in": [alpha, beta]}}) == ["Adam Lefèvre", "Zoé Martin"]
    assert await listed(api, {"accountId": {"isNull": True}}) == ["Mia d'Aubigné"]
    assert await listed(api, {"title": {"contains": "generale"}}) == ["Zoé Martin"]
    assert await listed(api, {"emailAddress": {"contains": "@BETA"}}) == ["Adam Lefèvre"]
    assert await listed(api, {"emailAddress": {"isNull": True}}) == ["Mia d'Aubigné", "Zoé Martin"]
    assert await listed(api, {"name": {"contains": "D AUBIGNE"}}) == ["Mia d'Aubigné"]
    assert await listed(api, {"lifecycleStage": {"eq": "CUSTOMER"}}) == ["Zoé Martin"]
    assert await listed(api, {"sourceKey": {"system": "zoho", "key": "C1"}}) == ["Mia d'Aubigné"]
    assert await listed(api, {"NOT": {"accountId": {"eq": alpha}}}) == ["Adam Lefèvre", "Mia d'Aubigné"]


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        ({}, ["familyName"]),
        ({"civility": "Mme"}, ["familyName"]),
        ({"familyName": "x" * 301}, ["familyName"]),
        ({"familyName": "Dupont", "emailAddresses": ["fine@example.com", "not an address"]}, ["emailAddresses", "1"]),
        ({"familyName": "Dupont", "emailAddresses": ["root@localhost"]}, ["emailAddresses", "0"]),
        ({"familyName": "Dupont", "emailAddresses": ["a@b\r\nBcc: c@example.com"]}, ["emailAddresses", "0"]),
        ({"familyName": "Dupont", "emailAddresses": [f"a{n}@example.com" for n in range(21)]}, ["emailAddresses"]),
        ({"familyName": "Dupont", "phoneNumbers": ["0" * 61]}, ["phoneNumbers", "0"]),
        ({"familyName": "\u202eDupont"}, ["familyName"]),
    ],
)
async def test_what_cannot_be_is_refused_and_nothing_is_written(
    api: Api, asked: dict[str, Any], path: list[str]
) -> None:
    payload = await api.attempt("createContact", asked, "contact { id }")
    assert payload["contact"] is None
    assert [(error["code"], error["field"]) for error in payload["userErrors"]] == [("INVALID", path)]
    for label in ("Contact", "EmailAddress", "Phone", "ChangeEvent", "Receipt"):
        assert await api.count(label) == 0


async def test_an_address_alone_names_somebody(api: Api) -> None:
    asked = {"emailAddresses": ["Info@Example.com"]}
    contact = (await api.write("createContact", asked, "contact { displayName }"))["contact"]
    assert contact == {"displayName": "Info@Example.com"}


async def test_a_contact_is_found_by_id_name_or_key(api: Api) -> None:
    asked = {"civility": "Mme", "familyName": "Ladureau", "sourceKey": {"system": "zoho", "key": "C1"}}
    contact = (await api.write("createContact", asked, "contact { id }"))["contact"]
    for by in (
        {"id": contact["id"]},
        {"name": "mme ladureau"},
        {"name": "Madame LADUREAU"},
        {"name": "Ladureau"},
        {"sourceKey": {"system": "zoho", "key": "C1"}},
    ):
        assert await api.ask("query($by: RecordBy!) { contact(by: $by) { id } }", {"by": by}) == {"contact": contact}
    assert await api.ask('{ contact(by: {name: "Ladure"}) { id } }') == {"contact": None}
    await person(api, "Ladureau")
    refusal = await api.refusal('{ contact(by: {name: "Ladureau"}) { id } }')
    assert refusal.code == "AMBIGUOUS"
    assert len(refusal.candidates) == 2


async def test_an_employment_at_a_missing_account_is_refused_and_nothing_is_written(api: Api) -> None:
    payload = await api.attempt("createContact", {"familyName": "Dupont", "accountId": MISSING})
    assert [(error["code"], error["field"]) for error in payload["userErrors"]] == [("NOT_FOUND", ["accountId"])]
    assert await api.count("Contact") == 0


async def test_a_repeated_request_records_one_person(api: Api) -> None:
    asked = {"familyName": "Dupont", "idempotencyKey": "once"}
    answers = [await api.write("createContact", asked, "contact { id }") for _ in range(2)]
    assert answers[0] == answers[1]
    payload = await api.attempt("createContact", {**asked, "familyName": "Durand"})
    assert [error["code"] for error in payload["userErrors"]] == ["CONFLICT"]
    assert await api.count("Contact") == 1


# -------------------------------------------------------------- employments


async def people_of(api: Api, account_id: str, arguments: str) -> list[str]:
    data = await api.ask(
        f"""query($id: ID!) {{ account(by: {{id: $id}}) {{ contacts({arguments}) {{
          totalCount edges {{ node {{ displayName }} employment {{ title validFrom validTo }} }} }} }} }}""",
        {"id": account_id},
    )
    contacts = data["account"]["contacts"]
    assert contacts["totalCount"] == len(contacts["edges"])
    return [edge["node"]["displayName"] for edge in contacts["edges"]]


async def test_somebody_who_left_is_a_former_contact_from_that_day_on(api: Api) -> None:
    techcorp = await account(api, "TechCorp Solutions")
    people = [await person(api, f"Contact {number}", accountId=techcorp) for number in range(5)]
    asked = {"employmentId": people[4]["employments"][0]["id"], "validTo": "2026-02-01"}
    contact = (await api.write("updateEmployment", asked, f"contact {{ version {EMPLOYMENTS} }}"))["contact"]
    assert contact["version"] == 1
    assert contact["employments"][0]["validTo"] == "2026-02-01"
    everybody = [f"Contact {number}" for number in range(5)]
    assert await people_of(api, techcorp, 'asOf: "2026-01-31T23:59:59Z"') == everybody
    assert await people_of(api, techcorp, 'asOf: "2026-02-01T00:00:00Z"') == everybody[:4]
    assert await people_of(api, techcorp, "first: 20") == everybody[:4]
    assert await people_of(api, techcorp, "includeFormer: true") == everybody
    assert await people_of(api, techcorp, 'asOf: "2026-03-01T00:00:00Z", includeFormer: true') == everybody


async def test_a_new_employer_ends_the_old_employment_the_same_day(api: Api) -> None:
    ferrand, harrow = await account(api, "Ferrand"), await account(api, "Harrow")
    rachel = await person(api, "Rachel Osei", accountId=ferrand, title="Chef de projet")
    old = rachel["employments"][0]
    asked = {
        "contactId": rachel["id"],
        "accountId": harrow,
        "title": "VP Operations",
        "validFrom": "2026-01-15",
        "endEmploymentIds": [old["id"]],
    }
    contact = (await api.write("employContact", asked, f"contact {{ version {EMPLOYMENTS} }}"))["contact"]
    found = [
        (each["title"], each["seniority"], each["isPrimary"], each["validFrom"], each["validTo"])
        for each in contact["employments"]
    ]
    assert found == [
        ("VP Operations", "VP", True, "2026-01-15", None),
        ("Chef de projet", "INDIVIDUAL_CONTRIBUTOR", True, None, "2026-01-15"),
    ]
    assert await people_of(api, ferrand, 'asOf: "2026-01-14T12:00:00Z"') == ["Rachel Osei"]
    assert await people_of(api, ferrand, 'asOf: "2026-01-15T12:00:00Z"') == []
    assert await people_of(api, harrow, 'asOf: "2026-01-15T12:00:00Z"') == ["Rachel Osei"]

    data = await api.ask(
        "query($id: ID!) { contact(by: {id: $id}) { history { edges { node { action } } } } }", {"id": rachel["id"]}
    )
    actions = [edge["node"]["action"] for edge in data["contact"]["history"]["edges"]]
    assert actions == ["contact.employed", "employment.changed", "contact.created"]


async def test_a_main_employment_takes_the_place_of_another_and_both_changes_are_told(api: Api) -> None:
    alpha, beta = await account(api, "Alpha"), await account(api, "Beta")
    ana = await person(api, "Ana Kerr", accountId=alpha)
    asked: dict[str, Any] = {"contactId": ana["id"], "accountId": beta}
    second = (await api.write("employContact", asked, f"contact {{ {EMPLOYMENTS} }}"))["contact"]["employments"][1]
    main = {"employmentId": second["id"], "isPrimary": True}
    await api.write("updateEmployment", main, "contact { id }")
    data = await api.ask(
        """query($id: ID!) { contact(by: {id: $id}) { version history { edges { node {
          action before { key text } after { key text } } } } } }""",
        {"id": ana["id"]},
    )
    changes = [edge["node"] for edge in data["contact"]["history"]["edges"]]
    told = [{value["key"]: value["text"] for value in change["after"]} for change in changes[:2]]
    assert [change["action"] for change in changes[:2]] == ["employment.changed", "employment.changed"]
    assert {one["account_id"]: one["is_primary"] for one in told} == {beta: "yes", alpha: "no"}
    assert data["contact"]["version"] == 1


async def test_the_second_employment_is_not_the_main_one_until_it_is_said(api: Api) -> None:
    alpha, beta = await account(api, "Alpha"), await account(api, "Beta")
    ana = await person(api, "Ana Kerr", accountId=alpha)
    asked: dict[str, Any] = {"contactId": ana["id"], "accountId": beta}
    contact = (await api.write("employContact", asked, f"contact {{ {EMPLOYMENTS} }}"))["contact"]
    assert [each["isPrimary"] for each in contact["employments"]] == [True, False]
    assert contact["employments"][1]["validFrom"] == TODAY.isoformat()
    changed = {"employmentId": contact["employments"][1]["id"], "isPrimary": True}
    contact = (await api.write("updateEmployment", changed, f"contact {{ {EMPLOYMENTS} }}"))["contact"]
    assert [(each["id"], each["isPrimary"]) for each in contact["employments"]] == [
        (changed["employmentId"], True),
        (ana["employments"][0]["id"], False),
    ]


async def test_a_corrected_title_tells_the_level_again_unless_the_level_was_stated(api: Api) -> None:
    alpha = await account(api, "Alpha")
    ana = await person(api, "Ana Kerr", accountId=alpha, title="Assistante du PDG")
    changed = {"employmentId": ana["employments"][0]["id"], "title": "PDG"}

    async def change(**more: Any) -> tuple[str, str | None, bool]:
        contact = (await api.write("updateEmployment", changed | more, f"contact {{ {EMPLOYMENTS} }}"))["contact"]
        employment = contact["employments"][0]
        return employment["seniority"], employment["title"], employment["seniorityDerived"]

    assert ana["employments"][0]["seniority"] == "INDIVIDUAL_CONTRIBUTOR"
    assert await change() == ("C_LEVEL", "PDG", True)
    assert await change(seniority="DIRECTOR") == ("DIRECTOR", "PDG", False)
    assert await change(title="Ingénieur") == ("DIRECTOR", "Ingénieur", False)
    assert await change(title="Ingénieur", seniority=None) == ("INDIVIDUAL_CONTRIBUTOR", "Ingénieur", True)
    assert await change(title=None) == ("UNKNOWN", None, False)


async def test_impossible_dates_and_strangers_employments_are_refused(api: Api) -> None:
    alpha, beta = await account(api, "Alpha"), await account(api, "Beta")
    ana = await person(api, "Ana Kerr", accountId=alpha, validFrom="2026-01-10")
    bo = await person(api, "Bo Ek", accountId=alpha)
    employment_id = ana["employments"][0]["id"]
    before = await api.count("ChangeEvent")

    async def refused(mutation: str, **asked: Any) -> tuple[str, list[str] | None]:
        payload = await api.attempt(mutation, asked)
        (error,) = payload["userErrors"]
        return error["code"], error["field"]

    invalid = ("INVALID", ["validTo"])
    assert await refused("updateEmployment", employmentId=employment_id, validTo="2026-01-10") == invalid
    assert await refused("updateEmployment", employmentId=employment_id, validTo="2026-01-09") == invalid
    missing = ("NOT_FOUND", ["employmentId"])
    assert await refused("updateEmployment", employmentId=MISSING, title="X") == missing
    ends = {"contactId": ana["id"], "accountId": beta}
    foreign = [bo["employments"][0]["id"]]
    assert await refused("employContact", **ends, endEmploymentIds=foreign) == ("NOT_FOUND", ["endEmploymentIds"])
    assert await refused("employContact", **ends, endEmploymentIds=[employment_id], validFrom="2026-01-10") == (
        "INVALID",
        ["endEmploymentIds"],
    )
    assert await refused("employContact", contactId=ana["id"], accountId=MISSING) == ("NOT_FOUND", ["accountId"])
    assert (await refused("employContact", contactId=MISSING, accountId=beta))[0] == "NOT_FOUND"
    assert await refused("employContact", contactId=ana["id"], accountId=alpha) == ("DUPLICATE", ["accountId"])
    assert await api.count("ChangeEvent") == before

    document = "mutation($input: UpdateEmploymentInput!) { updateEmployment(input: $input) { contact { id } } }"
    result = await api.execute(document, {"input": {"employmentId": employment_id, "validTo": "2026-02-30"}})
    assert "2026-02-30" in result.errors[0].message
    assert await api.count("ChangeEvent") == before


async def test_somebody_reports_to_whom_they_reported_that_day(api: Api) -> None:
    cio, arch, usr = [(await person(api, name))["id"] for name in ("Nadia Benali", "Samir Haddou", "Camille Weber")]
    for who, kind, since, until in [
        (arch, "SOLID", "2026-01-01T00:00:00Z", None),
        (usr, "SOLID", None, "2026-02-01T00:00:00Z"),
        (usr, "DOTTED", None, None),
    ]:
        await api.graph.driver.execute_query(
            """MATCH (contact:Contact {id: $who}), (manager:Contact {id: $cio})
            CREATE (contact)-[:REPORTS_TO {
              id: randomUUID(), kind: $kind, valid_from: datetime($since), valid_to: datetime($until)}]->(manager)""",
            who=who,
            cio=cio,
            kind=kind,
            since=since,
            until=until,
        )
    asked = """query($id: ID!, $asOf: DateTime) { contact(by: {id: $id}) {
      manager(asOf: $asOf) { displayName } reports(asOf: $asOf) { totalCount edges { node { displayName } } } } }"""

    async def reports(as_of: str) -> list[str]:
        found = (await api.ask(asked, {"id": cio, "asOf": as_of}))["contact"]["reports"]
        assert found["totalCount"] == len(found["edges"])
        return [edge["node"]["displayName"] for edge in found["edges"]]

    async def manager(contact_id: str, as_of: str) -> Any:
        return (await api.ask(asked, {"id": contact_id, "asOf": as_of}))["contact"]["manager"]

    assert await reports("2026-01-15T00:00:00Z") == ["Camille Weber", "Samir Haddou"]
    assert await reports("2026-02-01T00:00:00Z") == ["Samir Haddou"]
    assert await manager(usr, "2026-01-31T23:59:59Z") == {"displayName": "Nadia Benali"}
    assert await manager(usr, "2026-02-01T00:00:00Z") is None
    assert await manager(arch, "2025-12-31T23:59:59Z") is None


async def test_statements_do_not_grow_with_the_people_listed(api: Api) -> None:
    taken: list[list[str]] = []
    for number in range(3):
        alpha = await account(api, f"Account {number}")
        await person(api, f"Ana {number}", accountId=alpha)
        await api.ask(
            """{ accounts { edges { node { contacts { totalCount edges { employment { account { name } } node {
              employments { title account { name } } manager { displayName } reports { totalCount }
              sources { key } } } } } } } }"""
        )
        taken.append(sorted(api.queries))
    assert taken[0] == taken[1] == taken[2]
    assert taken[0] == [
        "accounts/list",
        "accounts/of_ids",
        "changes/sources_of_records",
        "contacts/employments_of_contacts",
        "contacts/managers",
        "contacts/of_accounts",
        "contacts/of_accounts:count",
        "contacts/reports",
        "contacts/reports:count",
    ]


async def test_edges_to_other_slices_are_one_statement_each_however_many_people(api: Api) -> None:
    asked = """{
      accounts { edges { node {
        opportunities { totalCount edges { node { name } } } openPipeline { amount }
        interactions { totalCount edges { node { type } } } lastInteraction { type } nextInteraction { type }
        notes { totalCount } } } }
      contacts { edges { node {
        opportunities { totalCount edges { node { name } } } stakeholderIn { edges { node { stance } } }
        interactions { totalCount } firstInteraction { type } lastInteraction { type } nextInteraction { type }
        notes { totalCount } ties { totalCount edges { node { band } } } } } }
    }"""
    taken: list[list[str]] = []
    for number in range(3):
        alpha = await account(api, f"Account {number}")
        ana = await person(api, f"Ana {number}", accountId=alpha)
        deal = {"name": f"Deal {number}", "accountId": alpha, "primaryContactId": ana["id"], "amount": "10.50"}
        await api.write("createOpportunity", deal, "opportunity { id }")
        met = {
            "type": "MEETING",
            "occurredAt": "2026-01-15T09:00:00Z",
            "participants": [{"personId": ana["id"]}, {"personId": api.viewer.user_id}],
            "aboutIds": [alpha],
        }
        await api.write("logInteraction", met, "interaction { id }")
        await api.ask(asked)
        taken.append(sorted(api.queries))
    assert taken[1] == taken[2]
    assert len(taken[2]) <= 24


async def test_a_refusal_is_read_in_the_language_of_whoever_asks(api: Api) -> None:
    camille = await a_user(api.graph, "Camille Weber", language=Language.FR)
    payload = await api.attempt("createContact", {}, viewer=camille)
    assert [error["message"] for error in payload["userErrors"]] == ["Donnez un nom ou une adresse électronique."]


async def test_a_hidden_person_answers_like_a_missing_one(api: Api) -> None:
    alpha = await account(api, "Alpha")
    hidden = await person(api, "Ana Kerr", accountId=alpha, sourceKey={"system": "zoho", "key": "C1"})
    employment_id = hidden["employments"][0]["id"]
    await api.graph.driver.execute_query("MATCH (contact:Contact) SET contact.readers = ['nobody']")
    asked = """query($ids: [ID!]!, $id: ID!, $name: String!, $key: String!, $account: ID!) {
      nodes(ids: $ids) { id }
      byId: contact(by: {id: $id}) { id }
      byName: contact(by: {name: $name}) { id }
      byKey: contact(by: {sourceKey: {system: "zoho", key: $key}}) { id }
      contacts { totalCount edges { node { id } } }
      account(by: {id: $account}) { contacts(includeFormer: true) { totalCount edges { node { id } } } }
    }"""
    names = {"id": hidden["id"], "ids": [hidden["id"], employment_id], "name": "Ana Kerr", "key": "C1"}
    others = {"id": MISSING, "ids": [MISSING, "none"], "name": "Nobody", "key": "C2"}
    assert await api.ask(asked, names | {"account": alpha}) == await api.ask(asked, others | {"account": alpha})

    async def refused(mutation: str, **asked: Any) -> list[dict[str, Any]]:
        return (await api.attempt(mutation, asked))["userErrors"]

    assert await refused("updateEmployment", employmentId=employment_id, title="X") == await refused(
        "updateEmployment", employmentId=MISSING, title="X"
    )
    assert await refused("employContact", contactId=hidden["id"], accountId=alpha) == await refused(
        "employContact", contactId=MISSING, accountId=alpha
    )


async def test_roles_and_teams_decide_who_changes_an_employment(api: Api) -> None:
    anna = await a_user(api.graph, "Anna Kerr")
    other = await a_user(api.graph, "Olivia Grant")
    reader = await a_user(api.graph, "Rita Reader", Role.READER)
    selection = "account { id }"
    alpha = (await api.write("createAccount", {"name": "Alpha"}, selection, viewer=anna))["account"]["id"]
    contact = (
        await api.write(
            "createContact", {"familyName": "Ek", "accountId": alpha}, f"contact {{ id {EMPLOYMENTS} }}", viewer=anna
        )
    )["contact"]
    asked = {"employmentId": contact["employments"][0]["id"], "title": "DSI"}
    for viewer in (other, reader):
        payload = await api.attempt("updateEmployment", asked, viewer=viewer)
        assert [error["code"] for error in payload["userErrors"]] == ["NOT_PERMITTED"]
    await api.write("updateEmployment", asked, "contact { id }", viewer=anna)
