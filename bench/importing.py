"""How fast files are imported, against a bare `UNWIND` that only makes the records and their links."""

from __future__ import annotations

import csv
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, LiteralString

from rich.table import Table

from bench.generated import SEED
from graph_crm.graph.client import Graph
from graph_crm.graph.emptying import empty
from graph_crm.imports.child import read_apart
from graph_crm.imports.service import Asked, import_sheets
from graph_crm.viewer import maintenance_viewer

ROWS_PER_TRANSACTION = 1_000
ACCOUNTS, CONTACTS, DEALS, ACTIVITIES = 1_000, 4_000, 1_500, 10_000
OWNERS = [f"owner{number}@ours.example" for number in range(6)]
KINDS = ("Emails", "Calls", "Meetings")

Rows = Sequence[dict[str, str]]

BARE_ACCOUNTS: LiteralString = """
UNWIND $rows AS row
CREATE (:Record:Account {id: row.id, name: row.Account_Name, name_key: toLower(row.Account_Name),
  industry: row.Industry, revenue: row.Annual_Revenue, employee_count: toInteger(row.Employees),
  street: row.Billing_Street, city: row.Billing_City, country: row.Billing_Country, website: row.Website,
  readers: ['everyone'], version: 1, created_at: datetime(), updated_at: datetime()})
"""
BARE_CONTACTS: LiteralString = """
UNWIND $rows AS row
MATCH (account:Record:Account {id: row.account_id})
CREATE (:Record:Person:Contact {id: row.id, name: row.Last_Name, given_name: row.First_Name,
  family_name: row.Last_Name, name_key: toLower(row.Last_Name), email: row.Email, phone: row.Phone, degree: 0,
  do_not_contact: false, readers: ['everyone'], version: 1, created_at: datetime(), updated_at: datetime()})
  -[:WORKS_AT {id: row.id + ':job', title: row.Title, department: row.Department}]->(account)
"""
BARE_DEALS: LiteralString = """
UNWIND $rows AS row
MATCH (account:Record:Account {id: row.account_id})
CREATE (:Record:Opportunity {id: row.id, name: row.Deal_Name, name_key: toLower(row.Deal_Name),
  amount: toInteger(row.Amount) * 100, currency: 'USD', close_date: row.Closing_Date, stage: row.Stage,
  status: row.Status, owner: row.Owner, readers: ['everyone'], version: 1, created_at: datetime(),
  updated_at: datetime()})-[:FOR_ACCOUNT]->(account)
"""
BARE_ACTIVITIES: LiteralString = """
UNWIND $rows AS row
MATCH (contact:Record:Contact {id: row.contact_id})
CREATE (:Record:Interaction {id: row.id, type: row.Activity_Type, subject: row.Subject,
  occurred_at: row.Activity_Date, status: row.Status, duration: row.Duration, text: row.Description,
  owner: row.Owner, version: 1, created_at: datetime(), updated_at: datetime()})
  <-[:TOOK_PART_IN {role: 'TO'}]-(contact)
"""


