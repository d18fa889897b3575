"""The public jars a Neo4j is made of: a locked list, fetched once into the user's cache and checked every time."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Final

from graph_crm.errors import Invalid
from graph_crm.graph.file_lock import locked
from graph_crm.graph.progress import Progress

DEFAULT_VERSION: Final = "5.26.30"
MEBIBYTE: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Jar:
    sha256: str
    size: int
    path: str

    @property
    def name(self) -> str:
        return self.path.rpartition("/")[2]


@dataclass(frozen=True)
class JarSet:
    """Everything one version of Neo4j needs, in the order of the class path."""

    version: str
    java: tuple[int, ...]
    main_class: str
    jars: tuple[Jar, ...]

    @cached_property
    def size(self) -> int:
        return sum(jar.size for jar in self.jars)


def cache_folder() -> Path:
    """Where files are kept that can be fetched again: shared by every home of this user."""
    base = os.environ.get("XDG_CACHE_HOME")
    return (Path(base) if base else Path.home() / ".cache") / "graph_crm"


def locked_versions() -> list[str]:
    names = [entry.name for entry in resources.files("graph_crm.graph").joinpath("jar_locks").iterdir()]
    return sorted(name.removeprefix("neo4j-").removesuffix(".lock") for name in names if name.endswith(".lock"))


def jar_set(version: str) -> JarSet:
    """The locked list of one version. A version without a list is refused: nothing unchecked is ever started."""
    known = locked_versions()
    if version not in known:
        raise Invalid(
            "Neo4j {version} is not among the versions that graph-crm starts: {known}.",
            version=version,
            known=known,
        )
    text = resources.files("graph_crm.graph").joinpath("jar_locks", f"neo4j-{version}.lock").read_text("utf-8")
    return parsed(version, text)


def runs_data_of(version: str) -> str:
    """The version to run data of an earlier one with: the same, else the nearest later one with a list."""
    later = [known for known in locked_versions() if numbers(known) >= numbers(version)]
    return min(later, key=numbers, default=version)


def numbers(version: str) -> tuple[int, ...]:
    """A version as it compares: 5.26.30 is after 5.26.4."""
    return tuple(int(part) for part in version.split("."))


def parsed(version: str, text: str) -> JarSet:
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    heads = dict(line.split(" ", 1) for line in lines if line.startswith(("java ", "main-class ")))
    jars = [Jar(*_columns(line)) for line in lines[len(heads) :]]
    return JarSet(
        version=version,
        java=tuple(int(number) for number in heads["java"].split()),
        main_class=heads["main-class"],
        jars=tuple(jars),
    )


def _columns(line: str) -> tuple[str, int, str]:
    sha256, size, path = line.split(" ", 2)
    return sha256, int(size), path


def fetched(
    jar_set: JarSet,
    progress: Progress,
    *,
    cache: Path | None = None,
    source: str | None = None,
) -> list[Path]:
    """The files of the set, in the order of the class path; what is missing or damaged is downloaded."""
    folder = (cache or cache_folder()) / "jars"
    folder.mkdir(parents=True, exist_ok=True)
    # One process downloads; whoever comes meanwhile waits and finds the files there.
    with locked(folder / "download.lock"):
        missing = [jar for jar in jar_set.jars if not is_sound(folder / jar.path, jar)]
        if missing:
            # Seldom needed, and slow to import.
            from graph_crm.graph.download import download

            download(jar_set, missing, folder, progress, source)
    return [folder / jar.path for jar in jar_set.jars]


def is_sound(file: Path, jar: Jar) -> bool:
    try:
        with file.open("rb") as stream:
            return (
                os.fstat(stream.fileno()).st_size == jar.size
                and hashlib.file_digest(stream, "sha256").hexdigest() == jar.sha256
            )
    except OSError:
        return False
