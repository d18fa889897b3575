"""The published contract is the one the code prints."""

from __future__ import annotations

from graph_crm.schema import printed
from tests.contract.source import ROOT


def test_the_published_schema_is_the_one_that_is_served() -> None:
    published = (ROOT / "schema" / "schema.graphql").read_text("utf-8")
    assert published == printed(), "run: make schema"
