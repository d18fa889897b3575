"""Whatever arrives is answered with a 4xx and a sentence, and nothing is executed."""

from __future__ import annotations

import socket
import threading
from typing import Any

import orjson
import pytest

from graph_crm.edge.document_guard import Limits
from graph_crm.edge.graphql_endpoint import EndpointOptions
from tests.edge.small_service import RENAMED, Api, app_of

TYPED = {"accept": "application/graphql-response+json", "content-type": "application/json"}


def error_of(response: Any) -> dict[str, Any]:
    (error,) = response.json()["errors"]
    return error


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"null", id="null"),
        pytest.param(b"7", id="a number"),
        pytest.param(b'"{ number }"', id="text"),
        pytest.param(b"[]", id="an empty list"),
        pytest.param(b'[{"query": "{ number }"}]', id="a batch"),
        pytest.param(b"[" * 100_000 + b"]" * 100_000, id="100,000 arrays"),
        pytest.param(b'{"a":' * 30_000 + b"1" + b"}" * 30_000, id="30,000 objects"),
        pytest.param(b"9" * 5_000, id="5,000 digits"),
        pytest.param(b'{"query": "{ number }", "variables": {"n": ' + b"9" * 5_000 + b"}}", id="5,000 digits inside"),
        pytest.param(b'{"query": "{ number }", "variables": {"n": 1e999}}', id="beyond a float"),
        pytest.param(b'{"query": "{ number }", "variables": {"n": NaN}}', id="NaN"),
        pytest.param(b'{"query": "{ number }", "variables": {"n": Infinity}}', id="Infinity"),
        pytest.param(b'{"query": "\xff\xfe"}', id="not UTF-8"),
        pytest.param(b'{"query": "\\ud800"}', id="half a surrogate pair"),
        pytest.param('{"query": "{ number }"}'.encode("utf-16"), id="UTF-16"),
        pytest.param(b'{"query": "{ number }"', id="cut off"),
        pytest.param(b'{"query": "{ number }"} trailing', id="trailing text"),
        pytest.param(b'\xef\xbb\xbf{"query": "{ number }"}', id="a byte order mark"),
        pytest.param(b"\x00" * 64, id="NUL bytes"),
        pytest.param(b"{}", id="no query"),
        pytest.param(b'{"query": null}', id="query null"),
        pytest.param(b'{"query": "   "}', id="query blank"),
        pytest.param(b'{"query": {"a": 1}}', id="query an object"),
        pytest.param(b'{"query": "{ number }", "variables": "{}"}', id="variables as text"),
        pytest.param(b'{"query": "{ number }", "variables": []}', id="variables a list"),
        pytest.param(b'{"query": "{ number }", "operationName": 1}', id="operationName a number"),
        pytest.param(b'{"query": "{ number }", "extensions": []}', id="extensions a list"),
        pytest.param(
            orjson.dumps({"query": "{ number }", "variables": {"a": eval("[" * 60 + "]" * 60)}}),  # noqa: S307
            id="variables 60 deep",
        ),
    ],
)
def test_a_malformed_body_is_a_400_with_a_sentence(api: Api, body: bytes) -> None:
    for accept in ("application/json", "application/graphql-response+json"):
        response = api.send(body, accept=accept)
        assert response.status_code == 400
        assert response.headers["content-type"].startswith(accept)
        assert error_of(response)["extensions"]["code"] in {"INVALID", "LIMIT"}
        assert "data" not in response.json()


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("{ number(value: 99999999999) }", {}),
        ("{ number(value: 1e400) }", {}),
        ('{ number(value: "NaN") }', {}),
        ("query ($n: Int!) { number(value: $n) }", {"n": 2**40}),
        ("query ($n: Int!) { number(value: $n) }", {"n": 1.5}),
        ("query ($n: Int!) { number(value: $n) }", {"n": True}),
        ("query ($n: Int!) { number(value: $n) }", {"n": None}),
        ("query ($n: Int!) { number(value: $n) }", {}),
        ("query ($by: By!) { dealBy(by: $by) }", {"by": {}}),
        ("query ($by: By!) { dealBy(by: $by) }", {"by": {"id": "a", "name": "b"}}),
        ("query ($by: By!) { dealBy(by: $by) }", {"by": {"name": None}}),
        ("{ dealBy(by: {}) }", {}),
        ('{ dealBy(by: {id: "a", name: "b"}) }', {}),
        ("{ dealBy(by: {name: $undeclared}) }", {}),
        ("fragment f on Query { dealBy(by: {name: $undeclared}) } { ...f }", {}),
        ("query ($n: Nothing) { number(value: $n) }", {}),
        ("{ number @nothing }", {}),
        ("{ ...nothing }", {}),
        ("{ number { name } }", {}),
        ("{ deal }", {}),
        ("query a { number } query a { number }", {}),
        ("type Query { number: Int }", {}),
        ("{ number ", {}),
        ('{ deal(name: "unterminated) { name } }', {}),
        ("\x00{ number }", {}),
        ("{ number \u202e }", {}),
        ("mutation { rename }", {}),
        ("subscription { number }", {}),
    ],
)
def test_a_faulty_document_is_a_400_and_changes_nothing(api: Api, query: str, variables: dict[str, Any]) -> None:
    RENAMED.clear()
    response = api.client.post("/graphql", json={"query": query, "variables": variables}, headers=TYPED)
    assert response.status_code in {200, 400}, response.text
    errors = response.json()["errors"]
    assert {error["extensions"]["code"] for error in errors} <= {"INVALID", "LIMIT"}
    assert not response.json().get("data") or response.status_code == 400
    assert RENAMED == []


