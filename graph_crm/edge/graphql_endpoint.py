"""GraphQL over HTTP: one operation per request, each fault with its own status and a sentence.

Follows the GraphQL over HTTP specification. Whatever arrives, the answer is a GraphQL response: what is wrong
with the request is a 4xx, what the service cannot do now is a 503, and what nobody foresaw is masked.
"""

from __future__ import annotations

import asyncio
import logging
import re
import uuid
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import orjson
import structlog
from graphql import GraphQLError, OperationType, get_operation_ast
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from strawberry import Schema
from strawberry.extensions import SchemaExtension
from strawberry.types import ExecutionResult
from strawberry.types.graphql import OperationType as AllowedOperation

from graph_crm.edge.document_guard import Limits
from graph_crm.edge.documents import Documents, Faulty
from graph_crm.edge.languages import language_of, weight_of
from graph_crm.errors import ErrorCode, Invalid, LimitReached, OutcomeUnknown, Refusal, Unavailable
from graph_crm.graph.gate import ending_at
from graph_crm.language import Language, say

log = structlog.stdlib.get_logger("graph_crm.graphql")

GRAPHQL_RESPONSE = "application/graphql-response+json"
JSON = "application/json"
NAMED = 2
INTERNAL = "INTERNAL"
MOST_ERRORS = 5
DEEPEST_VARIABLES = 32
MOST_BYTES_DISCARDED = 8 * 1024 * 1024
MOST_SECONDS_DISCARDED = 1.0
OPERATION_NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]{0,79}")
STATUS_OF_CODE = {
    ErrorCode.UNAUTHENTICATED: 401,
    ErrorCode.NOT_PERMITTED: 403,
    ErrorCode.OUTCOME_UNKNOWN: 503,
    ErrorCode.UNAVAILABLE: 503,
}


@dataclass(frozen=True, slots=True)
class EndpointOptions:
    """What an endpoint accepts and how long it works on one request, from its arrival on."""

    language: Language = Language.EN
    limits: Limits = field(default_factory=Limits)
    body_bytes: int = 256 * 1024
    seconds: float = 10.0
    # A write answers at its own deadline with the key under which it can be repeated; that answer goes first.
    more_seconds_for_writes: float = 5.0
    seconds_to_answer: float = 0.5
    queries_by_get: bool = False
    retry_after_seconds: int = 2


class HttpFault(Exception):
    """The request itself cannot be taken; nothing of it was executed."""

    def __init__(self, status: int, refusal: Refusal, **headers: str) -> None:
        self.status = status
        self.refusal = refusal
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        super().__init__(str(refusal))


@dataclass(frozen=True, slots=True)
class Question:
    """What one request asks."""

    query: str
    variables: dict[str, Any]
    operation_name: str | None


@dataclass(slots=True)
class Reading:
    """How the answer to one request is written."""

    language: Language
    media_type: str
    request_id: str
    arrived_at: float

    def response(
        self,
        status: int,
        *,
        errors: Sequence[Mapping[str, Any]] = (),
        headers: Mapping[str, str] | None = None,
        **data: Any,
    ) -> Response:
        body = {**({"errors": errors} if errors else {}), **data}
        return Response(
            orjson.dumps(body),
            status,
            {"cache-control": "no-store", "vary": "accept, accept-language", **(headers or {})},
            media_type=f"{self.media_type}; charset=utf-8",
        )

    def refused(self, status: int, refusal: Refusal, headers: Mapping[str, str] | None = None) -> Response:
        return self.response(status, errors=[refusal_error(refusal, self.language)], headers=headers)


class GuardedDocument(SchemaExtension):
    """Hands strawberry the document that was already parsed and validated, so that it does neither again."""

    def on_parse(self) -> Iterator[None]:
        extensions = self.execution_context.operation_extensions or {}
        self.execution_context.graphql_document = extensions.get("document")
        yield

    def on_validate(self) -> Iterator[None]:
        if (self.execution_context.operation_extensions or {}).get("document") is not None:
            self.execution_context.pre_execution_errors = []
        yield


