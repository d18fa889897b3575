"""A key of the graph, from its making to its revocation, over HTTP."""

from __future__ import annotations

import httpx2

from graph_crm.app import create_app
from graph_crm.edge.health import Readiness
from graph_crm.schema import schema
from graph_crm.settings import Settings
from graph_crm.team import service
from graph_crm.viewer import Permission, Role
from tests.api import RecordingGraph, a_user, an_administrator


async def fine() -> Readiness:
    return Readiness.OK


async def test_a_key_opens_the_api_for_its_user_until_it_is_revoked(
    graph: RecordingGraph, empty_database: object
) -> None:
    administrator = await an_administrator(graph)
    await a_user(graph, "Anna Kerr", Role.SELLER)
    key = await service.create_key(
        graph, administrator, "anna.kerr@ours.example", scopes=frozenset({Permission.READ_RECORDS.value})
    )
    app = create_app(Settings(home="unused"), graph, schema, fine)
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:

        async def asked() -> httpx2.Response:
            body = {"query": "{ viewer { user { displayName } permissions } }"}
            return await client.post("/graphql", json=body, headers={"authorization": f"Bearer {key.text}"})

        response = await asked()
        assert response.json() == {
            "data": {"viewer": {"user": {"displayName": "Anna Kerr"}, "permissions": ["records:read"]}}
        }
        await service.revoke_key(graph, administrator, key.prefix)
        app = create_app(Settings(home="unused"), graph, schema, fine)  # one that has not kept the key
        transport.app = app
        assert (await asked()).status_code == 401
