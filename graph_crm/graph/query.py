"""Questions to the database: one reviewed file each, loaded by its literal name when the service starts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, LiteralString, TypeVar, cast

from graph_crm.graph.rows import Decoder, decoder_of

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Query(Generic[Row]):
    """A statement, its name, and the type its rows become."""

    name: str
    text: LiteralString
    row: type[Row]
    decode: Decoder[Row]


REGISTERED: dict[str, Query[Any]] = {}
"""Every question that loaded code can ask, by name."""


def cypher_folder() -> Path:
    """Where the statements lie: beside the package in a checkout, inside it once installed."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "_cypher"
    return installed if installed.is_dir() else package.parent / "cypher"


def query(name: LiteralString, row: type[Row]) -> Query[Row]:
    """The question of that name: `cypher/<name>.cypher`. A missing file stops the start."""
    loaded = Query(name, statement(name), row, decoder_of(row))
    REGISTERED[name] = loaded
    return loaded


def statement(name: str) -> LiteralString:
    """The text of a reviewed file."""
    text = (cypher_folder() / f"{name}.cypher").read_text("utf-8")
    # The driver accepts only literal strings. A reviewed file is one; this is the only cast.
    return cast("LiteralString", text)


@dataclass(frozen=True, slots=True)
class Nothing:
    """The row of a statement that returns nothing."""


Parameters = Mapping[str, Any]
