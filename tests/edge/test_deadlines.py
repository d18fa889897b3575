"""A request ends at its time, whatever part of it is slow, and an uncertain write names the key to repeat it with."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import httpx2
import pytest
import strawberry
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.routing import Route

from graph_crm.context import Context
from graph_crm.edge.graphql_endpoint import EndpointOptions, graphql_endpoint
from graph_crm.graph import client as graph_client
from graph_crm.graph.gate import DEADLINE
from graph_crm.graph.write import Write
from graph_crm.schema import schema
from graph_crm.settings import Settings
from tests.api import RecordingGraph, an_administrator
from tests.behind import cypher
from tests.edge.small_service import Asking, Query

CREATE = """mutation($input: CreateAccountInput!) {
  createAccount(input: $input) { account { id } userErrors { code message } }
}"""


def asked_of(app: Starlette) -> httpx2.AsyncClient:
    return httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url="http://localhost")


def served(endpoint: Any) -> Starlette:
    return Starlette(routes=[Route("/graphql", endpoint)])


async def test_a_slow_write_without_a_key_is_answered_with_the_key_that_was_drawn_for_it(
    graph: RecordingGraph, empty_database: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewer = await an_administrator(graph)
    settle, let_go = graph_client.settle, asyncio.Event()

    async def slow(write: Write, *given: Any) -> Any:
        await let_go.wait()
        return await settle(write, *given)

    async def context_for(_: Request) -> Context:
        return Context(graph, viewer, Settings(home="unused"))

    monkeypatch.setattr(graph_client, "settle", slow)
    options = EndpointOptions(seconds=0.5, more_seconds_for_writes=2.0)
    endpoint = graphql_endpoint(schema, context_for, options)
    async with asked_of(served(endpoint)) as client:
        began = time.monotonic()
        first = await client.post("/graphql", json={"query": CREATE, "variables": {"input": {"name": "Northwind"}}})
        assert time.monotonic() - began < 2.5
        (error,) = first.json()["data"]["createAccount"]["userErrors"]
        assert error["code"] == "OUTCOME_UNKNOWN"
        key = error["message"].rstrip(".").rpartition(" ")[2]
        let_go.set()
        while graph._running:
            await asyncio.wait(graph._running)
        monkeypatch.undo()
        given = {"name": "Northwind", "idempotencyKey": key}
        endpoint.options = EndpointOptions()
        again = await client.post("/graphql", json={"query": CREATE, "variables": {"input": given}})
    made = await cypher(graph, "MATCH (account:Account) RETURN account.id AS id")
    assert again.json()["data"]["createAccount"] == {"account": made[0], "userErrors": []}
    assert len(made) == 1


async def test_finding_out_who_asks_is_part_of_the_request_and_ends_with_it() -> None:
    deadlines: list[float | None] = []

    async def never(_: Request) -> Asking:
        deadlines.append(DEADLINE.get())
        await asyncio.Event().wait()
        raise AssertionError("nobody waits any more")

    endpoint = graphql_endpoint(strawberry.Schema(Query), never, EndpointOptions(seconds=0.2))
    async with asked_of(served(endpoint)) as client:
        began = asyncio.get_running_loop().time()
        response = await client.post("/graphql", json={"query": "{ number }"})
    assert response.status_code == 503
    assert response.headers["retry-after"] == "2"
    assert response.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"
    assert deadlines[0] is not None
    assert 0.1 < deadlines[0] - began < 0.3


async def test_a_body_has_what_finding_out_who_asks_left_of_the_time() -> None:
    async def slow(_: Request) -> Asking:
        await asyncio.wait([asyncio.create_task(asyncio.Event().wait())], timeout=0.3)
        return Asking(EndpointOptions().language)

    async def dribbling() -> Any:
        yield b"{"
        await asyncio.Event().wait()

    endpoint = graphql_endpoint(strawberry.Schema(Query), slow, EndpointOptions(seconds=0.4))
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/graphql",
        "headers": [(b"content-type", b"application/json")],
        "query_string": b"",
    }
    chunks = dribbling()

    async def receive() -> Any:
        return {"type": "http.request", "body": await anext(chunks), "more_body": True}

    began = time.monotonic()
    response = await endpoint.answer(Request(scope, receive))
    assert response is not None
    assert response.status_code == 408
    assert time.monotonic() - began < 0.4 + 1.5


async def test_a_question_passes_its_deadline_on_to_the_database() -> None:
    seen: list[float | None] = []

    @strawberry.type
    class Asked:
        @strawberry.field
        async def deadline(self) -> bool:
            seen.append(DEADLINE.get())
            return True

    async def context_for(_: Request) -> Asking:
        return Asking(EndpointOptions().language)

    endpoint = graphql_endpoint(strawberry.Schema(Asked), context_for, EndpointOptions(seconds=7))
    async with asked_of(served(endpoint)) as client:
        began = asyncio.get_running_loop().time()
        await client.post("/graphql", json={"query": "{ deadline }"})
    assert seen[0] is not None
    assert 6.5 < seen[0] - began < 7.5
