"""Imports as tests run them, and what is left of them in the graph."""

from __future__ import annotations

from typing import Any

from graph_crm.imports.service import Asked, import_sheets
from graph_crm.imports.types import RecordKind, Report, Sheet
from tests.api import Api
from tests.small_graph import run

DOLLARS = Asked(currency="USD")


async def imported(api: Api, files: list[Sheet], asked: Asked = DOLLARS) -> Report:
    return await import_sheets(api.graph, api.viewer, files, asked)


async def one(api: Api, statement: str, **parameters: Any) -> Any:
    [record] = await run(api.graph, statement, **parameters)
    return record["value"]


def numbers(report: Report) -> dict[RecordKind, tuple[int, int, int]]:
    return {kind: (count.created, count.changed, count.unchanged) for kind, count in report.counts.items()}


async def state(api: Api) -> dict[str, Any]:
    """Everything of the import that must not depend on how often, or how often cut off, it ran."""
    return {
        "labels": await run(
            api.graph,
            """MATCH (record:Record) WHERE NOT record:ChangeEvent AND NOT record:ImportJob
            UNWIND labels(record) AS label RETURN label, count(*) AS count ORDER BY label""",
        ),
        "relationships": await run(
            api.graph,
            """MATCH ()-[tie]->() WHERE type(tie) <> 'HAS_VALUES'
            RETURN type(tie) AS type, count(*) AS count ORDER BY type""",
        ),
        "ties": await run(
            api.graph,
            """MATCH (user:User)-[tie:KNOWS]-(contact:Contact)
            RETURN user.email AS user, contact.name AS contact, tie.count AS count, tie.mutual AS mutual,
                   tie.out + tie.in AS written, tie.at AS at, tie.last_at AS last_at ORDER BY user, contact""",
        ),
        "last": await run(
            api.graph,
            """MATCH (contact:Contact)
            RETURN contact.name AS name, toString(contact.last_interaction_at) AS at, contact.degree AS degree
            ORDER BY name""",
        ),
        "created": await run(
            api.graph,
            """MATCH (change:ChangeEvent) WHERE change.action ENDS WITH '.created' OR change.action ENDS WITH 'ed'
              AND NOT change.action STARTS WITH 'import.'
            RETURN change.action AS action, count(*) AS count ORDER BY action""",
        ),
    }


async def emptied(api: Api) -> None:
    await run(
        api.graph,
        "MATCH (one:Record) WHERE NOT one:Vocabulary AND one.id <> $id DETACH DELETE one",
        id=api.viewer.user_id,
    )
    await run(api.graph, "MATCH (kept:ChangeValues|Receipt) DETACH DELETE kept")
