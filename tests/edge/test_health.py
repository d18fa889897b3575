from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import httpx2
import pytest
from starlette.applications import Starlette

from graph_crm.edge import health
from graph_crm.edge.health import Readiness, ServiceProbe, health_routes, readiness_of
from graph_crm.graph.readiness import Address
from graph_crm.language import Language


async def asked(
    probe: Callable[[], Awaitable[Readiness]], path: str = "/health/ready", **headers: str
) -> httpx2.Response:
    app = Starlette(routes=health_routes(probe, Language.EN))
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://service") as client:
        return await client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})


def saying(readiness: Readiness) -> Callable[[], Awaitable[Readiness]]:
    async def probe() -> Readiness:
        return readiness

    return probe


async def test_a_service_that_can_answer_says_ok() -> None:
    response = await asked(saying(Readiness.OK))
    assert (response.status_code, response.json()) == (200, {"status": "ok", "message": "The service answers."})
    assert response.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "readiness",
    [Readiness.STARTING, Readiness.MIGRATING, Readiness.UNAVAILABLE, Readiness.RESTART_NEEDED],
)
async def test_a_service_that_cannot_says_why_and_when_to_ask_again(readiness: Readiness) -> None:
    response = await asked(saying(readiness))
    assert response.status_code == 503
    assert response.json()["status"] == readiness.value
    assert response.headers["retry-after"] == "2"


async def test_restart_needed_is_said_in_the_readers_language() -> None:
    response = await asked(saying(Readiness.RESTART_NEEDED), accept_language="fr")
    assert response.json()["status"] == "restart needed"
    assert response.json()["message"].startswith("La base doit être redémarrée")


async def test_a_probe_that_fails_is_unavailable_and_shows_nothing_of_its_failure() -> None:
    async def fails() -> Readiness:
        message = "bolt://secret-host refused"
        raise OSError(message)

    response = await asked(fails)
    assert (response.status_code, response.json()["status"]) == (503, "unavailable")
    assert "secret" not in response.text


async def test_a_probe_that_hangs_is_unavailable_and_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    let_go = asyncio.Event()
    probes: list[None] = []

    async def hangs() -> Readiness:
        probes.append(None)
        await let_go.wait()
        return Readiness.OK

    monkeypatch.setattr(health, "PROBE_SECONDS", 0.05)
    one = health.OneProbe(hangs)
    assert await asyncio.gather(*(one.readiness() for _ in range(5))) == [Readiness.UNAVAILABLE] * 5
    assert len(probes) == 1
    let_go.set()
    assert await one.readiness() is Readiness.OK


async def test_the_process_lives_whatever_its_database_does() -> None:
    async def never_asked() -> Readiness:
        raise AssertionError

    assert (await asked(never_asked, "/health/live")).status_code == 200


@pytest.mark.parametrize(
    "problem",
    [
        "Neo.DatabaseError.Transaction.TransactionStartFailed",
        "Neo.TransientError.General.DatabaseUnavailable",
        "neo4j: online No space left on device",
        "Neo.DatabaseError.Transaction.TransactionLogError",
    ],
)
def test_a_database_that_only_a_restart_helps_is_known_by_its_words(problem: str) -> None:
    assert readiness_of(problem) is Readiness.RESTART_NEEDED


@pytest.mark.parametrize("problem", ["ServiceUnavailable", "port", "neo4j: starting", "neo4j: offline"])
def test_a_database_that_is_away_is_unavailable(problem: str) -> None:
    assert readiness_of(problem) is Readiness.UNAVAILABLE


async def test_a_service_says_what_it_is_doing_until_it_can_ask_its_database(database: Address) -> None:
    probe = ServiceProbe(database)
    assert await probe() is Readiness.STARTING
    probe.phase = Readiness.MIGRATING
    assert await probe() is Readiness.MIGRATING
    probe.phase = Readiness.OK
    assert await probe() is Readiness.OK


async def test_a_database_that_is_not_there_is_unavailable(database: Address) -> None:
    for address in (
        Address("bolt://127.0.0.1:9", database.user, database.password),
        Address(database.uri, database.user, "wrong password"),
    ):
        probe = ServiceProbe(address)
        probe.phase = Readiness.OK
        assert await probe() is Readiness.UNAVAILABLE
