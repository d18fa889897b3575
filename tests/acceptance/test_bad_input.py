"""Bad input: each a clear error with a stable code, and nothing written."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator
from typing import Any

import httpx2
import pytest
import pytest_asyncio

from graph_crm.app import create_app
from graph_crm.edge.health import Readiness
from graph_crm.schema import schema
from graph_crm.settings import Settings
from graph_crm.team import service as team
from graph_crm.viewer import maintenance_viewer
from tests.api import RecordingGraph, an_administrator

MISSING = "01900000-0000-7000-8000-00000000ffff"


async def fine() -> Readiness:
    return Readiness.OK


class Http:
    """The API as a program reaches it: over HTTP, with a key."""

    def __init__(self, client: httpx2.AsyncClient, graph: RecordingGraph, key: str) -> None:
        self.client = client
        self.graph = graph
        self.key = key

    async def post(self, content: Any, *, key: str | None = None) -> httpx2.Response:
        headers = {"authorization": f"Bearer {key or self.key}", "content-type": "application/json"}
        if isinstance(content, bytes):
            return await self.client.post("/graphql", content=content, headers=headers)
        return await self.client.post("/graphql", json=content, headers=headers)

    async def ask(self, query: str, variables: dict[str, Any] | None = None) -> dict[str, Any]:
        return (await self.post({"query": query, "variables": variables or {}})).json()

    async def write(self, mutation: str, given: dict[str, Any], selection: str) -> dict[str, Any]:
        kind = f"{mutation[0].upper()}{mutation[1:]}Input"
        document = (
            f"mutation($input: {kind}!) {{ {mutation}(input: $input) "
            f"{{ {selection} userErrors {{ code message field candidates {{ id }} }} }} }}"
        )
        answer = await self.ask(document, {"input": given})
        assert "errors" not in answer, answer
        return answer["data"][mutation]

    async def held(self) -> dict[str, int]:
        """Everything the database holds, counted behind the service's back."""
        records, _, _ = await self.graph.driver.execute_query(
            "MATCH (node) WITH count(node) AS nodes "
            "OPTIONAL MATCH ()-[link]->() WITH nodes, count(link) AS links "
            "MATCH (sequence:Sequence {name: 'changes'}) RETURN nodes, links, sequence.value AS changes"
        )
        return dict(records[0])


@pytest_asyncio.fixture(loop_scope="session")
async def http(graph: RecordingGraph, empty_database: object) -> AsyncIterator[Http]:
    administrator = await an_administrator(graph)
    key = await team.create_key(graph, maintenance_viewer(), "ada.admin@ours.example")
    assert administrator.name == "Ada Admin"
    app = create_app(Settings(home="unused", default_currency="EUR"), graph, schema, fine)
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app), base_url="http://localhost", timeout=60
    ) as client:
        yield Http(client, graph, key.text)


async def made(http: Http) -> tuple[str, str, str]:
    """An account, a deal and a contact."""
    account = (await http.write("createAccount", {"name": "Acme"}, "account { id }"))["account"]["id"]
    given = {"name": "Deal", "accountId": account}
    deal = (await http.write("createOpportunity", given, "opportunity { id }"))["opportunity"]["id"]
    given = {"familyName": "Colas", "accountId": account}
    contact = (await http.write("createContact", given, "contact { id }"))["contact"]["id"]
    return account, deal, contact


async def test_a_wrong_key_is_told_and_nothing_else(http: Http) -> None:
    before = await http.held()
    body = {"query": 'mutation { createAccount(input: {name: "Acme"}) { account { id } } }'}
    answer = await http.post(body, key=http.key[:-1] + ("0" if http.key[-1] != "0" else "1"))
    assert answer.status_code == 401
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    assert await http.held() == before


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"[]", b"{", b'{"query": 7}', b"\xff\xfe", b"[" * 100_000, b'{"query": ' + b"9" * 5_000 + b"}"],
)
async def test_a_malformed_body_is_refused_and_never_a_fault(http: Http, body: bytes) -> None:
    before = await http.held()
    answer = await http.post(body)
    assert 400 <= answer.status_code < 500
    assert answer.json()["errors"]
    assert await http.held() == before


async def test_a_fragment_bomb_is_refused(http: Http) -> None:
    fragments = "".join(f"fragment f{n} on Query {{ ...f{n + 1} ...f{n + 1} }} " for n in range(40))
    answer = await http.ask(f"{{ ...f0 }} {fragments} fragment f40 on Query {{ __typename }}")
    assert answer["errors"][0]["extensions"]["code"] in {"LIMIT", "INVALID"}


async def test_an_unknown_id_finds_nothing_and_changes_nothing(http: Http) -> None:
    found = await http.ask(
        f'{{ node(id: "{MISSING}") {{ id }} account(by: {{id: "{MISSING}"}}) {{ id }} '
        f'stakeholderMap(of: {{opportunityId: "{MISSING}"}}) {{ status }} }}'
    )
    assert found == {"data": {"node": None, "account": None, "stakeholderMap": None}}
    before = await http.held()
    moved = await http.write("moveOpportunity", {"opportunityId": MISSING, "stageKey": "WON"}, "opportunity { id }")
    assert [error["code"] for error in moved["userErrors"]] == ["NOT_FOUND"]
    assert await http.held() == before


