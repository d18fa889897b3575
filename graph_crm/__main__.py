"""The command line: one group of commands per module of `graph_crm.commands`."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command

from graph_crm.commands.terminal import ended, written

MODULES = {
    "db": "db:app",
    "user": "user:app",
    "team": "team:app",
    "key": "key:app",
    "tie": "tie:app",
    "ties": "tie:all_ties",
    "query": "query:app",
    "doctor": "doctor:app",
    "import": "imports:app",
    "map": "maps:app",
    "paths": "paths:app",
    "serve": "serve:app",
    "demo": "demo:app",
}


class Commands(TyperGroup):
    """The commands by name. Each is loaded when it is called: nobody waits for the libraries of another one."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given)
        self.commands = dict[str, Any].fromkeys(MODULES)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        if cmd_name in MODULES and self.commands[cmd_name] is None:
            module, _, attribute = MODULES[cmd_name].partition(":")
            command = get_command(getattr(import_module(f"graph_crm.commands.{module}"), attribute))
            command.name = cmd_name
            self.commands[cmd_name] = command
        return super().get_command(ctx, cmd_name)


app = typer.Typer(
    name="graph-crm",
    cls=Commands,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help=written("A relationship graph for business-to-business sales, on Neo4j."),
    epilog=written(
        "Exit status of every command: 0 done; 1 refused; 2 wrong usage; 3 not available now; "
        "4 done, but not all of it; 70 a fault of graph-crm; 130 stopped by Ctrl-C."
    ),
)


# Without commands or a callback of its own it would not be a group.
@app.callback()
def group() -> None: ...


def main() -> None:
    sys.exit(ended(app))


if __name__ == "__main__":
    main()
