"""What every command of the terminal shares: its language, its progress, and how it ends."""

from __future__ import annotations

import sys
import traceback
from collections.abc import Callable, Generator
from contextlib import contextmanager
from enum import IntEnum
from functools import cache
from typing import LiteralString

from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TransferSpeedColumn

from graph_crm.errors import ErrorCode, Invalid, Refusal
from graph_crm.language import Language, Sentence, say
from graph_crm.settings import Settings, default_home, read_settings


class ExitStatus(IntEnum):
    """Scripts may rely on these."""

    DONE = 0
    REFUSED = 1
    USAGE = 2
    UNAVAILABLE = 3
    PARTLY = 4
    FAULT = 70
    INTERRUPTED = 130


def settings() -> Settings:
    """The settings of this command, or one sentence about the first that is wrong."""
    try:
        return read_settings()
    except ValidationError as problem:
        error = problem.errors()[0]
        names = "_".join(str(part) for part in error["loc"]).upper()
        raise Invalid(
            "The setting {name} is wrong: {reason}.",
            name=f"GRAPH_CRM_{names}" if names else "GRAPH_CRM",
            reason=error["msg"],
        ) from problem


@cache
def language() -> Language:
    """The language of the settings; English while they cannot be read."""
    try:
        return read_settings().language
    except (ValidationError, OSError):
        return Language.EN


def written(text: LiteralString) -> str:
    """A help text in the language of the settings."""
    return say(text).read(language())


def tell(sentence: Sentence) -> None:
    """An answer, on standard output."""
    sys.stdout.write(sentence.read(language()) + "\n")


class TerminalProgress:
    """Announcements and bars, on standard error so that answers can be piped."""

    def announce(self, sentence: Sentence) -> None:
        sys.stderr.write(sentence.read(language()) + "\n")
        sys.stderr.flush()

    @contextmanager
    def bytes(self, total: int) -> Generator[Callable[[int], None]]:
        columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn())
        with Progress(*columns, console=Console(stderr=True)) as bar:
            task = bar.add_task("", total=total)

            def advance(number: int) -> None:
                bar.advance(task, number)

            yield advance


def status_of(refusal: Refusal) -> ExitStatus:
    """Which exit status says it: 3 when trying again later may help, else 1."""
    later = refusal.code in {ErrorCode.UNAVAILABLE, ErrorCode.OUTCOME_UNKNOWN}
    return ExitStatus.UNAVAILABLE if later else ExitStatus.REFUSED


def ended(command: Callable[[], object]) -> int:
    """Run a command; whatever goes wrong, the person reads one sentence and the script gets a status."""
    try:
        command()
    except Refusal as refusal:
        sys.stderr.write(refusal.sentence.read(language()) + "\n")
        return status_of(refusal)
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else ExitStatus.DONE
    except OSError as problem:
        if problem.filename is None:
            return _fault()
        refused = say("{file} cannot be used: {reason}.", file=str(problem.filename), reason=problem.strerror)
        sys.stderr.write(refused.read(language()) + "\n")
        return ExitStatus.UNAVAILABLE
    except Exception:  # noqa: BLE001  # The last place before the person: a trace would help nobody there.
        return _fault()
    return ExitStatus.DONE


def _fault() -> int:
    trace = traceback.format_exc()
    try:
        log = settings().home / "logs" / "faults.log"
        log.parent.mkdir(parents=True, exist_ok=True)
    except (Refusal, OSError):
        log = default_home() / "faults.log"
    try:
        with log.open("a", encoding="utf-8") as stream:
            stream.write(trace + "\n")
    except OSError:
        sys.stderr.write(trace)
    else:
        fault = say("Something went wrong inside graph-crm. What is known of it is in {log}.", log=str(log))
        sys.stderr.write(fault.read(language()) + "\n")
    return ExitStatus.FAULT
