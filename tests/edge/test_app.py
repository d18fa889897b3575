"""The application as it is put together: who may ask, where, and what stands at which address."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import httpx2
import pytest
import strawberry

from graph_crm.app import People, create_app
from graph_crm.context import Context
from graph_crm.edge.health import Readiness
from graph_crm.errors import Invalid
from graph_crm.graph.client import Graph, connect
from graph_crm.settings import Settings
from graph_crm.team.keys import KeyRecord, new_key
from graph_crm.viewer import Permission, Role, Viewer

ANNA = new_key()
POST = {"content-type": "application/json", "accept": "application/graphql-response+json"}


@strawberry.type
class Query:
    @strawberry.field
    async def me(self, info: strawberry.Info[Context, None]) -> str:
        return f"{info.context.viewer.user_id} in {info.context.language.value}"

    @strawberry.field
    async def journal(self, info: strawberry.Info[Context, None]) -> str:
        info.context.viewer.require(Permission.READ_HISTORY)
        return "read"


async def find_key(prefix: str) -> KeyRecord | None:
    return KeyRecord(prefix, ANNA.digest, "anna") if prefix == ANNA.prefix else None


async def viewer_of(key: KeyRecord) -> Viewer:
    return Viewer(key.user_id, key.user_id.title(), Role.READER, frozenset())


async def fine() -> Readiness:
    return Readiness.OK


@pytest.fixture(scope="module")
async def graph() -> AsyncIterator[Graph]:
    """A client that never asks anything."""
    async with Graph(connect("bolt://127.0.0.1:9", "nobody", "nothing")) as client:
        yield client


Client = Callable[..., httpx2.AsyncClient]


@pytest.fixture
async def client(graph: Graph) -> AsyncIterator[Client]:
    clients: list[httpx2.AsyncClient] = []

    def make(listen: str = "127.0.0.1:8000", **options: object) -> httpx2.AsyncClient:
        app = create_app(
            Settings(home="unused", listen=listen),
            graph,
            strawberry.Schema(Query),
            fine,
            people=People(find_key=find_key, viewer_of=viewer_of),
            **options,
        )
        clients.append(
            httpx2.AsyncClient(transport=httpx2.ASGITransport(app), base_url=f"http://{listen}", headers=POST)
        )
        return clients[-1]

    yield make
    for opened in clients:
        await opened.aclose()


def bearer(text: str = ANNA.text) -> dict[str, str]:
    return {"authorization": f"Bearer {text}"}


async def test_without_a_key_nothing_is_answered(client: Client) -> None:
    response = await client().post("/graphql", json={"query": "{ me }"})
    assert response.status_code == 401
    assert response.headers["www-authenticate"].startswith("Bearer")
    (error,) = response.json()["errors"]
    assert error["extensions"] == {"code": "UNAUTHENTICATED"}
    assert "data" not in response.json()


async def test_who_is_nobody_learns_nothing_of_the_document_or_the_body(client: Client) -> None:
    for body in (b'{"query": "{ nope }"}', b"null", b"[" * 50_000, b"x" * 300_000):
        response = await client().post("/graphql", content=body, headers=bearer("gcrm_unknown"))
        assert response.status_code == 401


async def test_a_key_is_its_users_and_the_caller_chooses_the_language(client: Client) -> None:
    asked = client()
    response = await asked.post("/graphql", json={"query": "{ me }"}, headers=bearer())
    assert response.json() == {"data": {"me": "anna in EN"}}
    french = await asked.post("/graphql", json={"query": "{ me }"}, headers={**bearer(), "accept-language": "fr-FR"})
    assert french.json() == {"data": {"me": "anna in FR"}}


async def test_what_a_role_may_not_do_is_refused_by_field(client: Client) -> None:
    response = await client().post("/graphql", json={"query": "{ me journal }"}, headers=bearer())
    assert response.status_code == 200
    (error,) = response.json()["errors"]
    assert error["extensions"]["code"] == "NOT_PERMITTED"


async def test_in_development_no_key_is_needed_on_this_machine(client: Client) -> None:
    response = await client(development_user="dev").post("/graphql", json={"query": "{ me }"})
    assert response.json() == {"data": {"me": "dev in EN"}}
    for options in ({"development_user": "dev"}, {"demo_key": ANNA.text}):
        with pytest.raises(Invalid, match="GRAPH_CRM_LISTEN"):
            client(listen="0.0.0.0:8000", **options)


async def test_the_front_door_leads_to_graphiql(client: Client) -> None:
    response = await client().get("/")
    assert (response.status_code, response.headers["location"]) == (307, "/graphiql")
    page = await client().get("/graphiql")
    assert page.status_code == 200
    assert "gcrm_" not in page.text.replace("gcrm_…", "")


async def test_health_needs_no_key(client: Client) -> None:
    assert (await client().get("/health/live")).json()["status"] == "ok"
    assert (await client().get("/health/ready")).json()["status"] == "ok"


async def test_no_address_below_graphql_exists(client: Client) -> None:
    for path in ("/graphql/", "/graphql/x", "/nothing"):
        response = await client().post(path, json={"query": "{ me }"}, headers=bearer())
        assert response.status_code in {307, 404}


async def test_pages_of_this_machine_may_ask_in_development_and_others_are_told_the_setting(client: Client) -> None:
    here = await client().post(
        "/graphql", json={"query": "{ me }"}, headers={**bearer(), "origin": "http://localhost:5173"}
    )
    assert here.headers["access-control-allow-origin"] == "http://localhost:5173"
    served = client(listen="192.0.2.1:8000")
    strange = await served.post(
        "/graphql", json={"query": "{ me }"}, headers={**bearer(), "origin": "http://localhost:5173"}
    )
    assert strange.status_code == 403
    assert "GRAPH_CRM_ALLOWED_ORIGINS" in strange.json()["errors"][0]["message"]


async def test_what_starts_and_stops_with_the_application(graph: Graph) -> None:
    seen: list[str] = []

    @asynccontextmanager
    async def running(_: object) -> AsyncIterator[None]:
        seen.append("started")
        yield
        seen.append("stopped")

    app = create_app(
        Settings(home="unused"),
        graph,
        strawberry.Schema(Query),
        fine,
        people=People(find_key=find_key, viewer_of=viewer_of),
        lifespan=running,
    )
    async with app.router.lifespan_context(app):
        assert seen == ["started"]
    assert seen == ["started", "stopped"]
