"""What the service writes about itself: one line for each request, each with the id that its caller can quote.

No line holds the text of a query, its variables, a header or a key.
"""

from __future__ import annotations

import logging
import re
import sys
import time
import uuid
from typing import Any, TextIO

import orjson
import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from structlog.typing import EventDict, Processor

from graph_crm.settings import LogFormat

log = structlog.stdlib.get_logger("graph_crm.http")

REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{7,127}")
QUIET_PATHS = ("/health/",)


def configure_logs(log_format: LogFormat, stream: TextIO | None = None, *, level: int = logging.INFO) -> None:
    """Sends every line of this process, those of libraries included, to one stream in one form."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.stdlib.ExtraAdder(),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *last_steps(log_format)],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    # Its lines repeat ours, and hold the whole address with any query in it.
    logging.getLogger("uvicorn.access").disabled = True


def last_steps(log_format: LogFormat) -> list[Processor]:
    if log_format is LogFormat.JSON:
        return [
            structlog.processors.format_exc_info,
            structlog.processors.EventRenamer("message"),
            structlog.processors.JSONRenderer(serializer=json_line),
        ]
    return [
        one_line_values,
        structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback),
    ]


def json_line(event: EventDict, **_: Any) -> str:
    return orjson.dumps(event, default=str).decode()


def one_line_values(_: Any, __: str, event: EventDict) -> EventDict:
    """Keeps a value from looking like another line, or from steering the terminal that shows it."""
    return {
        name: "".join(letter if letter.isprintable() else "�" for letter in value)
        if isinstance(value, str) and name != "exception"
        else value
        for name, value in event.items()
    }


def request_id_of(headers: Headers) -> str:
    """The caller's own request id when it is well-formed, else a new one."""
    given = headers.get("x-request-id", "")
    return given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex


class RequestLog:
    """Gives each request its id and writes its line. What is known later stands in the request's state."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = request_id_of(Headers(scope=scope))
        # A copy: the server gives every request the same state of its lifespan.
        state = scope["state"] = dict(scope.get("state") or {})
        state["request_id"] = request_id
        status: list[int] = []
        begun = time.perf_counter()

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                status.append(message["status"])
                MutableHeaders(scope=message)["x-request-id"] = request_id
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id):
            try:
                await self.app(scope, receive, send_with_id)
            finally:
                details = {name: state[name] for name in ("operation", "viewer_id") if state.get(name)}
                quiet = scope["path"].startswith(QUIET_PATHS) and status == [200]
                log.log(
                    logging.DEBUG if quiet else logging.INFO,
                    "request",
                    method=scope["method"],
                    path=scope["path"][:200],
                    status=status[0] if status else None,
                    milliseconds=round((time.perf_counter() - begun) * 1000, 1),
                    **details,
                )
