"""What an import does to records that were there before."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from neo4j import Driver

from graph_crm.contacts.store import SET_EMPLOYMENT
from graph_crm.errors import Conflict
from graph_crm.imports.service import import_sheets
from graph_crm.imports.types import ProblemCode, RecordKind
from graph_crm.language import Language
from tests.api import Api
from tests.imports.exports import ACCOUNTS, ACTIVITIES, CONTACTS, DEALS, sheets, whole_export
from tests.imports.running import DOLLARS, imported, numbers, one
from tests.small_graph import run


async def found(api: Api, text: str) -> list[str]:
    """The names of what the search finds."""
    answer = await api.ask(
        """query($text: String!) { search(text: $text) { edges { node {
          ... on Account { name } ... on Contact { name: displayName } ... on Opportunity { name } } } } }""",
        {"text": text},
    )
    return [edge["node"]["name"] for edge in answer["search"]["edges"]]


# ------------------------------------------------------------------------------------------------- what is searched


async def test_a_contact_stays_found_by_the_addresses_that_no_file_names(api: Api) -> None:
    cy = {"givenName": "Cy", "familyName": "Young", "emailAddresses": ["cy@home.example", "cy@bond.example"]}
    await api.write("createContact", cy, "contact { id }")
    await imported(api, whole_export())
    assert await found(api, "cy@home.example") == ["Cy Young"]
    assert await found(api, "cy@bond.example") == ["Cy Young"]
    # A file that says nothing of the address must not take it out of the index.
    retitled = CONTACTS.replace("cy@bond.example,,CEO", "cy@bond.example,,Chairman")
    assert numbers(await imported(api, whole_export(contacts=retitled)))[RecordKind.CONTACT] == (0, 1, 2)
    assert await found(api, "cy@home.example") == ["Cy Young"]


async def test_an_account_stays_found_by_its_legal_name_and_domain(api: Api) -> None:
    bond = {"name": "Bond", "legalName": "Obligation SAS", "website": "https://www.bond.example"}
    await api.write("createAccount", bond, "account { id }")
    await imported(api, sheets(accounts="Account_Name,Industry\nBond,Electronics\n"))
    assert await one(api, "MATCH (account:Account) RETURN account.industry AS value") == "Electronics"
    assert await found(api, "obligation") == ["Bond"]
    assert await found(api, "bond.example") == ["Bond"]


async def test_a_deal_that_is_written_otherwise_is_called_and_found_so(api: Api) -> None:
    await imported(api, whole_export())
    await imported(api, whole_export(deals=DEALS.replace("Bond deal", "BOND-Deal")))
    [deal] = await run(
        api.graph,
        """MATCH (deal:Opportunity {name_key: 'bond deal'})
        RETURN deal.name AS name, deal.search_text AS text, deal.search_folded AS folded""",
    )
    assert deal == {"name": "BOND-Deal", "text": "BOND-Deal", "folded": "bond deal"}


# ------------------------------------------------------------------------------------------- accounts that rows name


async def test_what_happened_is_filed_under_the_account_that_the_row_names(api: Api) -> None:
    ids = {
        name: (await api.write("createAccount", {"name": name}, "account { id }"))["account"]["id"]
        for name in ("Harbour", "Castle")
    }
    ana = {
        "givenName": "Ana",
        "familyName": "Silva",
        "emailAddresses": ["ana@atlas.com"],
        "accountId": ids["Harbour"],
    }
    contact_id = (await api.write("createContact", ana, "contact { id }"))["contact"]["id"]
    await api.write("employContact", {"contactId": contact_id, "accountId": ids["Castle"]}, "contact { id }")
    contacts = (
        "First_Name,Last_Name,Email,Title,Owner,Account_Name\nAna,Silva,ana@atlas.com,CEO,tom@ours.example,Castle\n"
    )
    deals = DEALS.splitlines()[0] + "\nGate,New,Lead,,2025-12-01,,Open,tom@ours.example,Castle,Ana Silva\n"
    activities = ACTIVITIES.splitlines()[0] + "".join(
        f"\n{kind},{name},2026-01-05,Yes,,tom@ours.example,{name},Ana Silva"
        for name in ("Castle", "Harbour")
        for kind in ("Calls", "Notes")
    )
    for files in (sheets(activities=activities), sheets(contacts=contacts, deals=deals)):
        assert (await imported(api, files)).rejected == 0
    filed = await run(
        api.graph,
        """MATCH (what:Interaction|Note)-[:ABOUT]->(account:Account)
        RETURN coalesce(what.subject, what.text) AS said, account.name AS account ORDER BY said""",
    )
    assert filed == [{"said": name, "account": name} for name in ("Castle", "Castle", "Harbour", "Harbour")]
    assert await one(api, "MATCH (:Opportunity)-[:FOR_ACCOUNT]->(one:Account) RETURN one.name AS value") == "Castle"
    assert await one(api, "MATCH (:User)-[:WORKS_ON]->(one:Account) RETURN one.name AS value") == "Castle"


async def test_a_contact_of_the_files_is_met_at_every_account_where_they_work(api: Api) -> None:
    await imported(api, whole_export())
    [ids] = await run(
        api.graph,
        """MATCH (contact:Contact {name: 'Ana Silva'}), (account:Account {name: 'Bond'})
        RETURN contact.id AS contact, account.id AS account""",
    )
    await api.write("employContact", {"contactId": ids["contact"], "accountId": ids["account"]}, "contact { id }")
    more = ACTIVITIES + "Calls,Second desk,2026-01-20,Yes,,tom@ours.example,Bond,Ana Silva\n"
    assert (await imported(api, whole_export(activities=more))).rejected == 0
    about = """MATCH (:Interaction {subject: 'Second desk'})-[:ABOUT]->(one:Account) RETURN one.name AS value"""
    assert await one(api, about) == "Bond"


# ---------------------------------------------------------------------------------------------------------- winning


async def test_a_won_deal_makes_customers_again_of_those_who_were(api: Api) -> None:
    await imported(api, whole_export())
    await run(
        api.graph, "MATCH (:Contact {name: 'Ana Silva'})-[:WORKS_AT]->(one) SET one.lifecycle_stage = 'INACTIVE'"
    )
    await run(api.graph, "MATCH (one:Contact {name: 'Ana Silva'}) SET one.lifecycle_stage = 'FORMER_CUSTOMER'")
    won = DEALS.replace("Quote,1000.50,2025-11-01,,Open", "Closed Won,1000.50,2025-11-01,2026-01-31,Won")
    await imported(api, whole_export(deals=won))
    events = """MATCH (change:ChangeEvent)-[:HAS_VALUES]->(kept)
      WHERE kept.values CONTAINS 'lifecycle_stage' AND change.at > datetime() - duration('PT1H')
      MATCH (one:Record {id: change.record_id})
      RETURN change.action AS action, kept.values AS values, one.lifecycle_stage AS stage ORDER BY action"""
    told = [row for row in await run(api.graph, events) if "PROSPECT" not in row["values"]]
    assert told == [
        {
            "action": "account.became_customer",
            "values": '{"after":{"lifecycle_stage":"CUSTOMER"},"before":{"lifecycle_stage":"INACTIVE"}}',
            "stage": "CUSTOMER",
        },
        {
            "action": "contact.became_customer",
            "values": '{"after":{"lifecycle_stage":"CUSTOMER"},"before":{"lifecycle_stage":"FORMER_CUSTOMER"}}',
            "stage": "CUSTOMER",
        },
    ]


async def test_only_winning_makes_customers_and_no_later_word_about_the_deal(api: Api) -> None:
    await imported(api, whole_export())
    await run(api.graph, "MATCH (one:Contact {name: 'Bo Chen'}) SET one.lifecycle_stage = 'FORMER_CUSTOMER'")
    await imported(api, whole_export(deals=DEALS.replace("Closed Won,2000", "Closed Won,2500")))
    stage = "MATCH (one:Contact {name: 'Bo Chen'}) RETURN one.lifecycle_stage AS value"
    assert await one(api, stage) == "FORMER_CUSTOMER"


# ---------------------------------------------------------------------------------------- others who write meanwhile


def once(edit: Callable[[], None]) -> Callable[[int, int], None]:
    """An edit between the plan and the first record."""

    def advance(done: int, _: int) -> None:
        if not done:
            edit()

    return advance


async def test_a_record_that_somebody_edits_meanwhile_is_left_as_it_is_and_its_row_reported(
    api: Api, driver: Driver
) -> None:
    await imported(api, whole_export())
    more_people = whole_export(accounts=ACCOUNTS.replace(",40,", ",45,").replace(",80,", ",85,"))

    def edit() -> None:
        driver.execute_query(
            "MATCH (one:Account {name: 'Bond'}) SET one.employee_count = 99, one.version = one.version + 1"
        )

    report = await import_sheets(
        api.graph,
        api.viewer,
        more_people,
        DOLLARS,
        advance=once(edit),
    )
    assert numbers(report)[RecordKind.ACCOUNT] == (0, 1, 2)
    [problem] = [problem for problem in report.problems if problem.code is ProblemCode.REJECTED]
    assert (problem.file, problem.row, problem.value) == ("accounts.csv", 5, "Bond")
    assert problem.sentence.read(Language.EN) == (
        "This row was left out: somebody changed the record while it was being imported. Start the import again."
    )
    assert report.rejected == 1
    employees = "MATCH (one:Account {name: 'Bond'}) RETURN one.employee_count AS value"
    assert await one(api, employees) == 99
    assert await one(api, "MATCH (one:Account {employee_count: 85}) RETURN count(one) AS value") == 1
    assert await one(api, "MATCH (job:ImportJob) RETURN sum(job.rejected) AS value") == 1
    changed = "MATCH (one:ChangeEvent {action: 'account.changed'}) RETURN count(one) AS value"
    assert await one(api, changed) == 1
    assert numbers(await imported(api, more_people))[RecordKind.ACCOUNT] == (0, 1, 3)
    assert await one(api, employees) == 45


async def test_a_title_that_somebody_corrects_meanwhile_stays(api: Api, driver: Driver) -> None:
    await imported(api, whole_export())
    [held] = await run(
        api.graph,
        """MATCH (contact:Contact {name: 'Ana Silva'})-[job:WORKS_AT]->()
        RETURN contact.id AS contact_id, properties(job) AS job""",
    )

    def correct() -> None:
        corrected = {"contact_id": held["contact_id"], "valid_from": None, "valid_to": None, **held["job"]}
        driver.execute_query(SET_EMPLOYMENT.text, corrected | {"title": "Chief Buyer", "title_key": "chief buyer"})

    promoted = whole_export(contacts=CONTACTS.replace("VP of Quality", "Head of Buying"))
    report = await import_sheets(api.graph, api.viewer, promoted, DOLLARS, advance=once(correct))
    assert numbers(report)[RecordKind.CONTACT] == (0, 0, 2)
    assert report.rejected == 1
    title = "MATCH (:Contact {name: 'Ana Silva'})-[job:WORKS_AT]->() RETURN job.title AS value"
    assert await one(api, title) == "Chief Buyer"
    assert numbers(await imported(api, promoted))[RecordKind.CONTACT] == (0, 1, 2)
    assert await one(api, title) == "Head of Buying"


async def test_a_pipeline_that_another_import_makes_meanwhile_gets_no_stages_twice(api: Api, driver: Driver) -> None:
    def make() -> None:
        driver.execute_query(
            """CREATE (pipeline:Record:Pipeline {id: 'theirs', name: 'New', name_key: 'new', order: 9, version: 1})
            CREATE (pipeline)-[:HAS_STAGE]->(:Record:Stage {id: 'quote', key: 'QUOTE', name: 'Quote', order: 0,
              is_won: false, is_lost: false})"""
        )

    with pytest.raises(Conflict, match="Start it again"):
        await import_sheets(api.graph, api.viewer, whole_export(), DOLLARS, advance=once(make))
    assert await one(api, "MATCH (:Pipeline {id: 'theirs'})-[:HAS_STAGE]->(s) RETURN count(s) AS value") == 1
    assert (await imported(api, whole_export())).rejected == 0
    twice = """MATCH (:Pipeline {name: 'New'})-[:HAS_STAGE]->(stage) WITH stage.name AS name, count(*) AS times
    RETURN collect(times) AS value"""
    assert set(await one(api, twice)) == {1}


async def test_an_import_waits_for_whoever_is_changing_a_record_and_does_not_overwrite_it(
    api: Api, driver: Driver
) -> None:
    await imported(api, whole_export())
    threads: list[threading.Thread] = []

    def edit_until_the_import_waits() -> None:
        session = driver.session()  # pyright: ignore[reportUnknownMemberType]
        edit = session.begin_transaction()
        edit.run("MATCH (one:Account {name: 'Bond'}) SET one.employee_count = 99, one.version = one.version + 1")

        def commit() -> None:
            waiting = "SHOW TRANSACTIONS YIELD status WHERE status STARTS WITH 'Blocked' RETURN count(*) AS count"
            while not driver.execute_query(waiting).records[0]["count"]:
                pass
            edit.commit()
            session.close()

        threads.append(threading.Thread(target=commit))
        threads[0].start()

    report = await import_sheets(
        api.graph,
        api.viewer,
        whole_export(accounts=ACCOUNTS.replace(",40,", ",45,")),
        DOLLARS,
        advance=once(edit_until_the_import_waits),
    )
    threads[0].join()
    assert numbers(report)[RecordKind.ACCOUNT] == (0, 0, 3)
    assert await one(api, "MATCH (one:Account {name: 'Bond'}) RETURN one.employee_count AS value") == 99
