"""The web application: its routes, what stands before them, and what starts and stops with it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import Route
from strawberry import Schema

from graph_crm.context import Context
from graph_crm.edge.authentication import Authentication, is_loopback, require_loopback
from graph_crm.edge.graphiql.page import graphiql_routes
from graph_crm.edge.graphql_endpoint import EndpointOptions, graphql_endpoint
from graph_crm.edge.health import Readiness, health_routes
from graph_crm.edge.languages import wanted_language
from graph_crm.edge.logs import RequestLog
from graph_crm.edge.origins import Origins
from graph_crm.graph.client import Graph
from graph_crm.settings import Settings
from graph_crm.team import service as team
from graph_crm.team.keys import KeyRecord
from graph_crm.viewer import Viewer


@dataclass(frozen=True, slots=True)
class People:
    """How the service finds out who asks."""

    find_key: Callable[[str], Awaitable[KeyRecord | None]]
    viewer_of: Callable[[KeyRecord], Awaitable[Viewer]]


def people_of(graph: Graph) -> People:
    """The people of the graph itself, by their keys."""

    async def find_key(prefix: str) -> KeyRecord | None:
        return await team.find_key(graph, prefix)

    async def viewer_of(key: KeyRecord) -> Viewer:
        return await team.viewer_of_user(graph, user_id=key.user_id, scopes=key.scopes)

    return People(find_key, viewer_of)


def create_app(
    settings: Settings,
    graph: Graph,
    schema: Schema,
    probe: Callable[[], Awaitable[Readiness]],
    *,
    people: People | None = None,
    development_user: str | None = None,
    demo_key: str | None = None,
    queries_by_get: bool = False,
    lifespan: Callable[[Starlette], AbstractAsyncContextManager[None]] | None = None,
) -> Starlette:
    """The application.

    With `development_user`, whoever asks without a key is that user. With `demo_key`, GraphiQL opens with that key
    and the examples of the demo. Both are refused unless only this machine reaches the service.
    """
    host, _ = settings.listen_address
    if development_user is not None or demo_key is not None:
        require_loopback(host)
    known = people or people_of(graph)
    authentication = Authentication(known.find_key, development_user=development_user)

    options = EndpointOptions(language=settings.language, queries_by_get=queries_by_get)

    async def context_for(request: Request) -> Context:
        viewer = await known.viewer_of(await authentication.key_of(request))
        request.state.viewer_id = viewer.user_id
        return Context(graph, viewer, settings, wanted_language(request.headers))

    async def home(_: Request) -> RedirectResponse:
        return RedirectResponse("/graphiql", 307)

    return Starlette(
        routes=[
            Route("/", home, methods=["GET"]),
            Route("/graphql", graphql_endpoint(schema, context_for, options)),
            *graphiql_routes(demo_key),
            *health_routes(probe, settings.language),
        ],
        middleware=[
            Middleware(RequestLog),
            Middleware(
                Origins,
                allowed=settings.allowed_origins,
                loopback=is_loopback(host),
                development=is_loopback(host),
                language=settings.language,
            ),
        ],
        lifespan=lifespan,
    )
