"""Which web pages and which host names may use the service.

A page of another origin is refused unless its origin is allowed by `GRAPH_CRM_ALLOWED_ORIGINS`. A service that
only this machine reaches answers only to this machine's names: otherwise a page could reach it by giving its
own host name this machine's address.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

import orjson
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graph_crm.edge.languages import language_of
from graph_crm.errors import ErrorCode
from graph_crm.language import Language, Sentence, say

OWN_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})
ALLOWED_HEADERS = "authorization, content-type, accept, accept-language, x-request-id"
EXPOSED_HEADERS = "x-request-id, retry-after"
OPEN_PATHS = ("/health/",)


class Origins:
    """Refuses strange origins and, on loopback, strange host names; tells browsers what is allowed."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        allowed: Sequence[str] = (),
        development: bool = False,
        loopback: bool = False,
        language: Language = Language.EN,
    ) -> None:
        self.app = app
        self.allowed = {origin.rstrip("/").lower() for origin in allowed}
        self.development = development
        self.hosts = OWN_NAMES | {host_name(urlsplit(origin).netloc) for origin in self.allowed} if loopback else None
        self.language = language

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in {"http", "websocket"} or scope["path"].startswith(OPEN_PATHS):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if self.hosts is not None and host_name(host) not in self.hosts:
            sentence = say(
                "This service answers on this machine only. To reach it as {host}, "
                "add https://{host} to GRAPH_CRM_ALLOWED_ORIGINS.",
                host=shown(host),
            )
            await self.refuse(421, sentence, scope, receive, send)
            return
        origin = headers.get("origin")
        if origin is None:
            await self.app(scope, receive, send)
            return
        if not self.allows(origin, host):
            sentence = say(
                "Pages of {origin} may not use this service. Whoever runs it can allow them "
                "with GRAPH_CRM_ALLOWED_ORIGINS.",
                origin=shown(origin),
            )
            await self.refuse(403, sentence, scope, receive, send)
            return
        if scope["type"] == "websocket":
            await self.app(scope, receive, send)
            return
        if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            await Response(status_code=204, headers=preflight(origin))(scope, receive, send)
            return

        async def send_with_origin(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                answer["access-control-allow-origin"] = origin
                answer["access-control-expose-headers"] = EXPOSED_HEADERS
                answer.add_vary_header("origin")
            await send(message)

        await self.app(scope, receive, send_with_origin)

    def allows(self, origin: str, host: str) -> bool:
        origin = origin.lower()
        if origin in self.allowed:
            return True
        parts = urlsplit(origin)
        if parts.scheme not in {"http", "https"}:
            return False  # "null" too: the origin of sandboxed pages and files
        if parts.netloc == host.lower():
            return True
        return self.development and host_name(parts.netloc) in OWN_NAMES

    async def refuse(self, status: int, sentence: Sentence, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        language = language_of(Headers(scope=scope), self.language)
        error = {"message": sentence.read(language), "extensions": {"code": ErrorCode.NOT_PERMITTED.value}}
        body = orjson.dumps({"errors": [error]})
        headers = {"vary": "origin", "cache-control": "no-store", "connection": "close"}
        await Response(body, status, headers, media_type="application/json")(scope, receive, send)


def preflight(origin: str) -> dict[str, str]:
    return {
        "access-control-allow-origin": origin,
        "access-control-allow-methods": "POST, GET",
        "access-control-allow-headers": ALLOWED_HEADERS,
        "access-control-max-age": "600",
        "vary": "origin",
    }


def host_name(netloc: str) -> str:
    """A host without its port, in lower case; an IPv6 address keeps its brackets."""
    netloc = netloc.lower()
    if netloc.startswith("["):
        return netloc.partition("]")[0] + "]"
    return netloc.partition(":")[0]


def shown(name: str) -> str:
    """A name that somebody sent, short and printable enough for a sentence."""
    return "".join(letter for letter in name[:100] if letter.isprintable())
