"""Each service function asks for a permission on its first line, or is named here with its reason."""

from __future__ import annotations

import ast

from tests.contract.source import floor_of, modules

UNASKED: dict[str, str] = {
    "graph_crm.changes.service.forget_receipts": "the service itself, every hour",
    "graph_crm.team.service.find_key": "nobody is known to be asking yet",
    "graph_crm.team.service.viewer_of_user": "makes the viewer",
    "graph_crm.team.service.only_administrator": "chooses who acts on the machine itself",
    "graph_crm.team.service.share_as": "the service itself, at its start",
    "graph_crm.team.service.rebuild_readers": "the service itself, and doctor on the machine",
    "graph_crm.team.service.keep_up": "the service itself, every hour",
}
"""Public service functions that ask nobody: full name -> why."""


def asks(function: ast.AsyncFunctionDef | ast.FunctionDef) -> bool:
    """Whether the first statement after the docstring is `viewer.require(…)`."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return bool(body) and ast.unparse(body[0]).startswith("viewer.require(")


def public_functions() -> dict[str, ast.AsyncFunctionDef]:
    return {
        f"{name}.{node.name}": node
        for name, module in modules().items()
        if floor_of(name) == "service"
        for node in module.body
        if isinstance(node, ast.AsyncFunctionDef) and not node.name.startswith("_")
    }


def takes_a_viewer(function: ast.AsyncFunctionDef) -> bool:
    return any(argument.arg == "viewer" for argument in (*function.args.args, *function.args.kwonlyargs))


def test_each_service_function_asks_for_permission_first() -> None:
    silent = [
        name
        for name, function in public_functions().items()
        if takes_a_viewer(function) and not asks(function) and name not in UNASKED
    ]
    assert silent == []


def test_functions_without_a_viewer_are_for_the_service_itself() -> None:
    """A function that takes no viewer runs inside somebody's write, or at the start: each is named."""
    unnamed = [
        name
        for name, function in public_functions().items()
        if not takes_a_viewer(function)
        and not any(argument.arg == "write" for argument in function.args.args)
        and name not in UNASKED
    ]
    assert unnamed == []


def test_the_check_sees_a_silent_function() -> None:
    silent = ast.parse("async def rename(graph, viewer):\n    return await store.rename(graph)").body[0]
    asking = ast.parse(
        "async def rename(graph, viewer):\n    '''Doc.'''\n    viewer.require(P.X)\n    return 1"
    ).body[0]
    assert isinstance(silent, ast.AsyncFunctionDef)
    assert isinstance(asking, ast.AsyncFunctionDef)
    assert not asks(silent)
    assert asks(asking)
