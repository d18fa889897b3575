"""Fetch locked jars from their public repository, several at a time, each checked before it is kept."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from typing import Final

import requests
from jgo import constants
from requests.adapters import HTTPAdapter

from graph_crm.errors import Refusal, Unavailable
from graph_crm.graph.disk import refuse_full_disk
from graph_crm.graph.jars import MEBIBYTE, Jar, JarSet
from graph_crm.graph.progress import Progress
from graph_crm.language import say

# Eight at a time took 2.6 s where twenty-four took 36 s.
DOWNLOADS_AT_ONCE: Final = 8
ATTEMPTS: Final = 3
PAUSE_SECONDS: Final = 0.5
CONNECTION_SECONDS: Final = 10
SILENCE_SECONDS: Final = 30
CHUNK_BYTES: Final = 256 * 1024


class DamagedFile(Exception):
    """What arrived is not the file that was locked."""


def download(jar_set: JarSet, missing: list[Jar], folder: Path, progress: Progress, source: str | None) -> None:
    """Fetch what is missing; what has arrived before something went wrong is kept."""
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
        work = _Download(session, source or constants.MAVEN_CENTRAL_URL, folder, advance)
        with ThreadPoolExecutor(DOWNLOADS_AT_ONCE) as pool:
            waiting = [pool.submit(work.receive, jar) for jar in missing]
            try:
                for future in waiting:
                    future.result()
            except BaseException as problem:
                work.stopped.set()
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
