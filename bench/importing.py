"""How fast files are imported, against bare `UNWIND`s that make the very same graph.

The bare statements get every property and link as the import left it, sources, addresses and the audit trail
included, and only create: they read no file, look nothing up, check nothing and keep no receipt.
"""

from __future__ import annotations

import csv
import random
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, LiteralString, cast

from neo4j import Query
from rich.table import Table

from bench.generated import SEED
from graph_crm.graph.client import Graph
from graph_crm.graph.emptying import empty
from graph_crm.imports.child import read_apart
from graph_crm.imports.service import Asked, import_sheets
from graph_crm.viewer import maintenance_viewer

ROWS_PER_TRANSACTION = 5_000
ROUNDS = 3
READING_SECONDS = 300
ACCOUNTS, CONTACTS, DEALS, ACTIVITIES = 1_000, 4_000, 1_500, 10_000
OWNERS = [f"owner{number}@ours.example" for number in range(6)]
KINDS = ("Emails", "Calls", "Meetings")

READ_NODES: LiteralString = """
MATCH (node:Record)
WHERE NOT node:Vocabulary
OPTIONAL MATCH (node)-[:HAS_VALUES]->(values:ChangeValues)
RETURN labels(node) AS labels, properties(node) AS properties, values.values AS values
"""
READ_LINKS: LiteralString = """
MATCH (start:Record)-[link]->(end:Record)
RETURN type(link) AS type, start.id AS start_id, end.id AS end_id, properties(link) AS properties
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


@dataclass(frozen=True, slots=True)
class Floor:
    """Statements that make a graph anew from its nodes and links, with the rows of each."""

    steps: list[tuple[str, list[dict[str, Any]]]]


async def floor_of(graph: Graph) -> Floor:
    """The graph that an import has made, as the fewest bare statements that make the same one."""
    nodes: dict[str, list[dict[str, Any]]] = {}
    links: dict[str, list[dict[str, Any]]] = {}
    async with graph.driver.session(database=graph.database) as session:  # pyright: ignore[reportUnknownMemberType]
        async for record in await session.run(Query(READ_NODES, timeout=READING_SECONDS)):
            labels, properties, values = record.values()
            child = "" if values is None else "-[:HAS_VALUES]->(:ChangeValues {values: row.values})"
            statement = (
                f"UNWIND $rows AS row CREATE (node:{':'.join(sorted(labels))}){child} SET node = row.properties"
            )
            nodes.setdefault(statement, []).append({"properties": properties, "values": values})
        async for record in await session.run(Query(READ_LINKS, timeout=READING_SECONDS)):
            kind, start_id, end_id, properties = record.values()
            statement = (
                "UNWIND $rows AS row MATCH (start:Record {id: row.start_id}) MATCH (end:Record {id: row.end_id}) "
                f"CREATE (start)-[link:{kind}]->(end) SET link = row.properties"
            )
            links.setdefault(statement, []).append({"start_id": start_id, "end_id": end_id, "properties": properties})
    return Floor([*nodes.items(), *links.items()])


async def bare(graph: Graph, floor: Floor) -> float:
    """Seconds that the same graph takes when nothing is read, checked, derived or kept safe."""
    start = time.perf_counter()
    for statement, rows in floor.steps:
        for batch in batches(rows):
            await graph.driver.execute_query(cast("LiteralString", statement), rows=batch)
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
    """Rows per second, ours and bare, in turn so that both are warm; the better round of each counts."""
    files = export()
    count = sum(len(rows) for rows in files.values())
    imported: list[float] = []
    unwound: list[float] = []
    with tempfile.TemporaryDirectory(prefix="graph-crm-bench-") as folder:
        paths = write(Path(folder), files)
        for _ in range(ROUNDS):
            await empty(graph)
            imported.append(await ours(graph, paths))
            floor = await floor_of(graph)
            await empty(graph)
            unwound.append(await bare(graph, floor))
    await empty(graph)
    table = Table(title=f"Import of {count:,} rows, rows of the files per second")
    for heading in ("ours", "bare UNWIND of the same graph", "ratio"):
        table.add_column(heading, justify="right")
    best, least = min(imported), min(unwound)
    table.add_row(f"{count / best:,.0f}", f"{count / least:,.0f}", f"{least / best:.2f}")
    return table
