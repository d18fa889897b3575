"""Install locked libraries with pip: one line of progress, and one sentence when it fails.

Run by the Makefile, with nothing but the standard library: `python .ci/install.py requirements.lock`, or with
the arguments of `pip install` for anything else.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

LOG = Path(sys.prefix) / "install.log"

REASONS = (
    (r"No space left on device|Disk quota exceeded", "The disk is full: make room, then run make again."),
    (
        r"DO NOT MATCH THE HASHES",
        "A downloaded library is not the locked one, so it was refused: check your proxy or package mirror.",
    ),
    (
        r"NewConnectionError|NameResolutionError|Name or service not known|Temporary failure in name resolution"
        r"|Network is unreachable|ConnectTimeoutError|ReadTimeoutError|ProxyError|Connection refused|SSLError"
        r"|Connection aborted|IncompleteRead",
        "The Python package index cannot be reached: check the network or your proxy, then run make again.",
    ),
    (r"Permission denied", "The folder of the installation cannot be written to: check who owns it."),
    (
        r"No matching distribution found|Failed building wheel|Failed to build|subprocess-exited-with-error",
        "A library has no ready-made package for this system and Python: use CPython 3.11, 3.12 or 3.13.",
    ),
)


class Progress:
    """One line that is written over on a terminal; a few lines elsewhere."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.seen = 0
        self.megabytes = 0.0
        self.told = -1

    def follow(self, line: str) -> None:
        if re.match(r"\s*(Collecting|Requirement already satisfied:?) ", line):
            self.seen = min(self.seen + 1, self.total)
        elif found := re.match(r"\s*Downloading .*\(([\d.]+) ([kM])B\)", line):
            self.megabytes += float(found[1]) / (1000 if found[2] == "k" else 1)
        elif line.startswith("Installing collected packages"):
            self.show("writing them to the disk")
            return
        else:
            return
        self.show("")

    def show(self, doing: str) -> None:
        text = f"  {self.seen} of {self.total} libraries, {self.megabytes:.0f} MB downloaded"
        text += f"; {doing}" if doing else ""
        if sys.stderr.isatty():
            sys.stderr.write(f"\r{text:<78}")
        elif doing or self.seen * 4 // self.total > self.told:
            self.told = self.seen * 4 // self.total
            sys.stderr.write(f"{text}\n")
        sys.stderr.flush()

    def end(self) -> None:
        if self.total > 1 and sys.stderr.isatty():
            sys.stderr.write("\n")


def run(command: list[str], progress: Progress | None) -> int:
    """Pip's own words go to the log; what they mean is shown."""
    environment = {**os.environ, "PYTHONUNBUFFERED": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    with (
        LOG.open("w", encoding="utf-8") as log,
        subprocess.Popen(  # noqa: S603  # The words of the Makefile.
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            errors="replace",
            env=environment,
        ) as pip,
    ):
        for line in pip.stdout or ():
            log.write(line)
            if progress is not None:
                progress.follow(line)
    if progress is not None:
        progress.end()
    return pip.returncode


def reason(lines: Iterable[str]) -> str:
    """What to do about it, in one sentence."""
    text = "\n".join(lines)
    return next(
        (sentence for pattern, sentence in REASONS if re.search(pattern, text)),
        "The libraries could not be installed.",
    )


def main(arguments: list[str]) -> int:
    pip = [sys.executable, "-m", "pip", "install", "--no-input", "--progress-bar", "off"]
    progress = None
    if arguments[0].endswith(".lock"):
        lock = Path(arguments[0])
        progress = Progress(len(re.findall(r"^\S+==", lock.read_text("utf-8"), re.MULTILINE)))
        arguments = ["--require-hashes", "--only-binary=:all:", "--requirement", str(lock)]
    try:
        status = run([*pip, *arguments], progress)
    except KeyboardInterrupt:
        return 130
    except OSError as problem:
        sys.stderr.write(f"{reason([str(problem)])}\n")
        return 1
    if status != 0:
        sentence = reason(LOG.read_text("utf-8").splitlines())
        sys.stderr.write(f"{sentence} What pip said is in {LOG}.\n")
    return min(status, 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