async def test_a_name_that_two_share_is_ambiguous_and_names_them(http: Http) -> None:
    ids = [(await http.write("createAccount", {"name": "Acme"}, "account { id }"))["account"]["id"] for _ in range(2)]
    answer = await http.ask('{ account(by: {name: "acmé"}) { id } }')
    error = answer["errors"][0]
    assert error["extensions"]["code"] == "AMBIGUOUS"
    assert sorted(error["extensions"]["candidates"]) == sorted(ids)


async def test_a_stale_version_is_a_conflict(http: Http) -> None:
    _, deal, _ = await made(http)
    first = await http.write(
        "moveOpportunity",
        {"opportunityId": deal, "stageKey": "DISCOVERY", "expectedVersion": 1},
        "opportunity { version }",
    )
    assert first["opportunity"]["version"] == 2
    before = await http.held()
    second = await http.write(
        "moveOpportunity",
        {"opportunityId": deal, "stageKey": "PROPOSAL", "expectedVersion": 1},
        "opportunity { version }",
    )
    assert [error["code"] for error in second["userErrors"]] == ["CONFLICT"]
    assert "2" in second["userErrors"][0]["message"]
    assert await http.held() == before


async def test_an_idempotency_key_stands_for_one_request(http: Http) -> None:
    given = {"name": "Acme", "idempotencyKey": "once"}
    first = await http.write("createAccount", given, "account { id }")
    before = await http.held()
    assert await http.write("createAccount", given, "account { id }") == first
    assert await http.held() == before
    other = await http.write("createAccount", {**given, "name": "Other"}, "account { id }")
    assert [error["code"] for error in other["userErrors"]] == ["CONFLICT"]
    assert await http.held() == before


@pytest.mark.parametrize("length", [1, 2, 3, 5])
async def test_nobody_reports_to_themselves_in_a_circle(http: Http, length: int) -> None:
    account, _, _ = await made(http)
    people = []
    for number in range(length):
        given = {"familyName": f"Person {number}", "accountId": account}
        people.append((await http.write("createContact", given, "contact { id }"))["contact"]["id"])

    async def reports(report: str, manager: str) -> list[str]:
        given = {"kind": "REPORTS_TO", "fromContactId": report, "toContactId": manager}
        return [error["code"] for error in (await http.write("linkContacts", given, "link { id }"))["userErrors"]]

    for report, manager in itertools.pairwise(people):
        assert await reports(report, manager) == []
    before = await http.held()
    assert await reports(people[-1], people[0]) == ["INVALID" if length == 1 else "CONFLICT"]
    assert await http.held() == before


@pytest.mark.parametrize(
    ("mutation", "given", "part"),
    [
        ("employContact", {"validFrom": "2026-02-30"}, "2026-02-30"),
        ("assessStakeholder", {"stance": "NEUTRAL", "validFrom": "2026-03-01T09:00:00"}, "offset"),
        ("assessStakeholder", {"stance": "NEUTRAL", "validFrom": "2026-02-30T09:00:00Z"}, "2026-02-30"),
        ("createOpportunity", {"name": "Deal", "amount": 1.5}, "decimal"),
    ],
)
async def test_values_that_cannot_be_are_refused_in_words(
    http: Http, mutation: str, given: dict[str, Any], part: str
) -> None:
    account, deal, contact = await made(http)
    common: dict[str, dict[str, Any]] = {
        "employContact": {"contactId": contact, "accountId": account},
        "assessStakeholder": {"of": {"opportunityId": deal}, "contactId": contact},
        "createOpportunity": {"accountId": account},
    }
    before = await http.held()
    kind = f"{mutation[0].upper()}{mutation[1:]}Input"
    answer = await http.ask(
        f"mutation($input: {kind}!) {{ {mutation}(input: $input) {{ userErrors {{ code }} }} }}",
        {"input": {**common[mutation], **given}},
    )
    assert answer["errors"][0]["extensions"]["code"] == "INVALID"
    assert part in answer["errors"][0]["message"]
    assert await http.held() == before


@pytest.mark.parametrize(
    "name", ["\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace"), "x" * 3_000, " "]
)
async def test_names_that_cannot_be_kept_are_refused(http: Http, name: str) -> None:
    before = await http.held()
    answer = await http.write("createAccount", {"name": name}, "account { id }")
    if answer["account"] is None:
        assert answer["userErrors"][0]["code"] == "INVALID"
        assert await http.held() == before
    else:
        assert name.strip("\ufffd") == ""


async def test_an_amount_without_a_currency_is_refused_with_the_sentence_that_says_so(http: Http) -> None:
    account, _, _ = await made(http)
    app = create_app(Settings(home="unused", default_currency=None), http.graph, schema, fine)
    before = await http.held()
    async with httpx2.AsyncClient(
        transport=httpx2.ASGITransport(app), base_url="http://localhost", timeout=60
    ) as client:
        answer = await Http(client, http.graph, http.key).write(
            "createOpportunity", {"name": "Deal", "accountId": account, "amount": "10.00"}, "opportunity { id }"
        )
    assert answer["userErrors"][0]["code"] == "INVALID"
    assert "currency" in answer["userErrors"][0]["message"]
    assert await http.held() == before
