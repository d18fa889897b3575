"""The page that lets people ask the graph in their browser."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources

import orjson
from graphql import OperationDefinitionNode, parse
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graph_crm.edge.origins import OWN_NAMES, host_name

FILES = resources.files("graph_crm.edge.graphiql")
MEDIA_TYPES = {
    "graphiql.min.css": "text/css; charset=utf-8",
    "graphiql.min.js": "text/javascript; charset=utf-8",
    "page.css": "text/css; charset=utf-8",
    "page.js": "text/javascript; charset=utf-8",
    "react-dom.production.min.js": "text/javascript; charset=utf-8",
    "react.production.min.js": "text/javascript; charset=utf-8",
}
HEADERS = {
    # Its dialogs insert style elements, and its style sheet carries fonts and marks as data.
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; font-src data:; "
        "img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
FORWARDED = ("forwarded", "x-forwarded-for", "x-forwarded-host", "x-real-ip", "via")


@dataclass(frozen=True, slots=True)
class Example:
    """One tab: a query, and the names of the variables that it wants filled."""

    query: str
    variables: tuple[str, ...]


def graphiql_routes(demo_key: str | None = None) -> list[Route]:
    """`/graphiql` and its files. The demo's key is put into the page for a browser on this very machine."""

    async def page(request: Request) -> Response:
        key = demo_key if demo_key is not None and asks_from_here(request) else None
        return Response(
            page_html(key), 200, {**HEADERS, "cache-control": "no-store"}, media_type="text/html; charset=utf-8"
        )

    async def asset(request: Request) -> Response:
        name: str = request.path_params["name"]
        if name not in MEDIA_TYPES:
            return Response("Not found", 404, HEADERS, media_type="text/plain")
        content, tag = asset_content(name)
        headers = {**HEADERS, "cache-control": "no-cache", "etag": tag}
        if request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        return Response(content, 200, headers, media_type=MEDIA_TYPES[name])

    return [
        Route("/graphiql", page, methods=["GET"]),
        Route("/graphiql/assets/{name}", asset, methods=["GET"]),
    ]


def asks_from_here(request: Request) -> bool:
    """Whether a browser on this machine asks, under this machine's own name and through no proxy."""
    return (
        request.client is not None
        and request.client.host in {"127.0.0.1", "::1"}
        and host_name(request.headers.get("host", "")) in OWN_NAMES
        and not any(name in request.headers for name in FORWARDED)
    )


def page_html(key: str | None) -> str:
    lookup = text_of("examples/lookup.graphql")
    chosen = examples() if key is not None else [example_of("welcome.graphql")]
    settings = {
        "key": key,
        "lookup": lookup,
        "examples": [{"query": example.query, "variables": example.variables} for example in chosen],
    }
    settings["version"] = hashlib.sha256(orjson.dumps(settings)).hexdigest()[:12]
    # "<" would let a text end the script element that holds it.
    written = orjson.dumps(settings).decode().replace("<", "\\u003c")
    return text_of("page.html").replace("SETTINGS", written)


def examples() -> list[Example]:
    """The tabs of the demo, in the order of their numbers."""
    folder = FILES.joinpath("examples")
    names = sorted(entry.name for entry in folder.iterdir() if entry.name[0].isdigit())
    return [example_of(name) for name in names]


def example_of(name: str) -> Example:
    query = text_of(f"examples/{name}")
    variables = tuple(
        variable.variable.name.value
        for definition in parse(query).definitions
        if isinstance(definition, OperationDefinitionNode)
        for variable in definition.variable_definitions or ()
    )
    return Example(query, variables)


@cache
def text_of(path: str) -> str:
    return FILES.joinpath(path).read_text("utf-8")


@cache
def asset_content(name: str) -> tuple[bytes, str]:
    content = FILES.joinpath("assets", name).read_bytes()
    return content, f'"{hashlib.sha256(content).hexdigest()[:32]}"'
