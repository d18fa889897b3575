"""A lock between processes that ends with its holder, however that ends."""

from __future__ import annotations

import importlib.util
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from graph_crm.errors import Unavailable


def refuse_other_systems() -> None:
    # Elsewhere the service runs against a given database, which needs no lock.
    if importlib.util.find_spec("fcntl") is None:
        raise Unavailable(
            "The local database runs on Linux and macOS. On Windows use WSL, "
            "or name a Neo4j with GRAPH_CRM_NEO4J_URI."
        )


@contextmanager
def locked(file: Path) -> Generator[None]:
    """Wait until nobody else holds the file's lock, then hold it."""
    refuse_other_systems()
    import fcntl

    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("ab") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        yield


def held_by_another(file: Path) -> bool:
    """Whether a process holds a record lock on the file, as a running Neo4j does on its store."""
    import fcntl

    try:
        with file.open("r+b") as stream:
            fcntl.lockf(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError:
        return True
    return False
