"""A small export through the real database: made once, changed, made again."""

from __future__ import annotations

import pytest
from neo4j import Driver

from graph_crm.errors import Conflict, NotPermitted
from graph_crm.imports.service import Asked, import_sheets
from graph_crm.imports.types import ProblemCode, RecordKind
from graph_crm.viewer import Role
from tests.api import Api, a_user
from tests.imports.exports import ACCOUNTS, CONTACTS, DEALS, MASTER, sheets, whole_export
from tests.imports.running import DOLLARS, emptied, imported, numbers, one, state
from tests.small_graph import run


async def test_an_import_makes_everything_and_a_second_one_nothing(api: Api) -> None:
    first = await imported(api, whole_export())
    assert first.counts[RecordKind.CONTACT].created == 3
    assert first.ties == 2
    before, sequence = await state(api), await one(api, "MATCH (one:Sequence) RETURN one.value AS value")
    second = await imported(api, whole_export())
    assert second.all_unchanged
    assert await state(api) == before
    assert await one(api, "MATCH (one:Sequence) RETURN one.value AS value") == sequence


async def test_the_joined_sheet_brings_no_second_copy_of_anybody(api: Api) -> None:
    await imported(api, whole_export())
    before = await state(api)
    after = await imported(api, sheets(master=MASTER))
    assert after.all_unchanged
    assert await state(api) == before


async def test_files_imported_one_after_the_other_come_to_the_same(api: Api) -> None:
    await imported(api, whole_export())
    together = await state(api)
    await emptied(api)
    export = {sheet.file: sheet for sheet in whole_export()}
    for name in ("users", "accounts", "contacts", "deals", "activities"):
        await imported(api, [export[f"{name}.csv"]])
    assert await state(api) == together


async def test_a_dry_run_says_the_same_and_writes_nothing(api: Api) -> None:
    before = await one(api, "MATCH (anything) RETURN count(*) AS value")
    said = await imported(api, whole_export(), Asked(currency="USD", dry_run=True))
    assert await one(api, "MATCH (anything) RETURN count(*) AS value") == before
    done = await imported(api, whole_export())
    assert numbers(said) == numbers(done)
    assert [problem.code for problem in said.problems] == [problem.code for problem in done.problems]


async def test_only_what_a_file_says_anew_is_changed(api: Api) -> None:
    await imported(api, whole_export())
    # Somebody has since corrected the record by hand; the file still says what it said.
    await run(api.graph, "MATCH (account:Account {name: 'Bond'}) SET account.website = 'https://bond.test'")
    changed = ACCOUNTS.replace("Electronics,500000.50,40", "Electronics,500000.50,45")
    report = await imported(api, whole_export(accounts=changed))
    assert numbers(report)[RecordKind.ACCOUNT] == (0, 1, 3)
    bond = await run(
        api.graph,
        """MATCH (account:Account {name: 'Bond'})
        RETURN account.employee_count AS employees, account.website AS website, account.version AS version,
               account.annual_revenue AS revenue""",
    )
    assert bond == [
        {"employees": 45, "website": "https://bond.test", "version": 2, "revenue": 50_000_050},
    ]
    [event] = await run(
        api.graph,
        """MATCH (change:ChangeEvent {action: 'account.changed'})-[:HAS_VALUES]->(kept)
        RETURN change.fields AS fields, kept.values AS values""",
    )
    assert event["fields"] == ["employee_count"]
    assert event["values"] == '{"after":{"employee_count":45},"before":{"employee_count":40}}'