class GraphQLEndpoint:
    """An ASGI application for `Route("/graphql")`."""

    def __init__(
        self, schema: Schema, context_for: Callable[[Request], Awaitable[Any]], options: EndpointOptions
    ) -> None:
        self.schema = schema
        self.context_for = context_for
        self.options = options
        self.documents = Documents(schema._schema, options.limits)  # noqa: SLF001 # pyright: ignore[reportPrivateUsage]
        self.methods = ("GET", "POST") if options.queries_by_get else ("POST",)
        if GuardedDocument not in schema.extensions:
            schema.extensions = (*schema.extensions, GuardedDocument)
        # It writes the text of queries and the causes of refusals; faults are logged here without either.
        logging.getLogger("strawberry.execution").disabled = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        response = await self.answer(request)
        if response is not None:
            await response(scope, receive, send)

    async def answer(self, request: Request) -> Response | None:
        """The response, or nothing when the caller has gone."""
        reading = Reading(
            language=language_of(request.headers, self.options.language),
            media_type=JSON,
            request_id=request_id_of(request),
            arrived_at=asyncio.get_running_loop().time(),
        )
        try:
            reading.media_type = media_type_of(request.headers)
            self.check_method(request)
            context = await self.asked_by(request, reading)
            reading.language = language_of(request.headers, getattr(context, "language", self.options.language))
            question = await self.question(request, reading)
            return await self.execute(request, question, context, reading)
        except HttpFault as fault:
            await discard(request)
            return reading.refused(fault.status, fault.refusal, fault.headers)
        except Refusal as refusal:
            await discard(request)
            status = STATUS_OF_CODE.get(refusal.code, 400)
            return reading.refused(status, refusal, self.headers_of(status))
        except ClientDisconnect:
            return None
        except Exception as fault:  # the edge is where every fault ends
            log.exception("A request failed outside its resolvers", exc_info=fault)
            return reading.response(500, errors=[masked(reading)])

    def headers_of(self, status: int) -> dict[str, str]:
        match status:
            case 401:
                return {"www-authenticate": 'Bearer realm="graph_crm"'}
            case 503:
                return {"retry-after": str(self.options.retry_after_seconds)}
            case _:
                return {}

    def check_method(self, request: Request) -> None:
        if request.method not in self.methods:
            raise HttpFault(405, Invalid("Send the query by POST, as a JSON object."), allow=", ".join(self.methods))
        if request.method == "GET":
            return
        media_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media_type != JSON:
            raise HttpFault(415, Invalid("Send the query as JSON, with Content-Type: application/json."))
        charset = re.search(r"charset\s*=\s*\"?([^\";\s]+)", request.headers.get("content-type", ""), re.I)
        if charset and charset[1].lower() not in {"utf-8", "utf8"}:
            raise HttpFault(415, Invalid("Send the query in UTF-8."))
        if request.headers.get("content-encoding", "identity").lower() != "identity":
            raise HttpFault(415, Invalid("Send the query uncompressed."))

    async def asked_by(self, request: Request, reading: Reading) -> Any:
        """The context of whoever asks, known before the request's time is over."""
        end = reading.arrived_at + self.options.seconds
        try:
            with ending_at(end):
                async with asyncio.timeout_at(end):
                    return await self.context_for(request)
        except TimeoutError:
            raise self.too_slow() from None

    def too_slow(self) -> Unavailable:
        return Unavailable(
            "The answer took longer than {seconds} seconds. Ask for less, or try again in a moment.",
            seconds=int(self.options.seconds),
        )

    async def question(self, request: Request, reading: Reading) -> Question:
        if request.method == "GET":
            return asked_by_get(request)
        return asked(parsed_json(await self.body(request, reading)))

    async def body(self, request: Request, reading: Reading) -> bytes:
        """The body, cut when it is too long or too slow."""
        declared = request.headers.get("content-length", "")
        if declared.isascii() and declared.isdigit() and len(declared) < 19:
            self.check_length(int(declared))
        body = bytearray()
        try:
            async with asyncio.timeout_at(reading.arrived_at + self.options.seconds):
                async for chunk in request.stream():
                    body += chunk
                    self.check_length(len(body))
        except TimeoutError:
            raise HttpFault(
                408,
                Invalid("The request did not arrive within {seconds} seconds.", seconds=int(self.options.seconds)),
                connection="close",
            ) from None
        return bytes(body)

    def check_length(self, length: int) -> None:
        if length > self.options.body_bytes:
            raise HttpFault(
                413,
                LimitReached("The request is larger than {limit} bytes. Split it.", limit=self.options.body_bytes),
                connection="close",
            )

    async def execute(self, request: Request, question: Question, context: Any, reading: Reading) -> Response | None:
        document = self.documents.check(question.query, question.variables)
        # In plain JSON a fault of the document is an answer like any other: proxies may rewrite a 4xx.
        fault_status = 400 if reading.media_type == GRAPHQL_RESPONSE else 200
        if isinstance(document, Refusal):
            return reading.refused(fault_status, document)
        if isinstance(document, Faulty):
            errors = [request_error(error, reading.language) for error in document.errors]
            return reading.response(fault_status, errors=errors)
        operation = get_operation_ast(document, question.operation_name)
        if operation is None:
            return reading.refused(
                fault_status,
                Invalid("The document holds several operations; name one of them in operationName.")
                if question.operation_name is None
                else Invalid("The document holds no operation of the name given in operationName."),
            )
        if operation.operation is OperationType.SUBSCRIPTION:
            return reading.refused(fault_status, Invalid("Subscriptions are not answered over plain HTTP."))
        writes = operation.operation is OperationType.MUTATION
        if writes and request.method == "GET":
            raise HttpFault(405, Invalid("Changes are sent by POST."), allow="POST")
        request.state.operation = operation.name.value if operation.name else operation.operation.value
        end = reading.arrived_at + self.options.seconds
        if writes:
            end += self.options.more_seconds_for_writes
        # The task takes its deadline along; the work below ends first, for a write's own answer holds its key.
        with ending_at(end - self.options.seconds_to_answer if writes else end):
            task = asyncio.create_task(
                self.schema.execute(
                    question.query,
                    variable_values=question.variables,
                    context_value=context,
                    operation_name=question.operation_name,
                    allowed_operation_types=(AllowedOperation.QUERY, AllowedOperation.MUTATION),
                    operation_extensions={"document": document},
                )
            )
        task.add_done_callback(seen)
        result = await self.in_time(task, request, end, writes=writes)
        return None if result is None else self.written(result, fault_status, reading)

    async def in_time(
        self, task: asyncio.Task[ExecutionResult], request: Request, end: float, *, writes: bool
    ) -> ExecutionResult | None:
        """The result, unless the deadline passes or, for a question, the caller goes first."""
        seconds = end - asyncio.get_running_loop().time()
        gone = None if writes else asyncio.create_task(disconnected(request.receive))
        try:
            waiting: set[asyncio.Task[Any]] = {task} if gone is None else {task, gone}
            await asyncio.wait(waiting, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if task.done():
                return task.result()
            if gone is not None and gone.done():
                return None
        finally:
            # Work in the database runs in a task of its own and ends by itself; this ends only the waiting.
            task.cancel()
            if gone is not None:
                gone.cancel()
        if writes:
            raise OutcomeUnknown(
                "The change took longer than {seconds} seconds; whether it was made is not known. "
                "Send it again with the same idempotencyKey.",
                seconds=int(self.options.seconds + self.options.more_seconds_for_writes),
            )
        raise self.too_slow()

    def written(self, result: ExecutionResult, fault_status: int, reading: Reading) -> Response:
        errors = result.errors or []
        if result.data is None and errors and all(error.path is None for error in errors):
            # Nothing was executed: the variables do not fit what the operation declares.
            faults = [execution_error(error, reading) for error in errors[:MOST_ERRORS]]
            ours = any(fault["extensions"]["code"] == INTERNAL for fault in faults)
            return reading.response(500 if ours else fault_status, errors=faults)
        written = [execution_error(error, reading) for error in errors]
        empty = result.data is None or all(value is None for value in result.data.values())
        status = 200
        if empty and any(error["extensions"]["code"] == ErrorCode.UNAVAILABLE for error in written):
            status = 503
        try:
            return reading.response(status, errors=written, headers=self.headers_of(status), data=result.data)
        except TypeError as fault:  # a value that JSON cannot hold, such as half of a surrogate pair
            log.exception("An answer could not be written", exc_info=fault)
            return reading.response(500, errors=[masked(reading)])


def graphql_endpoint(
    schema: Schema, context_for: Callable[[Request], Awaitable[Any]], options: EndpointOptions | None = None
) -> GraphQLEndpoint:
    """The endpoint for one schema. `context_for` says who asks, or refuses."""
    return GraphQLEndpoint(schema, context_for, options or EndpointOptions())


def media_type_of(headers: Headers) -> str:
    """The media type to answer in: plain JSON unless the caller asks for, or prefers, the GraphQL one."""
    accept = headers.get("accept", "*/*").strip() or "*/*"
    offers = {JSON: 0.0, GRAPHQL_RESPONSE: 0.0}
    precision = dict.fromkeys(offers, -1)
    for part in accept[:1000].split(","):
        name, _, parameters = part.partition(";")
        weight = weight_of(parameters)
        for offer in offers:
            match name.strip().lower():
                case exact if exact == offer:
                    closeness = NAMED
                case "application/*":
                    closeness = 1
                case "*/*":
                    closeness = 0
                case _:
                    continue
            if closeness > precision[offer]:
                precision[offer], offers[offer] = closeness, weight
    best = max(offers, key=lambda offer: (offers[offer], precision[offer], offer == GRAPHQL_RESPONSE))
    if precision[best] < NAMED:
        best = JSON if offers[JSON] > 0 else best
    if offers[best] == 0:
        raise HttpFault(
            406, Invalid("The answer is JSON: accept application/json or application/graphql-response+json.")
        )
    return best


def parsed_json(body: bytes) -> object:
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Invalid("The request is not JSON that can be read.") from None


def asked(body: object) -> Question:
    if isinstance(body, list):
        raise Invalid("One operation in each request: send an object, not a list.")
    if not isinstance(body, dict):
        raise Invalid('Send a JSON object with the query as text: {{"query": "…"}}.')
    parameters = cast("dict[str, object]", body)
    query = parameters.get("query")
    if not isinstance(query, str) or not query.strip():
        raise Invalid('Send a JSON object with the query as text: {{"query": "…"}}.', field=["query"])
    variables = parameters.get("variables")
    if variables is not None and not isinstance(variables, dict):
        raise Invalid("The variables are a JSON object.", field=["variables"])
    name = parameters.get("operationName")
    if name is not None and not isinstance(name, str):
        raise Invalid("The operationName is text.", field=["operationName"])
    if not isinstance(parameters.get("extensions"), dict | None):
        raise Invalid("The extensions are a JSON object.", field=["extensions"])
    given = cast("dict[str, Any]", variables or {})
    check_nesting(given)
    return Question(query, given, name or None)


def asked_by_get(request: Request) -> Question:
    parameters: dict[str, object] = {}
    for name in ("query", "operationName", "variables", "extensions"):
        text = request.query_params.get(name)
        if text:
            parameters[name] = parsed_json(text.encode()) if name in {"variables", "extensions"} else text
    return asked(parameters)


def check_nesting(variables: dict[str, Any]) -> None:
    """Refuses variables so deep that reading them as nested inputs would exhaust the stack."""
    level: list[object] = [variables]
    for _ in range(DEEPEST_VARIABLES):
        below: list[object] = []
        for value in level:
            if isinstance(value, dict):
                below.extend(cast("dict[str, object]", value).values())
            elif isinstance(value, list):
                below.extend(cast("list[object]", value))
        if not below:
            return
        level = below
    raise LimitReached(
        "The variables are nested more than {limit} levels deep. Flatten them.",
        limit=DEEPEST_VARIABLES,
        field=["variables"],
    )


def seen(task: asyncio.Task[Any]) -> None:
    """A task that was no longer waited for may fail in silence: its answer is already given."""
    if not task.cancelled():
        task.exception()


async def discard(request: Request) -> None:
    """Takes in what is still being sent, within bounds: closing on unread data loses the answer."""
    if "content-length" not in request.headers and "transfer-encoding" not in request.headers:
        return
    taken = 0
    try:
        async with asyncio.timeout(MOST_SECONDS_DISCARDED):
            async for chunk in request.stream():
                taken += len(chunk)
                if taken > MOST_BYTES_DISCARDED:
                    return
    except (TimeoutError, ClientDisconnect, RuntimeError):  # RuntimeError: it was read to its end before
        return


async def disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


def request_id_of(request: Request) -> str:
    known = getattr(request.state, "request_id", None)
    return known if isinstance(known, str) else uuid.uuid4().hex


def refusal_error(refusal: Refusal, language: Language) -> dict[str, Any]:
    extensions: dict[str, Any] = {"code": refusal.code.value}
    if refusal.field:
        extensions["field"] = list(refusal.field)
    if refusal.candidates:
        extensions["candidates"] = list(refusal.candidates)
    return {"message": refusal.sentence.read(language), "extensions": extensions}


def request_error(error: GraphQLError, language: Language) -> dict[str, Any]:
    """GraphQL's own words on a document, which name its author's mistake, or those of a value that is refused."""
    cause = cause_of(error)
    if isinstance(cause, Refusal):
        return {**location_of(error), **refusal_error(cause, language)}
    return {**location_of(error), "message": error.message, "extensions": {"code": ErrorCode.INVALID.value}}


def execution_error(error: GraphQLError, reading: Reading) -> dict[str, Any]:
    """An error of one field: a refusal and GraphQL's own words as they are, anything else masked."""
    where = location_of(error)
    if error.path is not None:
        where["path"] = error.path
    cause = cause_of(error)
    # Without a path it is about a variable; what is wrong with its value is said, whoever found it.
    if isinstance(cause, Refusal | GraphQLError) or (error.path is None and error.nodes):
        return {**where, **request_error(error, reading.language)}
    log.error("A field failed", path=".".join(str(step) for step in error.path or ()), exc_info=cause)
    return {**where, **masked(reading)}


def cause_of(error: GraphQLError) -> Exception:
    cause: Exception = error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    return cause


def location_of(error: GraphQLError) -> dict[str, Any]:
    if not error.locations:
        return {}
    return {"locations": [{"line": place.line, "column": place.column} for place in error.locations]}


def masked(reading: Reading) -> dict[str, Any]:
    sentence = say(
        "Something went wrong on our side. Who runs the service finds the cause in its log under {id}.",
        id=reading.request_id,
    )
    return {
        "message": sentence.read(reading.language),
        "extensions": {"code": INTERNAL, "id": reading.request_id},
    }
