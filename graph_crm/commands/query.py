"""`graph-crm query`: the same API without HTTP."""

from __future__ import annotations

import logging
import sys
from collections.abc import Mapping
from typing import Annotated, Any, cast

import orjson
import typer
from graphql import GraphQLError
from strawberry.types import ExecutionResult

from graph_crm.commands.connection import As, Session, run
from graph_crm.commands.terminal import ExitStatus, language, written
from graph_crm.context import Context
from graph_crm.errors import Invalid, Refusal
from graph_crm.schema import schema

app = typer.Typer(add_completion=False)


@app.command(
    help=written("Ask the API without HTTP and print the answer as JSON. GRAPHQL is the document, or - to read it."),
    epilog=written(
        "Example: graph-crm query '{{ viewer {{ user {{ displayName }} }} }}' --as anna@ours.example\n\n"
        "Exit status: 0 answered; 1 the answer has errors or userErrors; 2 wrong usage; "
        "3 the database cannot be reached."
    ),
)
def query(
    document: Annotated[str, typer.Argument(metavar="GRAPHQL", show_default=False)],
    *,
    variables: Annotated[
        str | None, typer.Option(metavar="JSON", help=written("The values of the document's variables."))
    ] = None,
    acting: As = None,
) -> None:
    given = variables_of(variables)
    text = sys.stdin.read() if document == "-" else document
    # It writes the text of queries; the errors are printed below.
    logging.getLogger("strawberry.execution").disabled = True

    async def work(session: Session) -> ExecutionResult:
        context = Context(session.graph, session.viewer, session.settings, language())
        return await schema.execute(text, variable_values=given, context_value=context)

    result = run(work, acting)
    answer: dict[str, Any] = {"data": result.data}
    if result.errors:
        answer["errors"] = [shown(error) for error in result.errors]
    sys.stdout.write(orjson.dumps(answer, option=orjson.OPT_INDENT_2).decode() + "\n")
    if result.errors or refused(result.data):
        raise typer.Exit(ExitStatus.REFUSED)


def variables_of(text: str | None) -> dict[str, Any]:
    """The variables from JSON text."""
    if text is None:
        return {}
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        raise Invalid("The variables are not JSON that can be read.") from None
    if not isinstance(found, dict):
        raise Invalid("The variables are a JSON object.")
    return cast("dict[str, Any]", found)


def shown(error: GraphQLError) -> dict[str, Any]:
    """One error as it is printed: a refusal in the reader's language, anything else as it is."""
    cause = error.original_error
    if cause is not None and not isinstance(cause, Refusal):
        raise cause
    refusal = cause
    written_error: dict[str, Any] = {
        "message": error.message if refusal is None else refusal.sentence.read(language()),
        "extensions": {"code": "INVALID" if refusal is None else refusal.code.value},
    }
    if error.path is not None:
        written_error["path"] = list(error.path)
    return written_error


def refused(value: Any) -> bool:
    """Whether some payload in an answer carries userErrors."""
    if isinstance(value, Mapping):
        fields = cast("Mapping[str, Any]", value)
        return bool(fields.get("userErrors")) or any(refused(field) for field in fields.values())
    return isinstance(value, list) and any(refused(item) for item in cast("list[Any]", value))