async def test_an_imported_address_is_read_and_found_by_its_country(api: Api) -> None:
    moved = ACCOUNTS.replace("4 North Road,Austin,United States", "4 North Road,Nîmes,France")
    await imported(api, whole_export(accounts=moved))
    question = """query($country: String!) { accounts(where: {country: {eq: $country}}) { totalCount
      edges { node { name addresses { kind street city region postalCode country } } } } }"""
    found = (await api.ask(question, {"country": "FRANCE"}))["accounts"]
    place = {"kind": None, "street": "4 North Road", "city": "Nîmes", "region": None, "postalCode": None}
    assert [edge["node"] for edge in found["edges"]] == [
        {"name": "Bond", "addresses": [place | {"country": "France"}]}
    ]
    assert api.queries.count("accounts/postal_addresses") == 1
    assert (await api.ask(question, {"country": "united states"}))["accounts"]["totalCount"] == 3
    corrected = moved.replace("Nîmes,France", "Liège,Belgique")
    await imported(api, whole_export(accounts=corrected))
    assert (await api.ask(question, {"country": "france"}))["accounts"]["totalCount"] == 0
    assert (await api.ask(question, {"country": "belgique"}))["accounts"]["totalCount"] == 1
    people = await api.ask("{ contacts { edges { node { addresses { city } } } } }")
    assert [edge["node"] for edge in people["contacts"]["edges"]] == [{"addresses": []}] * 3


async def test_a_blank_never_overwrites(api: Api) -> None:
    await imported(api, whole_export())
    blanked = CONTACTS.replace("VP of Quality,Quality", ",").replace("(617) 555-0123", "")
    report = await imported(api, whole_export(contacts=blanked))
    assert report.all_unchanged
    title = await one(api, "MATCH (:Contact {name: 'Ana Silva'})-[job:WORKS_AT]->() RETURN job.title AS value")
    assert title == "VP of Quality"


async def test_a_new_title_a_second_address_and_a_deal_that_was_won(api: Api) -> None:
    await imported(api, whole_export())
    report = await imported(
        api,
        whole_export(
            contacts=CONTACTS.replace("VP of Quality", "Chief Executive Officer"),
            deals=DEALS.replace("Quote,1000.50,2025-11-01,,Open", "Closed Won,900,2025-11-01,2026-01-31,Won"),
        ),
    )  # fmt: skip
    assert numbers(report)[RecordKind.CONTACT] == (0, 1, 2)
    assert numbers(report)[RecordKind.OPPORTUNITY] == (0, 1, 2)
    [ana] = await run(
        api.graph,
        """MATCH (contact:Contact {name: 'Ana Silva'})-[job:WORKS_AT]->(account:Account)
        RETURN job.title AS title, job.seniority AS seniority, contact.lifecycle_stage AS stage,
               account.lifecycle_stage AS account""",
    )
    assert ana == {
        "title": "Chief Executive Officer", "seniority": "C_LEVEL", "stage": "CUSTOMER", "account": "CUSTOMER",
    }  # fmt: skip
    stays = await run(
        api.graph,
        """MATCH (deal:Opportunity {name: 'East deal'})-[stay:IN_STAGE|WAS_IN_STAGE]->(stage:Stage)
        RETURN stage.name AS stage, toString(date(stay.entered_at)) AS entered, toString(date(stay.left_at)) AS left,
               deal.amount AS amount ORDER BY entered""",
    )
    assert stays == [
        {"stage": "Quote", "entered": "2025-11-01", "left": "2026-01-31", "amount": 90_000},
        {"stage": "Closed Won", "entered": "2026-01-31", "left": None, "amount": 90_000},
    ]


async def test_a_contact_is_placed_later_when_the_account_is_known(api: Api) -> None:
    ambiguous = await imported(api, whole_export())
    assert sum(problem.code is ProblemCode.AMBIGUOUS for problem in ambiguous.problems) == 2
    told_apart = ACCOUNTS.replace(
        "Miami,United States,https://atlas.co", "Miami,United States,https://atlas-south.com"
    )
    report = await imported(api, whole_export(accounts=told_apart))
    assert [problem for problem in report.problems if problem.code is ProblemCode.AMBIGUOUS] == []
    assert numbers(report)[RecordKind.ACCOUNT] == (0, 1, 3)
    assert numbers(report)[RecordKind.CONTACT] == (0, 1, 2)
    assert numbers(report)[RecordKind.OPPORTUNITY] == (0, 1, 2)
    [bo] = await run(
        api.graph,
        """MATCH (contact:Contact {name: 'Bo Chen'})-[job:WORKS_AT]->(account:Account)<-[:FOR_ACCOUNT]-(deal)
        RETURN account.website AS website, job.title AS title, deal.name AS deal,
               contact.employer_as_given AS given""",
    )
    assert bo == {"website": "https://atlas.co", "title": "Buyer", "deal": "West deal", "given": None}


