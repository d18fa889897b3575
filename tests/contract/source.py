"""What the contract tests read: the modules of the package, what each imports, and the texts it says."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "graph_crm"
CYPHER = ROOT / "cypher"

SLICES = (
    "changes", "fields", "team", "accounts", "contacts", "opportunities", "ties", "activities", "search",
    "stakeholders", "paths", "insights", "duplicates", "imports", "privacy",
)  # fmt: skip

FLOORS = ("ground", "graph", "rules", "store", "service", "context", "graphql", "schema", "edge", "commands")

FLOOR_OF_MODULE = {
    "language": "ground", "errors": "ground", "settings": "ground",
    "viewer": "graph", "context": "context", "wire": "graphql", "filters": "graphql",
    "vocabulary": "graphql", "schema": "schema",
    "app": "edge",
    "__main__": "commands",
}  # fmt: skip
FLOOR_OF_FOLDER = {"graph": "graph", "edge": "edge", "commands": "commands", "demo": "commands"}


@cache
def modules() -> dict[str, ast.Module]:
    """Each module of the package by its dotted name, parsed."""
    found: dict[str, ast.Module] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = ast.parse(path.read_text("utf-8"))
    return found


def imports(module: ast.Module) -> Iterator[str]:
    """The modules of ours that a module imports when it runs or for its types."""
    for node in ast.walk(module):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("graph_crm"):
            yield node.module
            for alias in node.names:
                if f"{node.module}.{alias.name}" in modules():
                    yield f"{node.module}.{alias.name}"
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("graph_crm"))


def slice_of(name: str) -> str | None:
    parts = name.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in SLICES else None


def floor_of(name: str) -> str | None:
    """The floor a module stands on; None for the package itself and for a slice's empty `__init__`."""
    parts = name.split(".")
    if len(parts) == 1:
        return None
    if parts[1] in FLOOR_OF_MODULE and len(parts) == 2:
        return FLOOR_OF_MODULE[parts[1]]
    if parts[1] in FLOOR_OF_FOLDER:
        return FLOOR_OF_FOLDER[parts[1]]
    if len(parts) == 2:
        return None
    return {"store": "store", "listing": "store", "service": "service", "graphql": "graphql"}.get(parts[2], "rules")


def called(node: ast.Call) -> str:
    """The last name of what is called: `say` for `say(…)`, `changed` for `write.changed(…)`."""
    return node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")


REFUSALS = {
    "Refusal", "Invalid", "NotFound", "NotPermitted", "Unauthenticated", "Conflict", "Ambiguous", "Duplicate",
    "LimitReached", "OutcomeUnknown", "Unavailable",
}  # fmt: skip


def text(node: ast.expr) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


@cache
def said() -> dict[str, tuple[str, str | None]]:
    """Every text that a reader may see: English -> (the module that says it, its plural)."""
    found: dict[str, tuple[str, str | None]] = {}
    for name, module in modules().items():
        for node in ast.walk(module):
            if not isinstance(node, ast.Call) or not node.args:
                continue
            one = text(node.args[0])
            if one is None:
                continue
            if called(node) == "say_in":
                found[text(node.args[1]) or ""] = (name, None)
            elif called(node) == "say_plural":
                found[one] = (name, text(node.args[1]))
            elif called(node) in {"say", "written"} or called(node) in REFUSALS:
                found[one] = (name, None)
    return found