def export() -> dict[str, list[dict[str, str]]]:
    """An export of a made-up company, file by file; the same one each time."""
    draw = random.Random(SEED)
    accounts = [
        {
            "Account_Name": f"Company {number}",
            "Industry": "Machinery",
            "Annual_Revenue": str(draw.randrange(1_000_000, 90_000_000)),
            "Employees": str(draw.randrange(5, 900)),
            "Billing_Street": f"{number} Main Street",
            "Billing_City": "Leeds",
            "Billing_State": "",
            "Billing_Code": "LS1",
            "Billing_Country": "United Kingdom",
            "Website": f"https://company{number}.example",
            "Description": "",
        }
        for number in range(ACCOUNTS)
    ]
    contacts = [
        {
            "First_Name": f"Given{number}",
            "Last_Name": f"Family{number}",
            "Email": f"person{number}@company{number % ACCOUNTS}.example",
            "Phone": "",
            "Title": "Purchasing Manager",
            "Department": "Procurement",
            "Owner": draw.choice(OWNERS),
            "Account_Name": f"Company {number % ACCOUNTS}",
        }
        for number in range(CONTACTS)
    ]
    deals = [
        {
            "Deal_Name": f"Deal {number}",
            "Pipeline": "New Accounts",
            "Stage": "Qualification",
            "Amount": str(draw.randrange(1_000, 900_000)),
            "Created_Time": "2025-01-10",
            "Closing_Date": "2026-06-30",
            "Status": "Open",
            "Owner": draw.choice(OWNERS),
            "Account_Name": f"Company {number % ACCOUNTS}",
            "Contact_Name": f"Given{number % CONTACTS} Family{number % CONTACTS}",
        }
        for number in range(DEALS)
    ]
    activities: list[dict[str, str]] = []
    for number in range(ACTIVITIES):
        person = draw.randrange(CONTACTS)
        activities.append(
            {
                "Activity_Type": draw.choice(KINDS),
                "Subject": f"Subject {number}",
                "Activity_Date": f"2025-{number % 12 + 1:02}-{number % 28 + 1:02}",
                "Status": "Yes",
                "Duration": "30.0",
                "Description": "",
                "Owner": draw.choice(OWNERS),
                "Account_Name": f"Company {person % ACCOUNTS}",
                "Contact_Name": f"Given{person} Family{person}",
            }
        )
    return {"accounts": accounts, "contacts": contacts, "deals": deals, "activities": activities}


def write(folder: Path, files: dict[str, list[dict[str, str]]]) -> list[Path]:
    paths: list[Path] = []
    for name, rows in files.items():
        path = folder / f"{name}.csv"
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        paths.append(path)
    return paths


async def bare(graph: Graph, files: dict[str, list[dict[str, str]]]) -> float:
    """Seconds that the same rows take when nothing is checked, kept or derived."""
    people = {f"{row['First_Name']} {row['Last_Name']}": f"c{number}" for number, row in enumerate(files["contacts"])}
    account_of = {row["Account_Name"]: f"a{number}" for number, row in enumerate(files["accounts"])}
    given: dict[LiteralString, list[dict[str, Any]]] = {
        BARE_ACCOUNTS: [{**row, "id": account_of[row["Account_Name"]]} for row in files["accounts"]],
        BARE_CONTACTS: [
            {**row, "id": f"c{number}", "account_id": account_of[row["Account_Name"]]}
            for number, row in enumerate(files["contacts"])
        ],
        BARE_DEALS: [
            {**row, "id": f"d{number}", "account_id": account_of[row["Account_Name"]]}
            for number, row in enumerate(files["deals"])
        ],
        BARE_ACTIVITIES: [
            {**row, "id": f"i{number}", "contact_id": people[row["Contact_Name"]]}
            for number, row in enumerate(files["activities"])
        ],
    }
    start = time.perf_counter()
    for statement, rows in given.items():
        for batch in batches(rows):
            await graph.driver.execute_query(statement, rows=batch)
    return time.perf_counter() - start


def batches(rows: Sequence[dict[str, Any]]) -> Iterator[Sequence[dict[str, Any]]]:
    for start in range(0, len(rows), ROWS_PER_TRANSACTION):
        yield rows[start : start + ROWS_PER_TRANSACTION]


async def ours(graph: Graph, paths: list[Path]) -> float:
    """Seconds that the import takes, reading the files included."""
    start = time.perf_counter()
    await import_sheets(graph, maintenance_viewer(), read_apart(paths), Asked(currency="USD"))
    return time.perf_counter() - start


async def import_rates(graph: Graph) -> Table:
    """Rows per second, ours and bare, twice in turn so that both are warm; the better round counts."""
    files = export()
    count = sum(len(rows) for rows in files.values())
    imported: list[float] = []
    unwound: list[float] = []
    with tempfile.TemporaryDirectory(prefix="graph-crm-bench-") as folder:
        paths = write(Path(folder), files)
        for _ in range(2):
            await empty(graph)
            unwound.append(await bare(graph, files))
            await empty(graph)
            imported.append(await ours(graph, paths))
    table = Table(title=f"Import of {count:,} rows, rows per second")
    for heading in ("ours", "bare UNWIND", "ratio"):
        table.add_column(heading, justify="right")
    best, floor = min(imported), min(unwound)
    table.add_row(f"{count / best:,.0f}", f"{count / floor:,.0f}", f"{floor / best:.2f}")
    return table