async def test_somebody_who_was_there_before_is_met_again(api: Api) -> None:
    made = await api.write("createAccount", {"name": "Bond", "website": "https://www.bond.example"}, "account { id }")
    account_id = made["account"]["id"]
    cy = {"givenName": "Cy", "familyName": "Young", "emailAddresses": ["cy@bond.example"], "accountId": account_id}
    contact_id = (await api.write("createContact", cy, "contact { id }"))["contact"]["id"]
    report = await imported(api, whole_export())
    assert numbers(report)[RecordKind.ACCOUNT] == (3, 1, 0)
    assert numbers(report)[RecordKind.CONTACT] == (2, 1, 0)
    [bond] = await run(
        api.graph,
        """MATCH (contact:Contact {name: 'Cy Young'})-[job:WORKS_AT]->(account:Account {name: 'Bond'})
        RETURN contact.id AS contact, account.id AS account, job.title AS title, account.industry AS industry""",
    )
    assert bond == {"contact": contact_id, "account": account_id, "title": "CEO", "industry": "Electronics"}
    assert (await imported(api, whole_export())).all_unchanged


async def test_two_calls_on_one_day_count_twice_in_the_tie(api: Api) -> None:
    await imported(api, whole_export())
    ties = (await state(api))["ties"]
    assert [(tie["user"], tie["contact"], tie["count"]) for tie in ties] == [
        ("susan@ours.example", "Cy Young", 2),
        ("tom@ours.example", "Ana Silva", 2),
    ]
    assert ties[0]["mutual"] == pytest.approx(4.0, abs=1e-9)
    assert ties[1]["mutual"] == pytest.approx(4.0, abs=1e-9)
    assert ties[1]["written"] == pytest.approx(2 ** (-5 / 90), abs=1e-9)


async def test_imported_records_answer_questions(api: Api) -> None:
    await imported(api, whole_export())
    answer = await api.ask(
        """{ contact(by: {name: "Ana Silva"}) {
          displayName emailAddresses phoneNumbers lifecycleStage
          employments { title seniority account { name domain } }
          sources { system recordType key }
        } }"""
    )
    assert answer["contact"] == {
        "displayName": "Ana Silva",
        "emailAddresses": ["ana@atlas.com"],
        "phoneNumbers": ["+16175550123"],
        "lifecycleStage": "PROSPECT",
        "employments": [
            {"title": "VP of Quality", "seniority": "VP", "account": {"name": "Atlas", "domain": "atlas.com"}}
        ],
        "sources": [{"system": "zoho", "recordType": "CONTACT", "key": "ana@atlas.com"}],
    }


async def test_a_record_that_vanished_meanwhile_stops_the_import_and_nothing_of_its_batch_is_written(
    api: Api, driver: Driver
) -> None:
    await imported(api, sheets(accounts=ACCOUNTS))

    def advance(done: int, _: int) -> None:
        if not done:
            driver.execute_query("MATCH (account:Account {name: 'Bond'}) DETACH DELETE account")

    with pytest.raises(Conflict, match="Start it again"):
        await import_sheets(api.graph, api.viewer, whole_export(), DOLLARS, advance=advance)
    assert await one(api, "MATCH (contact:Contact) RETURN count(contact) AS value") == 0


async def test_a_seller_may_not_import(api: Api) -> None:
    seller = await a_user(api.graph, "Sam Seller", Role.SELLER)
    before = await one(api, "MATCH (anything) RETURN count(*) AS value")
    with pytest.raises(NotPermitted):
        await import_sheets(api.graph, seller, whole_export(), DOLLARS)
    assert await one(api, "MATCH (anything) RETURN count(*) AS value") == before
