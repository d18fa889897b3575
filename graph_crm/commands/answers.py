"""An answer of the API in the terminal, as JSON."""

from __future__ import annotations

from typing import Any

import orjson

from graph_crm.commands.connection import Session
from graph_crm.context import Context
from graph_crm.errors import Refusal
from graph_crm.language import Language
from graph_crm.schema import schema


async def json_of(session: Session, document: str, variables: dict[str, Any], told: Language) -> str:
    """The one field that the document asks for, as the API answers it."""
    context = Context(session.graph, session.viewer, session.settings, told)
    result = await schema.execute(document, variable_values=variables, context_value=context)
    for error in result.errors or []:
        if isinstance(error.original_error, Refusal):
            raise error.original_error
        raise error
    [field] = (result.data or {}).values()
    return orjson.dumps(field, option=orjson.OPT_INDENT_2).decode()
