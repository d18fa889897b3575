"""What runs beside the answers of the service fails without ending, and never keeps the service from its start."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from graph_crm.commands import serving
from graph_crm.edge.health import Readiness, ServiceProbe
from graph_crm.graph.client import Graph, connect
from graph_crm.graph.readiness import Address


@pytest.fixture
async def graph() -> AsyncIterator[Graph]:
    """A client that never asks anything."""
    async with Graph(connect("bolt://127.0.0.1:9", "nobody", "nothing")) as client:
        yield client


async def test_hourly_work_goes_on_after_any_failure(graph: Graph, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[str] = []
    enough = asyncio.Event()

    async def forget_receipts(_: Graph) -> int:
        done.append("receipts")
        raise RuntimeError("a fault that nobody foresaw")

    async def keep_up(_: Graph) -> int:
        done.append("days")
        if len(done) > 4:
            enough.set()
        raise ZeroDivisionError

    monkeypatch.setattr(serving.changes, "forget_receipts", forget_receipts)
    monkeypatch.setattr(serving.team, "keep_up", keep_up)
    monkeypatch.setattr(serving, "FORGET_SECONDS", 0.0)
    forgetting = asyncio.create_task(serving.forgetting(graph))
    ended = asyncio.create_task(enough.wait())
    await asyncio.wait({forgetting, ended}, return_when=asyncio.FIRST_COMPLETED, timeout=10)
    assert not forgetting.done()
    forgetting.cancel()
    ended.cancel()
    assert done[:6] == ["receipts", "days"] * 3


@pytest.mark.parametrize("failing", ["warming", "what follows"])
async def test_a_step_of_the_start_that_fails_does_not_keep_the_service_at_starting(
    graph: Graph, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    async def fails(*_: object, **__: object) -> None:
        raise RuntimeError("a fault that nobody foresaw")

    async def fine(*_: object, **__: object) -> None:
        pass

    monkeypatch.setattr(serving, "warmed", fails if failing == "warming" else fine)
    probe = ServiceProbe(Address("bolt://127.0.0.1:9", "nobody", "nothing"))
    warming = asyncio.create_task(serving.ready_when_warm(graph, probe, fails if failing == "what follows" else fine))
    await asyncio.wait({warming})
    assert probe.phase is Readiness.OK
    assert warming.exception() is None
