"""The command line: one group of commands per module of `graph_crm.commands`."""

from __future__ import annotations

import sys

import typer

from graph_crm.commands import db, demo, doctor, imports, key, maps, paths, query, serve, team, tie, user
from graph_crm.commands.terminal import ended, written

app = typer.Typer(
    name="graph-crm",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help=written("A relationship graph for business-to-business sales, on Neo4j."),
    epilog=written(
        "Exit status of every command: 0 done; 1 refused; 2 wrong usage; 3 not available now; "
        "70 a fault of graph-crm."
    ),
)
app.add_typer(db.app, name="db")
app.add_typer(user.app, name="user")
app.add_typer(team.app, name="team")
app.add_typer(key.app, name="key")
app.add_typer(tie.app, name="tie")
app.add_typer(tie.all_ties, name="ties")
app.add_typer(query.app)
app.add_typer(doctor.app)
app.add_typer(imports.app)
app.add_typer(maps.app)
app.add_typer(paths.app)
app.add_typer(serve.app)
app.add_typer(demo.app)


def main() -> None:
    sys.exit(ended(app))


if __name__ == "__main__":
    main()