def test_one_of_several_operations_has_to_be_named(api: Api) -> None:
    body = {"query": "query a { number } query b { number(value: 2) }"}
    response = api.client.post("/graphql", json=body, headers=TYPED)
    assert response.status_code == 400
    assert "operationName" in error_of(response)["message"]
    named = api.client.post("/graphql", json={**body, "operationName": "b"}, headers=TYPED)
    assert named.json() == {"data": {"number": 2}}
    unknown = api.client.post("/graphql", json={**body, "operationName": "c"}, headers=TYPED)
    assert unknown.status_code == 400


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        "application/json; charset=latin-1",
    ],
)
def test_only_json_in_utf_8_is_taken(api: Api, content_type: str) -> None:
    response = api.send(b'{"query": "{ number }"}', content_type=content_type)
    assert response.status_code == 415
    assert error_of(response)["extensions"]["code"] == "INVALID"
    assert api.send(b'{"query": "{ number }"}', content_encoding="gzip").status_code == 415


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_only_post_is_taken(api: Api, method: str) -> None:
    response = api.client.request(method, "/graphql", params={"query": "{ number }"})
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"


def test_a_change_by_get_is_refused_where_questions_by_get_are_allowed(serve) -> None:
    api = serve(app_of(EndpointOptions(queries_by_get=True)))
    RENAMED.clear()
    assert api.client.get("/graphql", params={"query": "{ number }"}).json() == {"data": {"number": 1}}
    response = api.client.get("/graphql", params={"query": 'mutation { rename(name: "x") }'})
    assert response.status_code == 405
    assert RENAMED == []
    assert api.client.get("/graphql", params={"query": "{ number }", "variables": "{"}).status_code == 400


def test_a_body_beyond_the_limit_is_refused_by_its_declared_length_or_by_counting(api: Api) -> None:
    limit = 256 * 1024
    padding = b'{"query": "{ number }", "variables": {"x": "%s"}}'
    fits = padding % (b"x" * (limit - len(padding) + 2))
    assert len(fits) == limit
    assert api.send(fits).json() == {"data": {"number": 1}}
    assert api.send(fits + b" ").status_code == 413

    def chunks() -> Any:
        for _ in range(5):
            yield b" " * 65_536

    chunked = api.client.post("/graphql", content=chunks(), headers=TYPED)
    assert chunked.status_code == 413
    assert error_of(chunked)["extensions"]["code"] == "LIMIT"
    assert chunked.headers["connection"] == "close"
    assert api.ask("{ number }").status_code == 200


def talk(api: Api, sent: bytes) -> bytes:
    """Everything the service says to these bytes until it closes the connection."""
    host, _, port = api.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=10) as connection:
        connection.sendall(sent)
        received = b""
        while chunk := connection.recv(65_536):
            received += chunk
        return received


def test_a_declared_length_of_ten_gigabytes_is_refused_without_waiting_for_it(api: Api) -> None:
    head = (
        b"POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Content-Length: 10000000000\r\n\r\n{"
    )
    assert talk(api, head).startswith(b"HTTP/1.1 413 ")


def test_who_sends_too_much_at_once_still_reads_the_answer(api: Api) -> None:
    size = 3_000_000
    head = (
        b"POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\n\r\n" % size
    )
    assert talk(api, head + b" " * size).startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    "head",
    [
        b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Length: 1e3\r\n\r\n",
        b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n{}",
        b"POST /graphql HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/9.9\r\n\r\n",
    ],
)
def test_what_is_not_http_is_a_400_or_a_closed_connection(api: Api, head: bytes) -> None:
    answer = talk(api, head)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 400 ")
    assert api.ask("{ number }").status_code == 200


def test_a_body_that_dribbles_is_cut_at_the_deadline(serve) -> None:
    api = serve(app_of(EndpointOptions(seconds=0.3)))
    head = b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 30\r\n\r\n{"
    answer = talk(api, head)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b'"code":"INVALID"' in answer


def test_a_question_that_takes_too_long_is_a_503_that_says_when_to_come_back(serve) -> None:
    api = serve(app_of(EndpointOptions(seconds=0.2, more_seconds_for_writes=0.1)))
    response = api.ask("{ never }")
    assert response.status_code == 503
    assert response.headers["retry-after"] == "2"
    assert error_of(response)["extensions"]["code"] == "UNAVAILABLE"
    write = api.ask("mutation { neverEnds }")
    assert write.status_code == 503
    assert error_of(write)["extensions"]["code"] == "OUTCOME_UNKNOWN"


def test_a_caller_who_hangs_up_ends_the_question(serve) -> None:
    ended = threading.Event()
    app = app_of(EndpointOptions(seconds=60))

    async def watched(scope: Any, receive: Any, send: Any) -> None:
        await app(scope, receive, send)
        if scope["type"] == "http":
            ended.set()

    api = serve(watched)
    host, _, port = api.url.removeprefix("http://").partition(":")
    body = b'{"query": "{ never }"}'
    with socket.create_connection((host, int(port))) as connection:
        connection.sendall(
            b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            % (len(body), body)
        )
    assert ended.wait(10)


def test_a_guarded_document_is_refused_in_both_media_types(serve) -> None:
    api = serve(app_of(EndpointOptions(limits=Limits(aliases=1))))
    query = "{ a: number b: number }"
    assert api.ask(query).status_code == 200
    assert error_of(api.ask(query))["extensions"]["code"] == "LIMIT"
    typed = api.client.post("/graphql", json={"query": query}, headers=TYPED)
    assert typed.status_code == 400
    assert "data" not in typed.json()
