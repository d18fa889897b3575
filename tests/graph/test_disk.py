"""A disk that is nearly full is noticed before Neo4j meets its end."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import httpx2
import pytest
from starlette.applications import Starlette

from graph_crm.edge.health import Readiness, ServiceProbe, health_routes
from graph_crm.graph.readiness import Address
from graph_crm.language import Language
from tests.api import Api

CREATE = 'mutation { createAccount(input: {name: "Late"}) { account { id } userErrors { code message } } }'
FULL = "The service answers questions and saves nothing: the disk of the database is nearly full. Make room."
COUNT = "{ accounts { totalCount } }"


class Usage(NamedTuple):
    total: int
    used: int
    free: int


NEARLY_FULL = Usage(10**12, 10**12 - 999_000_000, 999_000_000)


async def test_nothing_is_written_while_the_disk_is_nearly_full_and_reading_goes_on(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as full:
        full.setattr(shutil, "disk_usage", lambda _: NEARLY_FULL)
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


async def test_whoever_runs_the_service_is_told_of_a_disk_that_is_nearly_full(
    database: Address, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    probe = ServiceProbe(replace(database, folder=tmp_path))
    probe.phase = Readiness.OK
    app = Starlette(routes=health_routes(probe, Language.EN))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://service") as client:
        with monkeypatch.context() as full:
            full.setattr(shutil, "disk_usage", lambda _: NEARLY_FULL)
            told = await client.get("/health/ready")
        roomy = await client.get("/health/ready")
    assert (told.status_code, told.json()) == (200, {"status": "disk nearly full", "message": FULL})
    assert (roomy.status_code, roomy.json()["status"]) == (200, "ok")
