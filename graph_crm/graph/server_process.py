"""The database's process: started apart from ours, recognised for certain, ended only when it is our own."""

from __future__ import annotations

import contextlib
import signal
import subprocess
from pathlib import Path

import psutil

# Ended children stay in the process table until they are asked for; keeping them here lets us ask.
_children: dict[int, subprocess.Popen[bytes]] = {}


def start(command: list[str], *, output: Path, folder: Path) -> int:
    """Start a process that outlives ours and that a Ctrl-C in our terminal does not reach."""
    output.parent.mkdir(parents=True, exist_ok=True)
    with output.open("ab") as stream:
        child = subprocess.Popen(  # noqa: S603  # Java, our argument file and our folders.
            command,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            cwd=folder,
            start_new_session=True,
        )
    _children[child.pid] = child
    return child.pid


def is_server(pid: int, home_argument: str) -> bool:
    """Whether that process lives and is the Neo4j of this very home.

    The number alone says nothing: after a crash it may belong to somebody else's process.
    """
    if (child := _children.get(pid)) is not None:
        if child.poll() is None:
            # Ours for certain; between its start and its first instruction it has no command line to read yet.
            return True
        del _children[pid]
        return False
    try:
        process = psutil.Process(pid)
        return process.status() != psutil.STATUS_ZOMBIE and home_argument in process.cmdline()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


def stop(pid: int, home_argument: str, *, seconds: float) -> bool:
    """Ask the server to end and wait for it; False when it is still there after that time."""
    return _end(pid, home_argument, signal.SIGTERM, seconds)


def kill(pid: int, home_argument: str) -> None:
    """End the server at once, as for one that was only just started and leads nowhere."""
    _end(pid, home_argument, signal.SIGKILL, 10)


def _end(pid: int, home_argument: str, how: signal.Signals, seconds: float) -> bool:
    if not is_server(pid, home_argument):
        return True
    try:
        process = psutil.Process(pid)
        process.send_signal(how)
        process.wait(seconds)
    except psutil.NoSuchProcess:
        pass
    except psutil.TimeoutExpired:
        return False
    if (child := _children.pop(pid, None)) is not None:
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(1)
    return True
