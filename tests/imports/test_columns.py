"""What a file is about is told from its columns alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from graph_crm.imports import columns
from graph_crm.imports.columns import IDENTITY_FIELDS, IDENTITY_TRAPS, TABLES, plain, recognised, system_of
from graph_crm.imports.types import FileKind, RecordKind

ZOHO = {
    FileKind.USERS: "full_name,first_name,last_name,identifier",
    FileKind.ACCOUNTS: "Account_Name,Industry,Annual_Revenue,Employees,Billing_Street,Website,Description",
    FileKind.CONTACTS: "First_Name,Last_Name,Email,Phone,Title,Department,Owner,Account_Name",
    FileKind.OPPORTUNITIES: (
        "Deal_Name,Pipeline,Stage,Amount,Created_Time,Closing_Date,Status,Owner,Account_Name,Contact_Name"
    ),
    FileKind.ACTIVITIES: (
        "Activity_Type,Subject,Activity_Date,Status,Duration,Description,Owner,Account_Name,Contact_Name"
    ),
    FileKind.JOINED: (
        "Account_Name,Industry,Website,Contact_Name,Email,First_Name,Last_Name,Deal_Name,Stage,Amount,Owner"
    ),
}
OTHERS = [
    ("Account Name,Website,Billing City,Phone", FileKind.ACCOUNTS),
    ("First Name,Last Name,Email,Account Name,Mailing City", FileKind.CONTACTS),
    ("Opportunity Name,Stage,Amount,Close Date,Account Name", FileKind.OPPORTUNITIES),
    ("Record ID,First Name,Last Name,Email,Company Name", FileKind.CONTACTS),
    ("Record ID,Company name,Company Domain Name,Industry", FileKind.ACCOUNTS),
    ("Record ID,Deal Name,Deal Stage,Pipeline,Amount", FileKind.OPPORTUNITIES),
    ("ID,Nom,Prénom,Email,Téléphone,Entreprise,Adresse,Ville,Code Postal,Pays,Statut,Notes", FileKind.CONTACTS),
]


@pytest.mark.parametrize(("kind", "headings"), ZOHO.items())
def test_each_file_of_an_export_is_recognised_and_used_whole(kind: FileKind, headings: str) -> None:
    found = recognised(headings.split(","))
    assert found is not None
    assert found.kind is kind
    assert found.left_out == ()


@pytest.mark.parametrize(("headings", "kind"), OTHERS)
def test_headings_of_other_systems_and_languages_are_known(headings: str, kind: FileKind) -> None:
    found = recognised(headings.split(","))
    assert found is not None
    assert found.kind is kind


def test_case_signs_accents_and_stars_do_not_matter() -> None:
    assert plain("Account_Name *") == plain("ACCOUNT NAME") == plain("account-name") == "accountname"
    assert plain("Prénom") == "prenom"


def test_columns_that_mean_nothing_here_are_named() -> None:
    found = recognised(["First Name", "Last Name", "Shoe size", "Email"])
    assert found is not None
    assert found.left_out == ("Shoe size",)


@pytest.mark.parametrize(
    "headings", ["Account Owner,Reports To,Assistant", "Parent Account,Industry", "Colour,Size", "Account Site,Phone"]
)
def test_what_names_others_makes_no_file(headings: str) -> None:
    assert recognised(headings.split(",")) is None


def test_no_trap_stands_for_the_identity_of_its_row() -> None:
    references = {"account_name", "contact_name", "owner"}
    for tables in TABLES.values():
        for _, aliases in tables:
            for field, names in aliases.items():
                if field in IDENTITY_FIELDS and field not in references:
                    assert set(names).isdisjoint(IDENTITY_TRAPS), field


def test_the_owner_of_a_joined_row_is_looked_for_in_each_of_its_records() -> None:
    found = recognised(ZOHO[FileKind.JOINED].split(","))
    assert found is not None
    assert found.of(RecordKind.CONTACT)["owner"] == found.of(RecordKind.OPPORTUNITY)["owner"]


def test_the_system_is_known_by_how_it_writes_its_headings() -> None:
    assert system_of([ZOHO[FileKind.USERS].split(","), ZOHO[FileKind.ACCOUNTS].split(",")]) == "zoho"
    assert system_of([["Record ID", "Company Domain Name"]]) == "hubspot"
    assert system_of([["Nom", "Prénom"]]) == columns.OTHER_SYSTEM


def test_the_documentation_names_every_heading() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "imports.md").read_text("utf-8")
    known = {
        name for tables in TABLES.values() for _, aliases in tables for names in aliases.values() for name in names
    }
    assert [name for name in sorted(known) if name not in page] == []
