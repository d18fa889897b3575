from __future__ import annotations

import socket

import pytest

from graph_crm.edge import server
from tests.edge.small_service import Api


def connected(api: Api) -> socket.socket:
    host, _, port = api.url.removeprefix("http://").partition(":")
    return socket.create_connection((host, int(port)), timeout=10)


def closed(connection: socket.socket) -> bool:
    try:
        return connection.recv(1_000) == b""
    except ConnectionResetError:
        return True


def answered(connection: socket.socket) -> bool:
    received = b""
    while not received.endswith(b'{"data":{"number":1}}'):
        received += (chunk := connection.recv(1_000))
        if not chunk:
            return False
    return True


@pytest.mark.parametrize("sent", [b"", b"POST /graphql HTTP/1.1\r\nHost: a\r\nX-Slow: "])
def test_a_sender_that_never_ends_its_head_is_cut(api: Api, monkeypatch: pytest.MonkeyPatch, sent: bytes) -> None:
    monkeypatch.setattr(server, "HEADER_SECONDS", 0.2)
    with connected(api) as connection:
        connection.sendall(sent)
        assert closed(connection)
    assert api.ask("{ number }").status_code == 200


def test_a_head_without_end_is_cut_at_its_size(api: Api, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "HEADER_SECONDS", 1_000)
    with connected(api) as connection:
        try:
            connection.sendall(b"POST /graphql HTTP/1.1\r\nHost: a\r\n")
            for _ in range(64):
                connection.sendall(b"X-Long: " + b"x" * 4_000 + b"\r\n")
        except ConnectionError:
            return
        assert closed(connection)


def test_a_connection_is_used_again_after_a_pause_longer_than_a_head_may_take(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server, "HEADER_SECONDS", 0.2)
    body = b'{"query": "{ number }"}'
    head = b"POST /graphql HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
    with connected(api) as connection, connected(api) as idle:
        connection.sendall(head % len(body) + body)
        assert answered(connection)
        assert closed(idle)  # which took longer than a head may take
        connection.sendall(head % len(body) + body)
        assert answered(connection)
