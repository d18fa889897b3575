from __future__ import annotations

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from graph_crm.edge.origins import Origins

REACHED: list[str] = []


async def asked(
    method: str = "POST",
    path: str = "/graphql",
    host: str = "crm.example.com",
    *,
    options: dict[str, object],
    **headers: str,
) -> httpx2.Response:
    async def answer(_: object) -> PlainTextResponse:
        REACHED.append(path)
        return PlainTextResponse("answered")

    app = Starlette(
        routes=[Route(path, answer, methods=["GET", "POST"])], middleware=[Middleware(Origins, **options)]
    )
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url=f"http://{host}") as client:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await client.request(method, path, headers=named)


async def test_a_program_without_an_origin_is_answered() -> None:
    response = await asked(options={})
    assert response.status_code == 200
    assert "access-control-allow-origin" not in response.headers


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "null", "http://localhost:3000", "file://", "https://crm.example.com.evil.example"],
)
async def test_a_page_of_another_origin_is_refused_and_the_setting_named(origin: str) -> None:
    REACHED.clear()
    response = await asked(origin=origin, options={"allowed": ["https://app.example.com"]})
    assert response.status_code == 403
    error = response.json()["errors"][0]
    assert "GRAPH_CRM_ALLOWED_ORIGINS" in error["message"]
    assert origin in error["message"]
    assert "access-control-allow-origin" not in response.headers
    assert REACHED == []


@pytest.mark.parametrize("origin", ["https://app.example.com", "http://crm.example.com"])
async def test_an_allowed_origin_and_our_own_pages_are_answered(origin: str) -> None:
    response = await asked(origin=origin, options={"allowed": ["https://app.example.com/"]})
    assert response.status_code == 200
    assert response.headers["access-control-allow-origin"] == origin
    assert "origin" in response.headers["vary"].lower()
    assert "access-control-allow-credentials" not in response.headers


@pytest.mark.parametrize(
    "origin", ["http://localhost:5173", "http://127.0.0.1:8080", "https://localhost", "http://[::1]:3000"]
)
async def test_in_development_pages_of_this_machine_are_answered(origin: str) -> None:
    assert (await asked(origin=origin, options={"development": True})).status_code == 200
    assert (await asked(origin="http://localhost.evil.example", options={"development": True})).status_code == 403


async def test_a_browser_is_told_beforehand_what_it_may_send() -> None:
    REACHED.clear()
    ask = {"access_control_request_method": "POST", "access_control_request_headers": "authorization,content-type"}
    response = await asked(
        "OPTIONS", origin="https://app.example.com", options={"allowed": ["https://app.example.com"]}, **ask
    )
    assert response.status_code == 204
    assert response.headers["access-control-allow-origin"] == "https://app.example.com"
    assert "authorization" in response.headers["access-control-allow-headers"]
    refused = await asked("OPTIONS", origin="https://evil.example", options={}, **ask)
    assert refused.status_code == 403
    assert REACHED == []


@pytest.mark.parametrize("host", ["localhost:8000", "127.0.0.1", "[::1]:8000", "LOCALHOST", "crm.example.com"])
async def test_a_service_of_this_machine_answers_to_its_own_names_and_to_allowed_ones(host: str) -> None:
    options = {"loopback": True, "allowed": ["https://crm.example.com"]}
    assert (await asked(host=host, options=options)).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "localhost.evil.example", "192.0.2.1:8000"])
async def test_a_service_of_this_machine_does_not_answer_to_other_names(host: str) -> None:
    REACHED.clear()
    response = await asked(host=host, options={"loopback": True})
    assert response.status_code == 421
    assert "GRAPH_CRM_ALLOWED_ORIGINS" in response.json()["errors"][0]["message"]
    assert REACHED == []


async def test_health_is_answered_under_any_name() -> None:
    response = await asked("GET", "/health/live", host="10.0.0.7", options={"loopback": True})
    assert response.status_code == 200
