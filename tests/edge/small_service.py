"""A small schema behind the real edge, asked over real sockets."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
import strawberry
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.routing import Route
from starlette.types import ASGIApp

from graph_crm.edge.graphql_endpoint import EndpointOptions, graphql_endpoint
from graph_crm.edge.logs import RequestLog
from graph_crm.edge.server import address_of, server_for
from graph_crm.errors import Invalid, NotFound, Unavailable
from graph_crm.language import Language


@strawberry.type
class Deal:
    name: str
    amount: int

    @strawberry.field
    async def owner(self) -> str:
        raise NotFound("There is no such deal.")


@strawberry.input(one_of=True)
class By:
    id: strawberry.Maybe[strawberry.ID]
    name: strawberry.Maybe[str]


@strawberry.type
class Query:
    @strawberry.field
    async def deal(self, name: str = "Pilot") -> Deal | None:
        if name == "missing":
            raise NotFound("There is no such deal.", field=["name"], candidates=["a", "b"])
        if name == "down":
            raise Unavailable("The database did not answer in time. Try again.")
        if name == "secret":
            message = "MATCH (n) password=hunter2"
            raise RuntimeError(message)
        return Deal(name=name, amount=7)

    @strawberry.field
    async def deal_by(self, by: By) -> str:
        return str(by.name or by.id)

    @strawberry.field
    async def number(self, value: int = 1) -> int:
        if value == 13:
            raise Invalid("Not this number.")
        return value

    @strawberry.field
    async def broken_text(self) -> str:
        return "\ud800"

    @strawberry.field
    async def never(self) -> str:
        await asyncio.Event().wait()
        return "done"


@strawberry.type
class Mutation:
    @strawberry.mutation
    async def rename(self, name: str) -> str:
        RENAMED.append(name)
        return name

    @strawberry.mutation
    async def never_ends(self) -> str:
        await asyncio.Event().wait()
        return "done"


RENAMED: list[str] = []


@dataclass
class Asking:
    language: Language


@dataclass
class Api:
    """One service on a free port of this machine."""

    url: str
    client: httpx2.Client

    def ask(self, query: str, headers: dict[str, str] | None = None, **variables: Any) -> httpx2.Response:
        return self.client.post("/graphql", json={"query": query, "variables": variables}, headers=headers)

    def send(self, body: bytes, **headers: str) -> httpx2.Response:
        named = {"content-type": "application/json"}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.post("/graphql", content=body, headers=named)


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """The address of the application, running in a thread until the block ends."""
    server = server_for(app, "127.0.0.1", 0)
    started = threading.Event()
    startup = server.startup

    async def startup_then_tell(sockets: Any = None) -> None:
        await startup(sockets)
        started.set()

    server.startup = startup_then_tell
    thread = threading.Thread(target=lambda: asyncio.run(server.serve()), daemon=True)
    thread.start()
    assert started.wait(10)
    host, port = address_of(server)
    try:
        yield f"http://{host}:{port}"
    finally:
        server.should_exit = True
        thread.join(30)


def app_of(options: EndpointOptions, schema: strawberry.Schema | None = None) -> Starlette:
    async def context_for(_: Request) -> Asking:
        return Asking(options.language)

    endpoint = graphql_endpoint(schema or strawberry.Schema(Query, Mutation), context_for, options)
    return Starlette(routes=[Route("/graphql", endpoint)], middleware=[Middleware(RequestLog)])
