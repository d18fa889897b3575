"""Free space is watched before Neo4j runs out of it: afterwards it answers nothing until it is started again."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Final

from graph_crm.errors import Unavailable

GIGABYTE: Final = 1_000_000_000
LEAST_FREE_BYTES: Final = GIGABYTE


def free_bytes(folder: Path) -> int:
    """Free space where the folder is, or will be once it is made."""
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free


def is_nearly_full(folder: Path) -> bool:
    """Whether less than one gigabyte is free."""
    return free_bytes(folder) < LEAST_FREE_BYTES


def refuse_full_disk(folder: Path, *, needed: int = 0) -> None:
    """Refuse when less than one gigabyte would stay free after what is about to be written."""
    free = free_bytes(folder)
    if free - needed < LEAST_FREE_BYTES:
        raise Unavailable(
            "Too little space is left on the disk of {folder}: {free} GB free, {wanted} GB needed. "
            "Free some and start again.",
            folder=str(folder),
            free=free / GIGABYTE,
            wanted=(LEAST_FREE_BYTES + needed) / GIGABYTE,
        )
