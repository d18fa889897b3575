"""The whole database in one file, with its users and the password of ours, and back again."""

from __future__ import annotations

import hashlib
import json
import os
import re
import tarfile
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Final

from graph_crm.errors import Conflict, Invalid, NotFound, Unavailable
from graph_crm.graph.disk import refuse_full_disk
from graph_crm.graph.local_server import DATABASE, Installation, LocalServer, write_private
from graph_crm.graph.progress import Progress
from graph_crm.graph.readiness import Address, connected, free_port
from graph_crm.language import say

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
KEY_FILE: Final = "database-password"
DUMPS: Final = ("neo4j.dump", "system.dump")
CHUNK_BYTES: Final = 1024 * 1024
# A manifest is a few hundred bytes; a file that claims more is not one of ours.
LARGEST_MANIFEST: Final = 100_000


@dataclass(frozen=True, slots=True)
class Counts:
    nodes: int
    relationships: int
    users: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Manifest:
    format: int
    version: str
    counts: Counts
    sha256: dict[str, str]


def counted(address: Address) -> Counts:
    """What the database holds, from its own counters and user list."""
    with connected(address) as driver:
        nodes = driver.execute_query("MATCH (node) RETURN count(node) AS count", database_=DATABASE)
        relationships = driver.execute_query("MATCH ()-[tie]->() RETURN count(tie) AS count", database_=DATABASE)
        users = driver.execute_query("SHOW USERS YIELD user", database_="system")
    return Counts(
        nodes=nodes.records[0]["count"],
        relationships=relationships.records[0]["count"],
        users=tuple(sorted(row["user"] for row in users.records)),
    )


def backup(server: LocalServer, file: Path, progress: Progress) -> Manifest:
    """Save the database; it is stopped meanwhile, and started again if it ran."""
    file = file.expanduser().absolute()
    if file.exists():
        raise Conflict("{file} exists already: nothing was saved. Choose another name.", file=str(file))
    if not file.parent.is_dir():
        raise NotFound("There is no folder {folder}: nothing was saved.", folder=str(file.parent))
    with server.alone():
        if not server.has_data:
            raise NotFound("{home} holds no database yet: there is nothing to save.", home=str(server.home))
        refuse_full_disk(file.parent, needed=_size(server.folder / "data" / "databases"))
        ran = server.stop()
        try:
            return _save(server, file, progress)
        finally:
            if ran:
                server.start(progress)


def _save(server: LocalServer, file: Path, progress: Progress) -> Manifest:
    installation = server.installed(progress)
    # On a port that nobody knows, so that no write comes between counting and saving. It also
    # recovers a store that was killed, which the tool would refuse to save.
    try:
        counts = counted(server.start(progress, port=free_port()))
    finally:
        server.stop()
    with _scratch(file.parent) as folder:
        progress.announce(say("The database is saved."))
        server.tool(installation, "database", "dump", "*", f"--to-path={folder}")
        write_private(folder / KEY_FILE, server.password() + "\n")
        sha256 = {name: _digest(folder / name) for name in (*DUMPS, KEY_FILE)}
        manifest = Manifest(FORMAT, installation.version, counts, sha256)
        write_private(folder / MANIFEST, json.dumps(asdict(manifest), indent=2) + "\n")
        part = folder / "archive.part"
        # Whoever reads the archive can sign in to the database.
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream, tarfile.open(fileobj=stream, mode="w") as archive:
            for name in (MANIFEST, *DUMPS, KEY_FILE):
                archive.add(folder / name, arcname=name, filter=_without_owner)
        part.replace(file)
    return manifest


