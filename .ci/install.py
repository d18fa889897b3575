"""Install locked libraries into this environment: a few lines of progress, and one sentence when it fails.

Run by the Makefile, with nothing but the standard library: `python .ci/install.py requirements.lock`, or with the
arguments of `pip install` for anything else. uv, locked as well, does it within seconds. Pip does it where pip was
told of an index or a proxy of its own, and wherever uv cannot.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

LOG = Path(sys.prefix) / "install.log"
TOOLS = Path("requirements-dev.lock")
PIP = [sys.executable, "-m", "pip", "install", "--quiet", "--no-input", "--progress-bar", "off"]
LOCKED = ["--require-hashes", "--only-binary=:all:", "--requirement"]

NO_NETWORK = (
    r"NewConnectionError|NameResolutionError|Name or service not known|Temporary failure in name resolution|"
    r"Network is unreachable|ConnectTimeoutError|ReadTimeoutError|ProxyError|Connection refused|SSLError|"
    r"Connection aborted|IncompleteRead"
)
REASONS = (
    (r"No space left on device|Disk quota exceeded", "The disk is full: make room, then run make again."),
    (r"DO NOT MATCH THE HASHES", "A downloaded library is not the locked one and was refused: check your proxy."),
    (
        NO_NETWORK,
        "The Python package index cannot be reached: check the network or the proxy, then run make again.",
    ),
    (r"Permission denied", "The folder of the installation cannot be written to: check who owns it."),
    (
        r"No matching distribution found",
        "A library has no package for this system and Python: take CPython 3.11, 3.12 or 3.13.",
    ),
)


def run(command: list[str], **settings: str) -> int:
    """The tool's own words go to the log; of them, large downloads are shown."""
    environment = {**os.environ, "PIP_DISABLE_PIP_VERSION_CHECK": "1", **settings}
    with (
        LOG.open("a", encoding="utf-8") as log,
        subprocess.Popen(  # noqa: S603  # The words of the Makefile.
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            text=True,
            errors="replace",
            env=environment,
        ) as tool,
    ):
        for line in tool.stdout or ():
            log.write(line)
            if line.startswith("Downloading "):
                sys.stderr.write(f"  {line.strip()}\n")
                sys.stderr.flush()
    return tool.returncode


def pip_settings() -> dict[str, str]:
    """What pip was told by files and variables: `index-url`, `proxy`, `cert` …"""
    command = [sys.executable, "-m", "pip", "config", "list"]
    listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout  # noqa: S603
    return dict(re.findall(r"^[^=\n]*\.([\w-]+)='(.*)'$", listed, re.MULTILINE))


def install_with_uv(lock: str) -> bool:
    """Whether uv did it."""
    told = pip_settings()
    if {"index-url", "extra-index-url", "no-index", "proxy"} & set(told):
        return False
    block = re.search(r"^uv==(?:.*\\\n)*.*\n", TOOLS.read_text("utf-8"), re.MULTILINE)
    if block is None:
        return False
    wanted = Path(sys.prefix) / "uv.lock"
    wanted.write_text(block[0], "utf-8")
    if run([*PIP, *LOCKED, str(wanted)]) != 0:
        return False
    settings = {"SSL_CERT_FILE": told["cert"]} if "cert" in told else {}
    uv = [sys.executable, "-m", "uv", "pip", "install", "--python", sys.executable, *LOCKED, lock]
    return run(uv, **settings) == 0


def main(arguments: list[str]) -> int:
    try:
        LOG.write_text("", "utf-8")
        if arguments[0].endswith(".lock"):
            if install_with_uv(arguments[0]):
                return 0
            arguments = [*LOCKED, arguments[0]]
        if run([*PIP, *arguments]) == 0:
            return 0
        text = LOG.read_text("utf-8")
    except KeyboardInterrupt:
        return 130
    except OSError as problem:
        text = str(problem)
    found = (sentence for pattern, sentence in REASONS if re.search(pattern, text))
    sentence = next(found, "The libraries could not be installed.")
    sys.stderr.write(f"{sentence} Details: {LOG}\n")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
