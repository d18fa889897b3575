"""A real Neo4j of our own on this machine, for whoever gave no database: started, watched and stopped."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Generator
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, Final

from graph_crm.errors import Conflict, Invalid, Refusal, Unavailable
from graph_crm.graph import jars, server_process
from graph_crm.graph.class_archive import ClassArchive
from graph_crm.graph.disk import refuse_full_disk
from graph_crm.graph.file_lock import held_by_another, locked
from graph_crm.graph.java import Java, java_for
from graph_crm.graph.progress import Progress, Silent
from graph_crm.graph.readiness import (
    Address,
    NotReady,
    WrongPassword,
    connected,
    free_port,
    port_is_free,
    probe,
    wait_until_ready,
)
from graph_crm.graph.server_configuration import (
    TEST_PROFILE,
    Profile,
    configuration,
    java_arguments,
    production_profile,
)
from graph_crm.language import say
from graph_crm.settings import Settings

USER: Final = "neo4j"
DATABASE: Final = "neo4j"
READY_SECONDS: Final = 300
STOP_SECONDS: Final = 60
TOOL_SECONDS: Final = 3600
ARCHIVE_BYTES: Final = 200_000_000
ADMIN_TOOL: Final = "org.neo4j.cli.AdminTool"
# Another program may take the port between our choice and the start.
PORT_ATTEMPTS: Final = 3


class State(StrEnum):
    STOPPED = "stopped"
    RUNNING = "running"
    NOT_ANSWERING = "not answering"
    REFUSING = "refusing the password"
    BEING_SAVED = "being saved"


@dataclass(frozen=True, slots=True)
class Status:
    state: State
    version: str
    uri: str | None = None
    pid: int | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Running:
    """What a later command has to know of the server that an earlier one started."""

    pid: int
    port: int
    version: str
    last_port: int | None = None
    private: bool = False


@dataclass(frozen=True, slots=True)
class Installation:
    """What it takes to run one version on this machine."""

    jar_set: jars.JarSet
    java: Java
    class_path: list[Path]

    @property
    def version(self) -> str:
        return self.jar_set.version


class LocalServer:
    """The Neo4j of one home. Everything it keeps lies in that folder; the jars lie in the user's cache."""

    def __init__(
        self,
        home: Path,
        *,
        version: str | None = None,
        port: int | None = None,
        profile: Profile | None = None,
        cache: Path | None = None,
        source: str | None = None,
    ) -> None:
        self.home = home.expanduser().resolve()
        self.folder = self.home / "data" / "neo4j"
        self.logs_folder = self.home / "logs" / "neo4j"
        self.password_file = self.home / "keys" / "database-password"
        self.wanted_version = version
        self.wanted_port = port
        self.profile = profile or production_profile()
        self.cache = cache
        self.source = source
        self.recording = False
        self._rehearsal: LocalServer | None = None
        self._left_rehearsal = threading.Event()

    # What is on disk

    @property
    def console(self) -> Path:
        return self.logs_folder / "console.log"

    @property
    def home_argument(self) -> str:
        return f"--home-dir={self.folder}"

    @property
    def has_data(self) -> bool:
        return (self.folder / "data" / "databases" / "system").exists()

    @property
    def version(self) -> str:
        """The version asked for, else the one that made the data, else the default."""
        if self.wanted_version is not None:
            return self.wanted_version
        made_by = self._made_by()
        return jars.DEFAULT_VERSION if made_by is None else jars.runs_data_of(made_by)

    def address(self) -> Address:
        """Where the running server is; refused when it is not running."""
        running = self.running()
        if running is None:
            raise Unavailable("The database is not running. Start it: graph-crm db up")
        if running.private:
            raise Unavailable("The database is being saved. Try again in a minute.")
        return self._address(running.port)

    def running(self) -> Running | None:
        """The server that was started, if that very process still lives."""
        try:
            running = Running(**json.loads((self.folder / "server.json").read_text("utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            return None
        return running if server_process.is_server(running.pid, self.home_argument) else None

    def password(self) -> str:
        try:
            return self.password_file.read_text("utf-8").strip()
        except FileNotFoundError:
            raise Unavailable(
                "The database's password file {file} is missing. Put it back from a backup.",
                file=str(self.password_file),
            ) from None

    def _address(self, port: int) -> Address:
        return Address(f"bolt://127.0.0.1:{port}", USER, self.password(), DATABASE, self.home)

    def _made_by(self) -> str | None:
        try:
            return (self.folder / "version").read_text("utf-8").strip()
        except FileNotFoundError:
            return None

    def _last_port(self) -> int | None:
        try:
            return int(json.loads((self.folder / "server.json").read_text("utf-8"))["last_port"])
        except (FileNotFoundError, ValueError, TypeError, KeyError):
            return None

    # Start and stop

    def up(self, progress: Progress | None = None) -> Address:
        """The address of the running server, which is started unless it runs already."""
        progress = progress or Silent()
        with self.alone():
            return self.start(progress)

    def down(self) -> bool:
        """Stop the server and wait for its end. False when it was not running."""
        with self.alone():
            return self.stop()

    @contextlib.contextmanager
    def alone(self) -> Generator[None]:
        """Only one command at a time starts, stops, saves or restores."""
        with locked(self.home / "data" / "neo4j.lock"):
            yield

    def start(self, progress: Progress, *, port: int | None = None) -> Address:
        """As `up`, for a caller that already is alone. On a port of its own only the caller finds the server."""
        running = self.running()
        if running is not None and running.private:
            # A command that was saving it ended before its time.
            self.stop()
        elif running is not None and (joined := self._join(running)) is not None:
            return joined
        installation = self.installed(progress)
        self.refuse_used_store()
        for attempt in range(1, PORT_ATTEMPTS + 1):
            chosen = port or self._port()
            self.configure(installation, chosen)
            self._set_password(installation)
            progress.announce(say("Neo4j {version} starts.", version=installation.version))
            try:
                return self._launch(installation, chosen, remember=port is None)
            except PortTaken as problem:
                if self.wanted_port is not None or attempt == PORT_ATTEMPTS:
                    raise _port_taken(chosen) from problem
        raise AssertionError

    def installed(self, progress: Progress) -> Installation:
        """Java and jars of this home's version, fetched when they are missing."""
        version = self.version
        self._refuse_older(version)
        jar_set = jars.jar_set(version)
        java = java_for(jar_set, progress, cache=self.cache)
        class_path = jars.fetched(jar_set, progress, cache=self.cache, source=self.source)
        refuse_full_disk(self.home)
        return Installation(jar_set, java, class_path)

    def stop(self) -> bool:
        """As `down`, for a caller that already is alone."""
        running = self.running()
        if running is None:
            return False
        if not server_process.stop(running.pid, self.home_argument, seconds=STOP_SECONDS):
            raise Unavailable(
                "The database (process {pid}) did not stop within {seconds} seconds. Look into {log}.",
                pid=str(running.pid),
                seconds=STOP_SECONDS,
                log=str(self.console),
            )
        return True

    def _join(self, running: Running) -> Address | None:
        """The server runs, or was left half started: wait until it answers. Nothing when it ends meanwhile."""
        if self.wanted_version not in (None, running.version):
            raise Conflict(
                "The database of {home} runs as Neo4j {running}. Stop it first: graph-crm db down",
                home=str(self.home),
                running=running.version,
            )
        if self.wanted_port not in (None, running.port):
            raise Conflict(
                "The database of {home} runs on port {port}. Stop it first: graph-crm db down",
                home=str(self.home),
                port=str(running.port),
            )
        address = self._address(running.port)
        try:
            self._wait(address, running.pid)
        except NotReady as problem:
            if self.running() is None:
                return None
            raise self._not_ready(str(problem)) from problem
        return address

    def _launch(self, installation: Installation, port: int, *, remember: bool) -> Address:
        command = [str(installation.java.executable), f"@{self.folder / 'java.args'}"]
        command += [installation.jar_set.main_class, self.home_argument, f"--config-dir={self.folder / 'conf'}"]
        command.append("--console-mode")
        self.console.unlink(missing_ok=True)
        last_port = port if remember else self._last_port()
        pid = server_process.start(command, output=self.console, folder=self.folder)
        try:
            running = Running(pid, port, installation.version, last_port, private=not remember)
            write_private(self.folder / "server.json", json.dumps(asdict(running)))
            address = self._address(port)
            self._wait(address, pid)
        except NotReady as problem:
            server_process.kill(pid, self.home_argument)
            raise self._not_ready(str(problem)) from problem
        except BaseException:
            server_process.stop(pid, self.home_argument, seconds=STOP_SECONDS)
            raise
        self.remember_version(installation.version)
        return address

    def _wait(self, address: Address, pid: int) -> None:
        def alive() -> bool:
            return server_process.is_server(pid, self.home_argument)

        try:
            wait_until_ready(address, alive=alive, seconds=READY_SECONDS)
        except WrongPassword as problem:
            raise Unavailable(
                "The database does not accept the password in {file}. Put back the right one from a backup.",
                file=str(self.password_file),
            ) from problem

    def _not_ready(self, missing: str) -> Refusal | PortTaken:
        """Why the start failed, from what the server said last."""
        said = self.logs(200)
        if "Lock file has been locked by another process" in said:
            return self._store_used()
        if "No space left on device" in said:
            return Unavailable(
                "The disk of {folder} is full. Free some space and start again.", folder=str(self.home)
            )
        if "Address already in use" in said or "SocketNettyConnector" in said:
            return PortTaken()
        if "UnsupportedClassVersionError" in said:
            return Unavailable("This Java is too old for the database: point JAVA_HOME to Java 21.")
        if "OutOfMemoryError" in said or "Cannot allocate memory" in said or "Could not reserve" in said:
            return Unavailable(
                "The database found too little memory to start. Free some and start again; its log is {log}.",
                log=str(self.console),
            )
        return Unavailable(
            "The database did not become ready ({missing}). Its log is {log}.",
            missing=missing,
            log=str(self.console),
        )

    def _refuse_older(self, version: str) -> None:
        made_by = self._made_by()
        if made_by is not None and jars.numbers(version) < jars.numbers(made_by):
            raise Conflict(
                "The data in {home} were written by Neo4j {made_by}; the older {version} cannot read them.",
                home=str(self.home),
                made_by=made_by,
                version=version,
            )

    def refuse_used_store(self) -> None:
        if held_by_another(self.folder / "data" / "databases" / "store_lock"):
            raise self._store_used()

    def _store_used(self) -> Refusal:
        return Conflict(
            "Another Neo4j already works on the data in {folder}. Stop that one first; nothing was changed.",
            folder=str(self.folder),
        )

    def _port(self) -> int:
        if self.wanted_port is not None:
            if not port_is_free(self.wanted_port):
                raise _port_taken(self.wanted_port)
            return self.wanted_port
        last = self._last_port()
        return last if last is not None and port_is_free(last) else free_port()

    def configure(self, installation: Installation, port: int) -> None:
        """Everything that the server and its tool read at their start."""
        for folder in (self.folder / "conf", self.logs_folder, self.password_file.parent):
            folder.mkdir(parents=True, exist_ok=True)
        self.password_file.parent.chmod(0o700)
        self.folder.chmod(0o700)
        conf = configuration(self.profile, port=port, logs=self.logs_folder)
        write_private(self.folder / "conf" / "neo4j.conf", conf)
        profile = self.profile
        if not self.recording:
            profile = replace(profile, java_flags=(*profile.java_flags, *self._archive(installation).flags))
        write_private(self.folder / "java.args", java_arguments(profile, installation.class_path))

    def _set_password(self, installation: Installation) -> None:
        """Before the very first start, so that nobody ever meets a server with a known password."""
        if self.has_data:
            self.password()
            return
        if not self.password_file.exists():
            write_private(self.password_file, new_password() + "\n")
        # Left behind by a start that was cut off; the tool would refuse to write it again.
        (self.folder / "data" / "dbms" / "auth.ini").unlink(missing_ok=True)
        self.tool(installation, "dbms", "set-initial-password", self.password())

    def remember_version(self, version: str) -> None:
        """Note which version wrote the data: an older one could not read them."""
        write_private(self.folder / "version", version + "\n")

    # The admin tool that comes with the jars

    def tool(self, installation: Installation, *words: str) -> str:
        """Run the admin tool offline and return what it says."""
        answer = subprocess.run(  # noqa: S603  # Java, our argument file and our own words.
            [str(installation.java.executable), f"@{self.folder / 'java.args'}", ADMIN_TOOL, *words],
            capture_output=True,
            text=True,
            timeout=TOOL_SECONDS,
            check=False,
            stdin=subprocess.DEVNULL,
            env={**os.environ, "NEO4J_HOME": str(self.folder), "NEO4J_CONF": str(self.folder / "conf")},
        )
        said = answer.stdout + answer.stderr
        if answer.returncode != 0:
            write_private(self.logs_folder / "admin.log", said)
            raise Unavailable(
                "The database's admin tool failed at {task}. What it said is in {log}.",
                task=" ".join(words[:2]),
                log=str(self.logs_folder / "admin.log"),
            )
        return said

    # Quick starts

    def _archive(self, installation: Installation) -> ClassArchive:
        return ClassArchive.of(installation.java, installation.class_path, self.cache or jars.cache_folder())

    def prepare_quick_starts(self, progress: Progress | None = None) -> bool:
        """Let Java remember the classes of this version, which halves every later start. Takes half a minute, once.

        A server in a folder of its own is started for it and stopped again; this home's is left alone. False when
        this Java cannot do it, or when `leave_quick_starts` ended it, which only costs time.
        """
        progress = progress or Silent()
        installation = self.installed(progress)
        archive = self._archive(installation)
        with locked(archive.top.with_name("archive.lock")):
            if archive.flags:
                return True
            refuse_full_disk(archive.top.parent, needed=ARCHIVE_BYTES)
            progress.announce(
                say("Neo4j {version} is prepared for quick starts, once.", version=installation.version)
            )
            if not archive.dump_below():
                return False
            with tempfile.TemporaryDirectory(prefix="graph-crm-") as folder:
                self._rehearsal = LocalServer(
                    Path(folder),
                    version=installation.version,
                    profile=replace(TEST_PROFILE, java_flags=(*TEST_PROFILE.java_flags, *archive.recording_flags)),
                    cache=self.cache,
                    source=self.source,
                )
                self._rehearsal.recording = True
                try:
                    if not self._left_rehearsal.is_set():
                        self._rehearsal.up()
                        self._rehearsal.down()
                except Unavailable:
                    if not self._left_rehearsal.is_set():
                        raise
            return not self._left_rehearsal.is_set() and archive.adopt()

    def leave_quick_starts(self) -> None:
        """End the preparation that another thread may be at, at once. The next one begins anew."""
        self._left_rehearsal.set()
        if self._rehearsal is not None and (running := self._rehearsal.running()) is not None:
            server_process.kill(running.pid, self._rehearsal.home_argument)

    # Questions

    def status(self) -> Status:
        running = self.running()
        if running is None:
            return Status(State.STOPPED, self.version)
        if running.private:
            return Status(State.BEING_SAVED, running.version)
        address = self._address(running.port)
        try:
            with connected(address) as driver:
                probe(driver, DATABASE)
        except WrongPassword:
            state, reason = State.REFUSING, None
        except NotReady as problem:
            state, reason = State.NOT_ANSWERING, str(problem)
        else:
            state, reason = State.RUNNING, None
        return Status(state, running.version, address.uri, running.pid, reason)

    def logs(self, lines: int = 100) -> str:
        """The last lines of what the server said since its last start."""
        try:
            text = self.console.read_text("utf-8", errors="replace")
        except FileNotFoundError:
            return ""
        return "".join(text.splitlines(keepends=True)[-lines:])

    # The end of the data

    def reset(self, name: str) -> None:
        """Delete all data of this home's database, for whoever can name the home."""
        if name != self.home.name:
            raise Invalid(
                "Nothing was deleted: the name of this home is {home}, not {name}.", home=self.home.name, name=name
            )
        with self.alone():
            self.stop()
            self.refuse_used_store()
            self.clear()
            shutil.rmtree(self.logs_folder, ignore_errors=True)

    def clear(self) -> None:
        """Delete data and password, for a caller that is alone and knows what it deletes; the logs stay."""
        if self.folder.exists():
            shutil.rmtree(self.folder)
        self.password_file.unlink(missing_ok=True)


class PortTaken(Exception):
    """Another program answers on the port."""


def _port_taken(port: int) -> Refusal:
    return Conflict(
        "Port {port} is taken by another program. Choose another: graph-crm db up --port NUMBER",
        port=str(port),
    )


def new_password() -> str:
    """192 secret bits, none of whose forms the admin tool takes for an option, as one that begins with a hyphen."""
    return secrets.token_hex(24)


def write_private(file: Path, text: str) -> None:
    """Written whole or not at all, and readable by nobody else: it may hold the password."""
    part = file.with_name(file.name + ".part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
        stream.write(text)
    part.replace(file)


def local_server(settings: Settings, **choices: Any) -> LocalServer:
    """The server of this deployment's home; refused when a database was given, which is never ours to manage."""
    if settings.neo4j_uri is not None:
        raise Conflict(
            "GRAPH_CRM_NEO4J_URI names a database of yours ({uri}): "
            "graph-crm does not stop, reset, save or restore it.",
            uri=settings.neo4j_uri,
        )
    return LocalServer(settings.home, **choices)


def given_address(settings: Settings) -> Address | None:
    """The database the settings name, if they do."""
    if settings.neo4j_uri is None:
        return None
    password = settings.password()
    if password is None:
        raise Invalid(
            "GRAPH_CRM_NEO4J_URI is given without GRAPH_CRM_NEO4J_PASSWORD or GRAPH_CRM_NEO4J_PASSWORD_FILE."
        )
    return Address(settings.neo4j_uri, settings.neo4j_user, password, settings.neo4j_database)


def database_address(settings: Settings, progress: Progress | None = None) -> Address:
    """Where the database is: the one that was given, else our own, started when it does not run."""
    return given_address(settings) or local_server(settings).up(progress)