def restore(server: LocalServer, file: Path, progress: Progress) -> Manifest:
    """Fill an empty home from a saved file, check it, and leave the database running."""
    file = file.expanduser().absolute()
    with server.alone():
        if server.has_data:
            raise Conflict(
                "{home} already holds a database: nothing was restored. Restore into an empty home, "
                "or empty this one first: graph-crm db reset",
                home=str(server.home),
            )
        server.refuse_used_store()
        server.home.mkdir(parents=True, exist_ok=True)
        with _scratch(server.home) as folder:
            manifest = _unpacked(file, folder)
            server.wanted_version = server.wanted_version or _version(manifest)
            installation = server.installed(progress)
            try:
                _load(server, installation, folder, manifest, progress)
            except BaseException:
                server.stop()
                # The home was empty before.
                server.clear()
                raise
    return manifest


def _load(
    server: LocalServer, installation: Installation, folder: Path, manifest: Manifest, progress: Progress
) -> None:
    server.configure(installation, free_port())
    write_private(server.password_file, (folder / KEY_FILE).read_text("utf-8"))
    server.remember_version(manifest.version)
    progress.announce(say("The database is restored."))
    server.tool(installation, "database", "load", "*", f"--from-path={folder}", "--overwrite-destination=true")
    progress.announce(say("The restored database is checked."))
    for name in (DATABASE, "system"):
        server.tool(installation, "database", "check", name, f"--report-path={server.logs_folder}")
    found = counted(server.start(progress))
    if found != manifest.counts:
        raise Unavailable(
            "The restored database holds {found} nodes and {found_ties} relationships where {saved} and {saved_ties} "
            "were saved: it was not kept.",
            found=found.nodes,
            found_ties=found.relationships,
            saved=manifest.counts.nodes,
            saved_ties=manifest.counts.relationships,
        )


def _unpacked(file: Path, folder: Path) -> Manifest:
    """Only the files that belong to a backup, each as it was saved."""
    if not file.is_file():
        raise NotFound("There is no file {file}.", file=str(file))
    refuse_full_disk(folder, needed=2 * file.stat().st_size)
    try:
        with tarfile.open(file, mode="r:") as archive:
            manifest = _manifest(_member(archive, MANIFEST).read(LARGEST_MANIFEST))
            for name in (*DUMPS, KEY_FILE):
                _copy(_member(archive, name), folder / name)
    except (tarfile.TarError, KeyError, ValueError, TypeError) as problem:
        raise Invalid("{file} is not a backup made by graph-crm.", file=str(file)) from problem
    for name, digest in manifest.sha256.items():
        if name not in (*DUMPS, KEY_FILE) or _digest(folder / name) != digest:
            raise Invalid("{file} is damaged: {name} is not as it was saved.", file=str(file), name=name)
    return manifest


def _member(archive: tarfile.TarFile, name: str) -> IO[bytes]:
    stream = archive.extractfile(name)
    if stream is None:
        raise KeyError(name)
    return stream


def _manifest(text: bytes) -> Manifest:
    raw: dict[str, Any] = json.loads(text)
    counts: dict[str, Any] = raw["counts"]
    if raw["format"] != FORMAT or set(raw["sha256"]) != {*DUMPS, KEY_FILE}:
        raise ValueError(raw["format"])
    if re.fullmatch(r"[0-9]+(\.[0-9]+){1,3}", raw["version"]) is None:
        raise ValueError(raw["version"])
    return Manifest(
        format=FORMAT,
        version=raw["version"],
        counts=Counts(counts["nodes"], counts["relationships"], tuple(counts["users"])),
        sha256=dict(raw["sha256"]),
    )


def _version(manifest: Manifest) -> str:
    from graph_crm.graph.jars import runs_data_of

    return runs_data_of(manifest.version)


def _copy(source: IO[bytes], target: Path) -> None:
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with source, os.fdopen(descriptor, "wb") as stream:
        while chunk := source.read(CHUNK_BYTES):
            stream.write(chunk)


def _digest(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _without_owner(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


@contextmanager
def _scratch(folder: Path) -> Generator[Path]:
    """A private folder on the same disk, gone at the end."""
    with tempfile.TemporaryDirectory(prefix=".graph-crm-", dir=folder) as name:
        yield Path(name)
