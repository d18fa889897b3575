"""A disk that is nearly full is noticed before Neo4j meets its end."""

from __future__ import annotations

import shutil
from typing import NamedTuple

import pytest

from tests.api import Api

CREATE = 'mutation { createAccount(input: {name: "Late"}) { account { id } userErrors { code message } } }'
COUNT = "{ accounts { totalCount } }"


class Usage(NamedTuple):
    total: int
    used: int
    free: int


async def test_nothing_is_written_while_the_disk_is_nearly_full_and_reading_goes_on(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as full:
        full.setattr(shutil, "disk_usage", lambda _: Usage(10**12, 10**12 - 999_000_000, 999_000_000))
        refused = (await api.ask(CREATE))["createAccount"]
        assert refused == {
            "account": None,
            "userErrors": [
                {
                    "code": "UNAVAILABLE",
                    "message": "The disk of the database is nearly full. Nothing can be saved until room is made.",
                }
            ],
        }
        assert await api.ask(COUNT) == {"accounts": {"totalCount": 0}}
    assert (await api.ask(CREATE))["createAccount"]["userErrors"] == []
    assert await api.ask(COUNT) == {"accounts": {"totalCount": 1}}
