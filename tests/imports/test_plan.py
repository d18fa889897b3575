"""What an import would do, told without a database."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import count

import pytest

from graph_crm.changes.types import RecordType, SourceKey
from graph_crm.errors import Invalid
from graph_crm.imports.drafts import drafts_of
from graph_crm.imports.known import Known, KnownSource, KnownUser
from graph_crm.imports.plan import Options, Plan, plan
from graph_crm.imports.service import locks_of
from graph_crm.imports.types import PlacedBy, Problem, ProblemCode, RecordKind, Sheet, Verdict, rejected_rows
from graph_crm.language import Language, say
from tests.imports.exports import ACCOUNTS, ACTIVITIES, CONTACTS, DEALS, MASTER, sheets, whole_export

NOW = dt.datetime(2026, 2, 1, 12, tzinfo=dt.UTC)


def planned(files: list[Sheet], known: Known | None = None, currency: str | None = "USD") -> Plan:
    numbers = count(1)
    drafts = drafts_of(files, "zoho", currency)
    return plan(drafts, known or Known(), Options(), now=NOW, new_id=lambda: f"id-{next(numbers):04}")


def made(found: Plan) -> dict[str, int]:
    return {kind.value: number.created for kind, number in found.counts.items()}


def rows(found: Plan, kind: RecordKind, name: str = "name") -> dict[str, dict[str, object]]:
    return {str(item.row[name]): item.row for item in found.steps[kind] if item.kind is kind}


def told(found: Plan, code: ProblemCode) -> list[tuple[str, int, str | None, str | None]]:
    return [(one.file, one.row, one.column, one.value) for one in found.problems if one.code is code]


WHOLE = {"USER": 2, "PIPELINE": 1, "ACCOUNT": 4, "CONTACT": 3, "OPPORTUNITY": 3, "INTERACTION": 4, "NOTE": 1}


def test_a_whole_export_makes_each_record_once() -> None:
    assert made(planned(whole_export())) == WHOLE
    assert made(planned(whole_export(master=MASTER))) == WHOLE


def test_the_order_of_the_files_does_not_matter() -> None:
    forwards, backwards = planned(whole_export()), planned(whole_export()[::-1])
    assert made(forwards) == made(backwards)
    assert forwards.digest == backwards.digest


def test_contacts_are_placed_by_name_then_by_domain_or_not_at_all() -> None:
    found = planned(whole_export())
    assert found.contacts_placed == {PlacedBy.NAME: 1, PlacedBy.DOMAIN: 1, PlacedBy.AMBIGUOUS: 1}
    assert told(found, ProblemCode.MATCHED_BY_DOMAIN) == [("contacts.csv", 2, "Account_Name", "Atlas")]
    assert told(found, ProblemCode.AMBIGUOUS) == [
        ("contacts.csv", 3, "Account_Name", "Atlas"),
        ("deals.csv", 3, "Account_Name", "Atlas"),
    ]
    [ambiguous, _] = [one for one in found.problems if one.code is ProblemCode.AMBIGUOUS]
    assert [candidate.label for candidate in ambiguous.candidates] == [
        "Atlas (atlas.co, 2 West Road, Denver)",
        "Atlas (atlas.co, 3 South Road, Miami)",
    ]
    contacts = rows(found, RecordKind.CONTACT)
    assert contacts["Bo Chen"]["employment"] is None
    assert contacts["Bo Chen"]["employer_as_given"] == "Atlas"


def test_a_joined_row_places_by_the_same_rules_because_it_was_joined_by_name() -> None:
    found = planned(sheets(accounts=ACCOUNTS, master=MASTER))
    assert found.contacts_placed == {PlacedBy.NAME: 1, PlacedBy.DOMAIN: 1, PlacedBy.AMBIGUOUS: 1}


def test_opportunities_go_to_the_account_of_their_contact_when_the_name_is_shared() -> None:
    found = planned(whole_export())
    assert found.opportunities_placed == {PlacedBy.NAME: 1, PlacedBy.CONTACT: 1, PlacedBy.AMBIGUOUS: 1}
    deals = rows(found, RecordKind.OPPORTUNITY)
    assert deals["West deal"]["account_id"] is None
    assert deals["West deal"]["contact_id"] is not None


def test_the_status_says_how_a_deal_ended_and_its_dates_when() -> None:
    found = planned(whole_export())
    stages = {
        str(stage["id"]): stage["name"] for item in found.steps[RecordKind.PIPELINE] for stage in item.row["stages"]
    }
    deals = rows(found, RecordKind.OPPORTUNITY)
    assert stages[str(deals["West deal"]["stage_id"])] == "Closed Won"
    assert stages[str(deals["West deal"]["first_stage_id"])] == "Lead"
    assert deals["West deal"]["closed_at"] == deals["West deal"]["entered_at"] == 1_751_241_600_000
    assert stages[str(deals["East deal"]["stage_id"])] == "Quote"
    assert deals["East deal"]["closed_at"] is None
    assert deals["East deal"]["amount"] == 100_050


def test_a_status_that_contradicts_its_stage_counts_more() -> None:
    found = planned(
        whole_export(deals=DEALS.replace("Lead,,2025-12-01,2026-12-31,Open", "Lead,,2025-12-01,2025-12-31,Lost"))
    )
    [pipeline] = found.steps[RecordKind.PIPELINE]
    lost = next(stage["id"] for stage in pipeline.row["stages"] if stage["is_lost"])
    assert rows(found, RecordKind.OPPORTUNITY)["Bond deal"]["stage_id"] == lost


def test_rows_repeated_word_for_word_are_events_of_their_own() -> None:
    found = planned(whole_export())
    keys = [item.row["external_id"] for item in found.steps[RecordKind.INTERACTION]]
    assert len(set(keys)) == 5
    assert sum(str(key).endswith(":2") for key in keys) == 1


def test_a_mail_without_a_direction_was_sent_by_its_owner() -> None:
    found = planned(whole_export())
    mail = rows(found, RecordKind.INTERACTION, "type")["EMAIL"]
    assert (mail["owner_role"], mail["contact_role"], mail["direction"]) == ("SENDER", "TO", "OUTBOUND")
    received = ACTIVITIES.replace("Duration", "Duration,Direction").replace("Yes,,tom", "Yes,,Inbound,tom")
    received = "\n".join(
        line if number in {0, 1} else line.replace(",tom@", ",,tom@").replace(",susan@", ",,susan@")
        for number, line in enumerate(received.splitlines())
    )
    mail = rows(planned(whole_export(activities=received)), RecordKind.INTERACTION, "type")["EMAIL"]
    assert (mail["owner_role"], mail["contact_role"]) == ("TO", "SENDER")


def test_what_lies_ahead_is_planned_and_feeds_no_tie() -> None:
    found = planned(whole_export(activities=ACTIVITIES.replace("2026-01-05", "2026-03-01")))
    mail = rows(found, RecordKind.INTERACTION, "type")["EMAIL"]
    assert mail["status"] == "PLANNED"


def test_ties_are_those_that_the_import_feeds() -> None:
    assert planned(whole_export()).ties == 2
    calls = "Calls,Quote,2026-01-10,Yes,15,susan"
    assert planned(whole_export(activities=ACTIVITIES.replace(calls, calls.replace("2026", "2027")))).ties == 1
    assert planned(whole_export(activities=ACTIVITIES.replace(calls, calls.replace("Yes", "Cancelled")))).ties == 1
    susan = KnownUser("susan", "Susan Park", "susan park", "susan@ours.example", opted_out=True)
    assert planned(whole_export(), Known(users=[susan])).ties == 1


def test_a_deal_that_is_won_ahead_of_its_date_closed_no_later_than_now() -> None:
    found = planned(whole_export(deals=DEALS.replace("2025-06-30,Won", "2026-06-30,Won")))
    deal = rows(found, RecordKind.OPPORTUNITY)["West deal"]
    assert deal["closed_at"] == deal["entered_at"] == round(NOW.timestamp() * 1000)
    assert deal["close_date"] == dt.date(2026, 6, 30)


def test_what_was_left_out_is_counted_whatever_its_sentence_says() -> None:
    reasons = (say("nobody"), say("This row was left out: {reason}", reason="nobody"))
    problems = [Problem(ProblemCode.NOT_FOUND, "a.csv", row, None, None, one) for row, one in enumerate(reasons)]
    assert rejected_rows(problems) == set()
    assert rejected_rows([replace(problem, left_out=True) for problem in problems]) == {("a.csv", 0), ("a.csv", 1)}


def test_a_batch_locks_all_that_it_changes_or_links_to_in_order() -> None:
    key = SourceKey("zoho", RecordType.OPPORTUNITY, "bond deal|bond").text
    deal = KnownSource(key, "a deal", 3, "{}", visible=True, account_ids=["where"], contact_ids=["who"])
    found = planned(whole_export(), Known(sources={key: deal}))
    described = {**rows(found, RecordKind.ACCOUNT), **rows(found, RecordKind.CONTACT)}
    ids = {name: str(row["id"]) for name, row in described.items()}
    [bond] = [item for item in found.steps[RecordKind.OPPORTUNITY] if item.id == "a deal"]
    assert (bond.verdict, bond.version) == (Verdict.CHANGED, 3)
    assert locks_of([bond]) == ["a deal", "where", "who"]
    calls = [item for item in found.steps[RecordKind.INTERACTION] if item.row.get("subject") == "Quote"]
    owner = str(calls[0].row["owner_id"])
    assert locks_of(calls) == sorted([owner, ids["Cy Young"], ids["Bond"]])
    [cy] = [item for item in found.steps[RecordKind.CONTACT] if item.id == ids["Cy Young"]]
    assert locks_of([cy]) == [ids["Bond"]]


def test_amounts_without_a_currency_refuse_the_import() -> None:
    with pytest.raises(Invalid) as caught:
        planned(whole_export(), currency=None)
    assert caught.value.sentence.read(Language.EN) == (
        "accounts.csv, row 2: the column Annual_Revenue holds amounts and nothing says in which currency. Add "
        "--currency with its three letters, such as --currency EUR, or set GRAPH_CRM_DEFAULT_CURRENCY. "
        "Nothing was imported."
    )
    with pytest.raises(Invalid, match=r"deals\.csv, row 2: the column Amount"):
        planned(sheets(deals=DEALS), currency=None)


def test_files_without_amounts_need_no_currency() -> None:
    assert made(planned(sheets(contacts=CONTACTS), currency=None))["CONTACT"] == 3


def test_a_row_with_its_own_currency_needs_no_other() -> None:
    deals = (
        DEALS.replace("Amount", "Amount,Currency").replace("1000.50,", "1000.50,EUR,").replace("2000,", "2000,GBP,")
    )
    found = rows(planned(sheets(deals=deals.replace("Lead,,", "Lead,,,")), currency=None), RecordKind.OPPORTUNITY)
    assert [found[name]["currency"] for name in ("East deal", "West deal", "Bond deal")] == ["EUR", "GBP", None]


def test_a_file_nobody_knows_refuses_the_import() -> None:
    with pytest.raises(Invalid, match=r"colours\.csv was not recognised by its columns \(Colour and Size\)"):
        planned(sheets(colours="Colour,Size\nred,1\n"))


UNREADABLE = [
    ("deals", "2025-11-01", "2025-02-30", "Created_Time", "the calendar has no such day."),
    ("deals", "1000.50", "lots", "Amount", "a number was expected, such as 1234.50."),
    ("deals", ",Open,", ",Maybe,", "Status", "a deal is Open, Won or Lost."),
    ("contacts", "ana@", "ana at ", "Email", "an e-mail address was expected, such as ana@example.com."),
    (
        "activities",
        "Emails",
        "Pigeons",
        "Activity_Type",
        "e-mails, meetings, calls, events, messages and notes are known.",
    ),
    ("activities", "2026-01-05,Yes", "2026-01-05,Perhaps", "Status", "it is not clear whether this happened."),
]


@pytest.mark.parametrize(("name", "old", "new", "column", "reason"), UNREADABLE)
def test_a_cell_that_cannot_be_read_leaves_out_its_row_and_says_why(
    name: str, old: str, new: str, column: str, reason: str
) -> None:
    texts = {"accounts": ACCOUNTS, "contacts": CONTACTS, "deals": DEALS, "activities": ACTIVITIES}
    found = planned(whole_export(**{name: texts[name].replace(old, new, 1)}))
    [problem] = [one for one in found.problems if one.code is ProblemCode.REJECTED]
    assert (problem.file, problem.row, problem.column) == (f"{name}.csv", 2, column)
    assert problem.sentence.read(Language.EN) == f"This row was left out: {reason}"


def test_an_activity_of_somebody_unknown_is_left_out_and_reported() -> None:
    found = planned(whole_export(activities=ACTIVITIES.replace("Bond,Cy Young", "Bond,Cy Old")))
    assert told(found, ProblemCode.NOT_FOUND) == [
        ("activities.csv", 4, "Contact_Name", "Cy Old"),
        ("activities.csv", 5, "Contact_Name", "Cy Old"),
    ]
    assert found.rejected == 2
    assert made(found)["INTERACTION"] == 2


def test_an_activity_of_one_of_two_namesakes_is_left_out_with_both_as_candidates() -> None:
    twins = CONTACTS + "Cy,Young,cyrus@bond.example,,CFO,,tom@ours.example,Bond\n"
    found = planned(whole_export(contacts=twins))
    ambiguous = [one for one in found.problems if one.code is ProblemCode.AMBIGUOUS and one.column == "Contact_Name"]
    assert [(one.file, one.row, len(one.candidates)) for one in ambiguous] == [
        ("activities.csv", 4, 2),
        ("activities.csv", 5, 2),
        ("deals.csv", 4, 2),
    ]


def test_a_mailbox_that_two_people_share_makes_two_contacts() -> None:
    shared = CONTACTS.replace("bo@atlas.co", "ana@atlas.com")
    found = planned(whole_export(contacts=shared))
    assert made(found)["CONTACT"] == 3
    keys = {item.order[0] for item in found.steps[RecordKind.CONTACT]}
    assert {"ana@atlas.com|ana silva", "ana@atlas.com|bo chen", "cy@bond.example"} == keys


def test_an_owner_nobody_described_becomes_an_inactive_user_and_is_reported() -> None:
    found = planned(sheets(contacts=CONTACTS))
    assert rows(found, RecordKind.USER, "email").keys() == {"tom@ours.example", "susan@ours.example"}
    assert told(found, ProblemCode.ADDED)[-2:] != []
    assert {row["name"] for row in rows(found, RecordKind.USER, "email").values()} == {"Tom", "Susan"}


def test_users_that_are_there_are_not_made_again() -> None:
    tom = KnownUser("tom", "Tom B.", "tom b", "tom@ours.example", opted_out=False)
    found = planned(whole_export(), Known(users=[tom]))
    assert found.counts[RecordKind.USER].created == 1
    assert found.counts[RecordKind.USER].unchanged == 1


def test_an_account_that_is_only_named_is_made_with_its_name_and_reported() -> None:
    found = planned(sheets(contacts=CONTACTS))
    assert rows(found, RecordKind.ACCOUNT).keys() == {"Atlas", "Bond"}
    assert ("contacts.csv", 2, "Account_Name", "Atlas") in told(found, ProblemCode.ADDED)


def test_rows_that_contradict_each_other_keep_the_first_and_are_reported() -> None:
    found = planned(whole_export(master=MASTER.replace("VP of Quality", "Director")))
    assert rows(found, RecordKind.CONTACT)["Ana Silva"]["title"] == "VP of Quality"
    assert told(found, ProblemCode.DIFFERS) == [("master.csv", 2, "Title", "Director")]


def test_a_french_sheet_is_read_as_the_french_write() -> None:
    deals = (
        "Affaire;Étape;Montant;Date;Closing_Date;Entreprise\n"
        "Presse;Négociation;1 234,50;;31/03/2026;Durand\nTour;Signé;99,9;;01/02/2026;Durand\n"
    )
    found = rows(planned(sheets(affaires=deals), currency="EUR"), RecordKind.OPPORTUNITY)
    assert found["Presse"]["amount"] == 123_450
    assert found["Presse"]["close_date"] == dt.date(2026, 3, 31)
    assert found["Tour"]["amount"] == 9_990
