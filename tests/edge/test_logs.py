from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import httpx2
import pytest
import structlog
from starlette.types import ASGIApp, Receive, Scope, Send

from graph_crm.edge.graphql_endpoint import EndpointOptions
from graph_crm.edge.logs import configure_logs
from graph_crm.settings import LogFormat
from tests.edge.small_service import app_of


@pytest.fixture
def untouched_logging() -> Iterator[None]:
    """Puts back how the test process logs."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    client = logging.getLogger("httpx2")
    client.disabled = True
    yield
    client.disabled = False
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


async def ask(app: ASGIApp, query: str, **headers: str) -> httpx2.Response:
    async with httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://service") as client:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return await client.post("/graphql?secret=hunter3", json={"query": query}, headers=named)


@pytest.mark.usefixtures("untouched_logging")
async def test_each_request_is_one_line_with_its_id_and_no_query_text() -> None:
    lines = io.StringIO()
    configure_logs(LogFormat.JSON, lines)
    await ask(
        app_of(EndpointOptions()),
        'query Find { deal(name: "Margaret") { name } }',
        x_request_id="from-the-client-1",
        authorization="Bearer gcrm_private",
    )
    assert lines.getvalue().count("\n") == 1, lines.getvalue()
    (line,) = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert line.pop("milliseconds") >= 0
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "message": "request",
        "level": "info",
        "logger": "graph_crm.http",
        "method": "POST",
        "path": "/graphql",
        "status": 200,
        "operation": "Find",
        "request_id": "from-the-client-1",
    }


@pytest.mark.usefixtures("untouched_logging")
@pytest.mark.parametrize("form", list(LogFormat))
async def test_a_fault_is_logged_under_the_id_that_its_caller_was_given_without_any_values(form: LogFormat) -> None:
    lines = io.StringIO()
    configure_logs(form, lines)
    response = await ask(app_of(EndpointOptions()), 'query Private { deal(name: "secret") { name } }')
    written = lines.getvalue()
    assert response.json()["errors"][0]["extensions"]["id"] in written
    assert "RuntimeError" in written
    assert "A field failed" in written
    for hidden in ("query Private", "hunter3", 'name: "secret"', "'name': 'secret'"):
        assert hidden not in written


@pytest.mark.usefixtures("untouched_logging")
async def test_an_expected_refusal_is_no_fault_in_the_log() -> None:
    lines = io.StringIO()
    configure_logs(LogFormat.JSON, lines)
    await ask(app_of(EndpointOptions()), '{ deal(name: "missing") { name } }')
    await ask(app_of(EndpointOptions()), "{ nope }")
    assert [json.loads(line)["message"] for line in lines.getvalue().splitlines()] == ["request", "request"]


@pytest.mark.usefixtures("untouched_logging")
async def test_a_line_cannot_be_forged_and_does_not_steer_a_terminal() -> None:
    lines = io.StringIO()
    configure_logs(LogFormat.TEXT, lines)

    async def odd_path(scope: Scope, receive: Receive, send: Send) -> None:
        scope["path"] = "/graphql\n2026-01-01 [error] forged\x1b[31m"
        await app_of(EndpointOptions())(scope, receive, send)

    await ask(odd_path, "{ number }")
    assert len(lines.getvalue().splitlines()) == 1
    assert "\x1b" not in lines.getvalue()


@pytest.mark.usefixtures("untouched_logging")
async def test_lines_of_libraries_take_the_same_form_without_the_addresses_they_saw() -> None:
    lines = io.StringIO()
    configure_logs(LogFormat.JSON, lines)
    logging.getLogger("uvicorn.error").warning("Something in %s", "the server")
    logging.getLogger("uvicorn.access").info("GET /graphql?query=secret")
    (line,) = [json.loads(line) for line in lines.getvalue().splitlines()]
    assert (line["message"], line["logger"], line["level"]) == ("Something in the server", "uvicorn.error", "warning")
