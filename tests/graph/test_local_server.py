from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple

import psutil
import pytest
from neo4j.exceptions import Neo4jError

from graph_crm.errors import Conflict, Invalid, Unavailable
from graph_crm.graph.jars import cache_folder, locked_versions
from graph_crm.graph.local_server import LocalServer, State, database_address, local_server, new_password
from graph_crm.graph.readiness import Address, connected, free_port
from graph_crm.graph.server_configuration import SETTINGS, TEST_PROFILE
from graph_crm.settings import Settings

# Starts a server as a command would, so that a test can end that command at any moment.
STARTER = """
import sys
from pathlib import Path
from graph_crm.graph.local_server import LocalServer
from graph_crm.graph.server_configuration import TEST_PROFILE
LocalServer(Path(sys.argv[1]), profile=TEST_PROFILE).up()
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalServer]:
    """A server of this module's own, running."""
    server = LocalServer(tmp_path_factory.mktemp("own") / "acme", profile=TEST_PROFILE)
    server.prepare_quick_starts()
    server.up()
    yield server
    server.down()


@pytest.fixture
def home(tmp_path: Path) -> LocalServer:
    """A home where nothing was ever started."""
    return LocalServer(tmp_path / "fresh", profile=TEST_PROFILE)


def ask(address: Address, text: str, database: str = "neo4j") -> list[dict[str, object]]:
    with connected(address) as driver, driver.session(database=database) as session:
        return session.run(text).data()


def is_untouched(server: LocalServer) -> bool:
    return not server.folder.exists() and not server.password_file.exists()


def test_it_listens_on_this_machine_only_and_speaks_nothing_but_bolt(server: LocalServer) -> None:
    running = server.running()
    assert running is not None
    listening = {
        (connection.laddr.ip.removeprefix("::ffff:"), connection.laddr.port)
        for connection in psutil.Process(running.pid).net_connections("tcp")
        if connection.status == psutil.CONN_LISTEN
    }
    assert listening == {("127.0.0.1", running.port)}


def test_only_the_owner_may_read_the_password_and_it_is_not_guessable(server: LocalServer) -> None:
    assert server.password_file.stat().st_mode & 0o777 == 0o600
    assert len(server.password()) == 48
    assert server.folder.stat().st_mode & 0o777 == 0o700
    assert server.password() not in repr(server.address())


def test_no_password_looks_like_an_option_of_the_admin_tool() -> None:
    assert all(new_password().isalnum() for _ in range(1_000))


def test_the_server_has_the_settings_that_were_measured(server: LocalServer) -> None:
    names = [*SETTINGS, "db.tx_log.preallocate", "server.memory.pagecache.size"]
    rows = ask(server.address(), "SHOW SETTINGS YIELD name, value", "system")
    found = {str(row["name"]): str(row["value"]) for row in rows if row["name"] in names}
    # The server lists no internal setting, yet it would not have started on one that it doesn't know.
    listed = {name: value for name, value in SETTINGS.items() if not name.startswith("internal.")}
    assert found == {
        **listed,
        "db.memory.transaction.max": "256.00MiB",
        "dbms.memory.transaction.total.max": "512.00MiB",
        "db.tx_log.preallocate": "false",
        "server.memory.pagecache.size": "16.00MiB",
    }


