from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import strawberry
from graphql import build_schema
from playwright.sync_api import Browser, Page, expect, sync_playwright
from starlette.applications import Starlette

from graph_crm.edge.document_guard import Limits
from graph_crm.edge.documents import Documents
from graph_crm.edge.graphiql.page import MEDIA_TYPES, examples, graphiql_routes, text_of
from graph_crm.edge.graphql_endpoint import EndpointOptions
from graph_crm.errors import Refusal
from tests.edge.small_service import app_of
from tests.node_packages import browser as browser_options

ASSETS = resources.files("graph_crm.edge.graphiql").joinpath("assets")
KEY = "gcrm_demo000000_" + "0" * 64


@strawberry.input
class By:
    name: str


@strawberry.type
class Record:
    id: strawberry.ID
    name: str


@strawberry.type
class Query:
    @strawberry.field
    async def opportunity(self, by: By) -> Record:
        return Record(id=strawberry.ID(f"id of {by.name}"), name=by.name)

    @strawberry.field
    async def contact(self, by: By) -> Record:
        return Record(id=strawberry.ID(f"id of {by.name}"), name=by.name)


def page_app(key: str | None) -> Starlette:
    app = app_of(EndpointOptions(), strawberry.Schema(Query))
    app.router.routes.extend(graphiql_routes(key))
    return app


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    options: dict[str, Any] = browser_options()
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(**options)
        yield opened
        opened.close()


@pytest.fixture
def watched(browser: Browser) -> Iterator[tuple[Page, list[str], list[str]]]:
    """A page, the addresses that it asked for, and what the browser complained about."""
    asked: list[str] = []
    complaints: list[str] = []
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    yield page, asked, complaints
    context.close()


def test_the_shipped_files_are_those_of_the_manifest() -> None:
    manifest = json.loads(text_of("manifest.json"))
    found = {name: hashlib.sha256(ASSETS.joinpath(name).read_bytes()).hexdigest() for name in manifest}
    assert found == manifest
    shipped = {entry.name for entry in ASSETS.iterdir()}
    assert shipped == set(manifest) | {"page.js", "page.css"}
    assert {name for name in shipped if not name.endswith("LICENSE")} == set(MEDIA_TYPES)


def test_the_examples_and_their_lookup_fit_the_schema_and_the_limits() -> None:
    schema = build_schema((Path(__file__).parents[2] / "schema" / "schema.graphql").read_text("utf-8"))
    documents = Documents(schema, Limits())
    assert len(examples()) == 5
    for query in [*(example.query for example in examples()), text_of("examples/lookup.graphql")]:
        verdict = documents.check(query, {})
        assert not isinstance(verdict, Refusal), str(verdict)
        assert getattr(verdict, "errors", ()) == ()


def test_the_demos_page_opens_in_a_browser_with_its_key_and_five_filled_tabs(serve, watched) -> None:
    page, asked, complaints = watched
    api = serve(page_app(KEY))
    page.goto(f"{api.url}/graphiql")
    expect(page.locator(".graphiql-tab")).to_have_count(5)
    expect(page.locator(".graphiql-tab").nth(0)).to_contain_text("StakeholderMap")
    page.locator(".graphiql-tab").nth(1).locator("button").first.click()
    expect(page.locator(".graphiql-editor-tool")).to_contain_text('"dealId": "id of Suivi temps réel – 6 sites"')
    page.get_by_role("button", name="Headers").click()
    expect(page.locator(".graphiql-editor-tool")).to_contain_text(f"Bearer {KEY}")
    # The schema is asked for, so the editor knows the fields; the answer of a question comes back.
    page.get_by_role("button", name="Execute query").click()
    expect(page.locator(".result-window")).to_contain_text("Cannot query field 'stakeholderMap'")
    assert [url for url in asked if not url.startswith((api.url, "data:", "blob:"))] == []
    assert complaints == []


def test_elsewhere_the_page_holds_no_key_and_says_where_to_put_one(serve, watched) -> None:
    page, _, complaints = watched
    api = serve(page_app(None))
    page.goto(f"{api.url}/graphiql")
    expect(page.locator(".graphiql-query-editor")).to_contain_text("Put your key into Headers")
    assert KEY not in page.content()
    assert complaints == []


@pytest.mark.parametrize(
    "header",
    [{"host": "crm.example.com"}, {"x-forwarded-for": "192.0.2.1"}, {"forwarded": "for=192.0.2.1"}, {"via": "1.1 a"}],
)
def test_the_key_is_not_given_to_somebody_behind_a_proxy_or_another_name(serve, header: dict[str, str]) -> None:
    api = serve(page_app(KEY))
    assert KEY in api.client.get("/graphiql").text
    assert KEY not in api.client.get("/graphiql", headers=header).text


def test_the_page_may_load_only_from_its_own_service(api_with_page) -> None:
    response = api_with_page.client.get("/graphiql")
    policy = response.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self';" in policy
    assert "http" not in policy
    assert "*" not in policy
    assert response.headers["cache-control"] == "no-store"
    for name, media_type in MEDIA_TYPES.items():
        asset = api_with_page.client.get(f"/graphiql/assets/{name}")
        assert asset.headers["content-type"] == media_type
        tag = {"if-none-match": asset.headers["etag"]}
        assert api_with_page.client.get(f"/graphiql/assets/{name}", headers=tag).status_code == 304


@pytest.mark.parametrize("path", ["nothing.js", "..%2Fpage.html", "%2e%2e/page.py", "graphiql.LICENSE", "page.js%00"])
def test_no_other_file_is_served(api_with_page, path: str) -> None:
    assert api_with_page.client.get(f"/graphiql/assets/{path}").status_code == 404


@pytest.fixture(scope="module")
def api_with_page(serve):
    return serve(page_app(KEY))
