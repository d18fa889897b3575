"""The house of architecture.md: floors, slices, and who may know what."""

from __future__ import annotations

import ast

from tests.contract.source import (
    FLOOR_OF_FOLDER,
    FLOOR_OF_MODULE,
    FLOORS,
    SLICES,
    called,
    floor_of,
    imports,
    modules,
    slice_of,
    text,
)

QUESTIONS_ELSEWHERE: dict[str, str] = {
    "graph_crm.team.readers": "who may see and change a record: every slice's writes ask it in their transaction",
    "graph_crm.changes.sources": "where a record came from: every slice's writes note it in their transaction",
}
"""Modules that are no store and no part of the graph, and yet load statements: name -> why."""


def upward(name: str, target: str) -> bool:
    """Whether this import climbs to a floor above its own."""
    own, other = floor_of(name), floor_of(target)
    return own is not None and other is not None and FLOORS.index(other) > FLOORS.index(own)


def rightward(name: str, target: str) -> bool:
    own, other = slice_of(name), slice_of(target)
    return own is not None and other is not None and SLICES.index(other) > SLICES.index(own)


def test_imports_go_down_the_floors() -> None:
    climbing = [
        f"{name} imports {target}" for name, m in modules().items() for target in imports(m) if upward(name, target)
    ]
    assert climbing == []


def test_imports_go_left_along_the_slices() -> None:
    crossing = [
        f"{name} imports {target}"
        for name, module in modules().items()
        for target in imports(without_lazy_types(name, module))
        if rightward(name, target)
    ]
    assert crossing == []


def without_lazy_types(name: str, module: ast.Module) -> ast.Module:
    """The one exception: `graphql.py` may point at a wire type further right through `strawberry.lazy`."""
    if not name.endswith(".graphql"):
        return module
    lazy = {
        text(node.args[0])
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "strawberry.lazy" and node.args
    }
    kept: list[ast.stmt] = []
    for node in module.body:
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            kept += [one for one in node.body if not (isinstance(one, ast.ImportFrom) and one.module in lazy)]
        else:
            kept.append(node)
    return ast.Module(body=kept, type_ignores=[])


def test_only_what_is_named_lazily_may_stand_further_right() -> None:
    module = ast.parse(
        """
if TYPE_CHECKING:
    from graph_crm.paths.graphql import WarmPath
    from graph_crm.stakeholders.graphql import StakeholderMap
def warm(self) -> Annotated[WarmPath, strawberry.lazy("graph_crm.paths.graphql")]: ...
"""
    )
    assert list(imports(without_lazy_types("graph_crm.ties.graphql", module))) == ["graph_crm.stakeholders.graphql"]
    assert len(list(imports(without_lazy_types("graph_crm.ties.service", module)))) == 2


def test_the_check_sees_a_climb_and_a_crossing() -> None:
    assert upward("graph_crm.accounts.store", "graph_crm.accounts.service")
    assert not upward("graph_crm.accounts.service", "graph_crm.accounts.store")
    assert rightward("graph_crm.accounts.service", "graph_crm.paths.service")
    assert not rightward("graph_crm.paths.service", "graph_crm.accounts.service")


def outside(module: ast.Module) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(module):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            found.add(node.module.split(".")[0])
    return found


def test_only_the_graph_knows_the_driver() -> None:
    knowing = [name for name, module in modules().items() if "neo4j" in outside(module) and floor_of(name) != "graph"]
    assert knowing == []


def test_only_the_wire_knows_strawberry() -> None:
    allowed = {"context", "graphql", "schema", "edge", "commands"}
    knowing = [
        name
        for name, module in modules().items()
        if "strawberry" in outside(module) and floor_of(name) not in allowed
    ]
    assert knowing == []


def test_only_the_edge_knows_starlette() -> None:
    knowing = [
        name
        for name, module in modules().items()
        if {"starlette", "uvicorn"} & outside(module) and floor_of(name) not in {"edge", "commands"}
    ]
    assert knowing == []


def test_every_folder_of_the_package_is_a_slice_or_a_known_room() -> None:
    rooms = {name.split(".")[1] for name in modules() if name.count(".") >= 2}
    assert rooms <= {*SLICES, "graph", "edge", "commands", "demo"}


def test_every_module_at_the_top_stands_on_a_floor() -> None:
    folders = {name.split(".")[1] for name in modules() if name.count(".") >= 2}
    top = {name.split(".")[1] for name in modules() if name.count(".") == 1}
    assert top - folders == set(FLOOR_OF_MODULE)
    assert set(FLOOR_OF_FOLDER) <= folders


def loads_statements(module: ast.Module) -> bool:
    return any(isinstance(node, ast.Call) and called(node) in {"query", "statement"} for node in ast.walk(module))


def test_only_stores_and_the_graph_load_statements() -> None:
    loading = {
        name
        for name, module in modules().items()
        if floor_of(name) not in {"store", "graph"} and loads_statements(module)
    }
    assert loading == set(QUESTIONS_ELSEWHERE)


def test_the_check_sees_a_statement_that_a_service_loads() -> None:
    assert loads_statements(ast.parse('OF_IDS = query("accounts/of_ids", Account)'))
    assert not loads_statements(ast.parse("rows = await store.of_ids(graph, ids)"))
