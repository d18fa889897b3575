"""The public jars a Neo4j is made of: a locked list, fetched once into the user's cache and checked every time."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cached_property
from importlib import resources
from pathlib import Path
from threading import Event
from typing import Final

import requests
from jgo import constants
from requests.adapters import HTTPAdapter

from graph_crm.errors import Invalid, Refusal, Unavailable
from graph_crm.graph.disk import refuse_full_disk
from graph_crm.graph.file_lock import locked
from graph_crm.graph.progress import Progress
from graph_crm.language import say

DEFAULT_VERSION: Final = "5.26.30"
# Eight at a time took 2.6 s where twenty-four took 36 s.
DOWNLOADS_AT_ONCE: Final = 8
ATTEMPTS: Final = 3
PAUSE_SECONDS: Final = 0.5
CONNECTION_SECONDS: Final = 10
SILENCE_SECONDS: Final = 30
CHUNK_BYTES: Final = 256 * 1024
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


class DamagedFile(Exception):
    """What arrived is not the file that was locked."""


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
    source: str = constants.MAVEN_CENTRAL_URL,
) -> list[Path]:
    """The files of the set, in the order of the class path; what is missing or damaged is downloaded."""
    folder = (cache or cache_folder()) / "jars"
    folder.mkdir(parents=True, exist_ok=True)
    # One process downloads; whoever comes meanwhile waits and finds the files there.
    with locked(folder / "download.lock"):
        missing = [jar for jar in jar_set.jars if not is_sound(folder / jar.path, jar)]
        if missing:
            _download(jar_set, missing, folder, progress, source)
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


def _download(jar_set: JarSet, missing: list[Jar], folder: Path, progress: Progress, source: str) -> None:
    size = sum(jar.size for jar in missing)
    refuse_full_disk(folder, needed=size)
    if len(missing) == len(jar_set.jars):
        announcement = say(
            "Neo4j {version}: {count} files, {size} MiB, once.",
            version=jar_set.version,
            count=len(missing),
            size=round(size / MEBIBYTE),
        )
    else:
        announcement = say(
            "Neo4j {version}: {count} of {all} files are still missing, {size} MiB.",
            version=jar_set.version,
            count=len(missing),
            all=len(jar_set.jars),
            size=max(1, round(size / MEBIBYTE)),
        )
    progress.announce(announcement)
    with progress.bytes(size) as advance, requests.Session() as session:
        adapter = HTTPAdapter(pool_maxsize=DOWNLOADS_AT_ONCE)
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        download = _Download(session, source, folder, advance)
        with ThreadPoolExecutor(DOWNLOADS_AT_ONCE) as pool:
            waiting = [pool.submit(download.receive, jar) for jar in missing]
            try:
                for future in waiting:
                    future.result()
            except BaseException as problem:
                download.stopped.set()
                pool.shutdown(cancel_futures=True)
                if (refusal := _refusal(problem, jar_set)) is not None:
                    raise refusal from problem
                raise


@dataclass(frozen=True, slots=True)
class _Download:
    session: requests.Session
    source: str
    folder: Path
    advance: Callable[[int], None]
    stopped: Event = field(default_factory=Event)

    def receive(self, jar: Jar) -> None:
        """One file, tried again when the connection breaks or the content is wrong."""
        for attempt in range(1, ATTEMPTS + 1):
            received = [0]
            try:
                self._receive_once(jar, received)
            except (requests.RequestException, DamagedFile):
                self.advance(-received[0])
                if attempt == ATTEMPTS or self.stopped.wait(PAUSE_SECONDS * attempt):
                    raise
            else:
                return

    def _receive_once(self, jar: Jar, received: list[int]) -> None:
        file = self.folder / jar.path
        file.parent.mkdir(parents=True, exist_ok=True)
        part = file.with_name(file.name + ".part")
        digest = hashlib.sha256()
        with (
            self.session.get(
                f"{self.source}/{jar.path}", stream=True, timeout=(CONNECTION_SECONDS, SILENCE_SECONDS)
            ) as response,
            part.open("wb") as stream,
        ):
            response.raise_for_status()
            for chunk in response.iter_content(CHUNK_BYTES):
                if self.stopped.is_set():
                    return
                stream.write(chunk)
                digest.update(chunk)
                received[0] += len(chunk)
                self.advance(len(chunk))
        if digest.hexdigest() != jar.sha256:
            part.unlink()
            raise DamagedFile(jar.name)
        part.replace(file)


def _refusal(problem: BaseException, jar_set: JarSet) -> Refusal | None:
    match problem:
        case DamagedFile():
            return Unavailable(
                "{file} of Neo4j {version} arrived {attempts} times with other content than the checked one: "
                "something between may alter downloads.",
                file=str(problem),
                version=jar_set.version,
                attempts=ATTEMPTS,
            )
        case requests.HTTPError():
            return Unavailable(
                "The repository of Java packages refused a file of Neo4j {version} ({status}). "
                "Check the network or its proxy, then start again; what has arrived is kept.",
                version=jar_set.version,
                status=str(problem.response.status_code) if problem.response is not None else "?",
            )
        case requests.RequestException():
            return Unavailable(
                "The files of Neo4j {version} could not be downloaded: no connection. "
                "Check the network or its proxy, then start again; what has arrived is kept.",
                version=jar_set.version,
            )
        case OSError():
            return Unavailable(
                "The files of Neo4j {version} could not be written: {reason}.",
                version=jar_set.version,
                reason=problem.strerror or str(problem),
            )
        case _:
            return None
