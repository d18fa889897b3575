"""What the tests of the graph's client share: statements of their own, and records to write to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import LiteralString, TypeVar

from graph_crm.graph.client import Graph
from graph_crm.graph.query import Query
from graph_crm.graph.rows import decoder_of

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Number:
    value: int


@dataclass(frozen=True, slots=True)
class Identified:
    id: str


def question(text: LiteralString, row: type[Row], name: str = "tests/trial") -> Query[Row]:
    """A statement of a test, as if it had a file."""
    return Query(name, text, row, decoder_of(row))


CREATE_TRIAL = question(
    "CREATE (trial:Record:Trial {id: $id, value: 0, version: 1, readers: ['everyone']}) RETURN trial.id AS id",
    Identified,
)
VALUE_OF = question("MATCH (trial:Record:Trial {id: $id}) RETURN trial.value AS value", Number)
SET_VALUE = question(
    "MATCH (trial:Record:Trial {id: $id}) SET trial.value = $value RETURN trial.value AS value", Number
)
COUNT_OF_TRIALS = question("MATCH (trial:Trial) RETURN count(trial) AS value", Number)
COUNT_OF_RECEIPTS = question("MATCH (receipt:Receipt) RETURN count(receipt) AS value", Number)
COUNT_OF_CHANGES = question("MATCH (change:ChangeEvent) RETURN count(change) AS value", Number)


async def number(graph: Graph, query: Query[Number], **parameters: object) -> int:
    found = await graph.read_one(query, **parameters)
    assert found is not None
    return found.value


async def a_trial(graph: Graph, trial_id: str = "trial") -> str:
    """A record with a value, made behind the service's back."""
    await graph.maintain(lambda write: write.run(CREATE_TRIAL, id=trial_id), "make a trial")
    return trial_id