def test_a_statement_cannot_make_the_server_open_a_page_or_a_file(server: LocalServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as page:
        page.setblocking(False)
        with pytest.raises(Neo4jError, match="blocked"):
            ask(server.address(), f"LOAD CSV FROM 'http://127.0.0.1:{page.getsockname()[1]}/x.csv' AS row RETURN row")
        with pytest.raises(BlockingIOError):
            page.accept()
    with pytest.raises(Neo4jError, match="allow_csv_import_from_file_urls"):
        ask(server.address(), "LOAD CSV FROM 'file:///neo4j.conf' AS row RETURN row")


def test_a_start_that_finds_it_running_joins_it(server: LocalServer) -> None:
    before = server.running()
    assert LocalServer(server.home, profile=TEST_PROFILE).up() == server.address()
    assert server.running() == before
    assert server.status().state is State.RUNNING


def test_another_port_or_version_than_the_running_one_is_refused(server: LocalServer) -> None:
    before = server.running()
    with pytest.raises(Conflict, match="runs on port"):
        LocalServer(server.home, port=free_port()).up()
    with pytest.raises(Conflict, match=r"runs as Neo4j 5\.26\.30"):
        LocalServer(server.home, version="2026.08.1").up()
    assert server.running() == before


def test_a_second_database_on_the_same_data_is_refused_and_the_first_goes_on(server: LocalServer) -> None:
    note = server.folder / "server.json"
    kept = note.read_text()
    running = server.running()
    note.unlink()
    try:
        with pytest.raises(Conflict, match="Another Neo4j already works on the data"):
            server.up()
        with pytest.raises(Conflict, match="Another Neo4j already works on the data"):
            server.reset("acme")
    finally:
        note.write_text(kept)
    assert server.running() == running
    assert server.status().state is State.RUNNING


def test_a_wrong_password_is_told_from_a_database_that_does_not_answer(server: LocalServer) -> None:
    kept = server.password_file.read_text()
    server.password_file.write_text("not-the-one\n")
    try:
        assert server.status().state is State.REFUSING
        with pytest.raises(Unavailable, match="does not accept the password in"):
            server.up()
    finally:
        server.password_file.write_text(kept)
    assert server.status().state is State.RUNNING


def test_reset_asks_for_the_name_of_the_home(server: LocalServer) -> None:
    ask(server.address(), "CREATE (:Note {text: 'kept'})")
    with pytest.raises(Invalid, match="the name of this home is acme, not neo4j"):
        server.reset("neo4j")
    assert ask(server.address(), "MATCH (note:Note) RETURN note.text AS text") == [{"text": "kept"}]


def test_the_number_of_an_ended_server_may_belong_to_somebody_else(home: LocalServer) -> None:
    home.folder.mkdir(parents=True)
    note = {"pid": os.getpid(), "port": 7687, "version": "5.26.30"}
    (home.folder / "server.json").write_text(json.dumps(note))
    assert home.running() is None
    assert home.status().state is State.STOPPED
    assert home.down() is False


def test_a_note_cut_in_the_middle_is_no_server(home: LocalServer) -> None:
    home.folder.mkdir(parents=True)
    (home.folder / "server.json").write_text('{"pid": 12')
    assert home.running() is None
    with pytest.raises(Unavailable, match=r"not running\. Start it: graph-crm db up"):
        home.address()


def test_a_taken_port_is_refused_before_anything_is_made(home: LocalServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(Conflict, match=f"Port {port} is taken by another program"):
            LocalServer(home.home, port=port, profile=TEST_PROFILE).up()
    assert is_untouched(home)


def test_a_full_disk_is_refused_before_anything_is_made(home: LocalServer, monkeypatch: pytest.MonkeyPatch) -> None:
    class Full(NamedTuple):
        total: int
        used: int
        free: int

    monkeypatch.setattr(shutil, "disk_usage", lambda _: Full(10**12, 10**12, 999_000_000))
    with pytest.raises(Unavailable, match="Too little space is left on the disk"):
        home.up()
    assert is_untouched(home)


def test_an_unknown_version_is_refused_before_anything_is_made(home: LocalServer) -> None:
    with pytest.raises(Invalid, match=r"Neo4j 4\.4\.0 is not among"):
        LocalServer(home.home, version="4.4.0").up()
    assert is_untouched(home)


def test_an_older_version_than_the_one_that_wrote_the_data_is_refused(home: LocalServer) -> None:
    home.folder.mkdir(parents=True)
    (home.folder / "version").write_text("2026.08.1\n")
    with pytest.raises(Conflict, match=r"were written by Neo4j 2026\.08\.1; the older 5\.26\.30 cannot read them"):
        LocalServer(home.home, version="5.26.30").up()
    assert home.version == "2026.08.1"


def test_data_without_their_password_are_not_started(home: LocalServer) -> None:
    (home.folder / "data" / "databases" / "system").mkdir(parents=True)
    with pytest.raises(Unavailable, match=r"password file .* is missing"):
        home.up()


def test_a_given_database_is_never_ours_to_manage(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path, neo4j_uri="bolt://10.0.0.1:7687", neo4j_password="s")  # type: ignore[arg-type]
    assert database_address(settings) == Address("bolt://10.0.0.1:7687", "neo4j", "s")
    with pytest.raises(Conflict, match="names a database of yours"):
        local_server(settings)
    with pytest.raises(Invalid, match="given without GRAPH_CRM_NEO4J_PASSWORD"):
        database_address(Settings(home=tmp_path, neo4j_uri="bolt://10.0.0.1:7687"))
    assert list(tmp_path.iterdir()) == []


def started_elsewhere(server: LocalServer) -> subprocess.Popen[bytes]:
    """A command of its own that is about to start the server."""
    return subprocess.Popen([sys.executable, "-c", STARTER, str(server.home)], stderr=subprocess.DEVNULL)


def wait_for(file: Path, command: subprocess.Popen[bytes]) -> None:
    while not file.exists():
        assert command.poll() is None
        threading.Event().wait(0.02)


def end(command: subprocess.Popen[bytes]) -> None:
    command.kill()
    command.wait()


def kill(server: LocalServer) -> None:
    running = server.running()
    assert running is not None
    process = psutil.Process(running.pid)
    process.send_signal(signal.SIGKILL)
    process.wait(10)


def test_a_start_that_was_killed_in_the_middle_is_finished_by_the_next_one(home: LocalServer) -> None:
    command = started_elsewhere(home)
    wait_for(home.folder / "server.json", command)
    end(command)
    address = home.up()
    try:
        ask(address, "CREATE (:Note {text: 'acknowledged'})")
        kill(home)
        assert home.status().state is State.STOPPED
        assert home.up() == address
        assert ask(address, "MATCH (note:Note) RETURN note.text AS text") == [{"text": "acknowledged"}]
    finally:
        home.down()


def test_a_preparation_of_quick_starts_is_left_at_once(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    cache.mkdir()
    for name in ("jars", "java-21"):
        (cache / name).symlink_to(cache_folder() / name)
    server = LocalServer(tmp_path / "home", profile=TEST_PROFILE, cache=cache)
    with ThreadPoolExecutor(1) as aside:
        preparing = aside.submit(server.prepare_quick_starts)
        java = server_java_of(tmp_path)
        server.leave_quick_starts()
        assert preparing.result() is False
    assert not java.is_running()
    assert not list((cache / "archives").glob("*-neo4j.jsa"))


def server_java_of(folder: Path) -> psutil.Process:
    """The Java that rehearses a start for the archives of that folder."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for process in psutil.Process().children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                home = next((word for word in process.cmdline() if word.startswith("--home-dir=")), None)
                arguments = None if home is None else Path(home.removeprefix("--home-dir=")) / "java.args"
                if arguments is not None and str(folder) in arguments.read_text("utf-8"):
                    return process
    raise AssertionError


@pytest.mark.long
@pytest.mark.parametrize(
    "moment", ["conf/neo4j.conf", "data/dbms/auth.ini", "server.json", "data/databases/store_lock"]
)
def test_a_first_start_killed_at_any_moment_leaves_a_home_that_starts(home: LocalServer, moment: str) -> None:
    for _ in range(3):
        command = started_elsewhere(home)
        wait_for(home.folder / moment, command)
        end(command)
        if (running := home.running()) is not None:
            psutil.Process(running.pid).kill()
        address = home.up()
        home.down()
        home.reset("fresh")
        assert address.password


@pytest.mark.long
def test_a_port_taken_between_choice_and_start_leads_to_another(
    home: LocalServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        choices = iter([port, free_port()])
        monkeypatch.setattr("graph_crm.graph.local_server.free_port", lambda: next(choices))
        address = home.up()
        try:
            assert address.port != port
        finally:
            home.down()


@pytest.mark.long
def test_every_locked_version_starts_and_answers(tmp_path: Path) -> None:
    for version in locked_versions():
        server = LocalServer(tmp_path / version, version=version, profile=TEST_PROFILE)
        address = server.up()
        try:
            components = "CALL dbms.components() YIELD name, versions WHERE name = 'Neo4j Kernel' RETURN versions"
            assert ask(address, components) == [{"versions": [version]}]
            assert LocalServer(tmp_path / version).version == version
        finally:
            server.down()
