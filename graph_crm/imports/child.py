"""Files are read in a process of their own, which may use only so much memory and time.

What a file makes of the machine then ends with that process, and the refusal is the same sentence as any other.
"""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from typing import Final

from graph_crm.errors import LimitReached
from graph_crm.imports.reading import read_files
from graph_crm.imports.types import BrokenFiles, Problem, Sheet

MEMORY_BYTES: Final = 4 * 1024**3
PROCESSOR_SECONDS: Final = 300


def read_apart(paths: Sequence[Path]) -> list[Sheet]:
    """The sheets of these files. Raises `BrokenFiles`, or a refusal when they ask for too much."""
    # A fresh interpreter: a copy of this one would carry its threads' locks.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context, initializer=limit_this_process) as pool:
        try:
            found = pool.submit(sheets_or_problems, list(paths)).result()
        except (BrokenProcessPool, MemoryError):
            raise LimitReached(
                "These files need more memory or time than reading may take. Split them. Nothing was imported."
            ) from None
    sheets, problems = found
    if problems:
        raise BrokenFiles.of(problems)
    return sheets


def sheets_or_problems(paths: list[Path]) -> tuple[list[Sheet], list[Problem]]:
    """The same as `read_files`, as values that can be handed to another process."""
    try:
        return read_files(paths), []
    except BrokenFiles as broken:
        return [], broken.problems


def limit_this_process() -> None:
    """Let the operating system end this process when it takes too much; where it cannot, nothing is limited."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (PROCESSOR_SECONDS, PROCESSOR_SECONDS))
