"""The web server: uvicorn, less patient with senders that dribble their headers."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from graph_crm.edge.logs import configure_logs
from graph_crm.settings import Settings

HEADER_SECONDS = 10.0
HEADER_BYTES = 64 * 1024
IDLE_SECONDS = 30
LAST_SECONDS = 20


class ImpatientProtocol(HttpToolsProtocol):
    """Closes a connection whose request head takes too long or is too large: neither has a limit in uvicorn."""

    def __init__(self, *positional: Any, **named: Any) -> None:
        super().__init__(*positional, **named)
        self._head_bytes = 0
        self._head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # pyright: ignore[reportIncompatibleMethodOverride]
        super().connection_made(transport)
        self._await_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._head_timer is not None:
            self._head_bytes += len(data)
        super().data_received(data)
        if self._head_timer is not None and self._head_bytes > HEADER_BYTES:
            self._cut()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        if self._head_timer is None:
            self._await_head()

    def on_headers_complete(self) -> None:
        self._stop_waiting()
        super().on_headers_complete()

    def _await_head(self) -> None:
        self._head_bytes = 0
        self._head_timer = self.loop.call_later(HEADER_SECONDS, self._cut)

    def _stop_waiting(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _cut(self) -> None:
        self._stop_waiting()
        if not self.transport.is_closing():
            self.transport.abort()


def serve(app: ASGIApp, settings: Settings) -> None:
    """Serves until a signal ends it. All lines of the process go to one place first, so none shows too much."""
    configure_logs(settings.log_format)
    host, port = settings.listen_address
    server_for(app, host, port).run()


def server_for(app: ASGIApp, host: str, port: int) -> uvicorn.Server:
    """A server that is not yet running; `serve()` runs it until a signal, letting open requests end."""
    return uvicorn.Server(
        uvicorn.Config(
            app,
            host=host,
            port=port,
            http=ImpatientProtocol,
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_keep_alive=IDLE_SECONDS,
            timeout_graceful_shutdown=LAST_SECONDS,
            proxy_headers=False,
        )
    )


def address_of(server: uvicorn.Server) -> tuple[str, int]:
    """Where a running server listens: the port is the real one when a free one was asked for."""
    listening: socket.socket = server.servers[0].sockets[0]
    return listening.getsockname()[:2]
