from __future__ import annotations

import hashlib
import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import pytest

from graph_crm.errors import Invalid, Unavailable
from graph_crm.graph import download
from graph_crm.graph.jars import Jar, JarSet, fetched, jar_set, locked_versions, runs_data_of
from graph_crm.graph.progress import Silent

CONTENTS = {f"org/example/part-{number}.jar": bytes([number]) * (100_000 + number) for number in range(12)}


def small_set() -> JarSet:
    parts = [Jar(hashlib.sha256(content).hexdigest(), len(content), path) for path, content in CONTENTS.items()]
    return JarSet("1.2.3", (17, 21), "org.example.Main", tuple(parts))


class Repository:
    """A repository of jars on this machine that can be told to misbehave."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.altered: set[str] = set()
        self.cut_once: set[str] = set()
        self.missing: set[str] = set()
        self.address = ""

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        path = request.path.removeprefix("/")
        self.asked.append(path)
        content = CONTENTS[path]
        if path in self.missing:
            request.send_error(503)
            return
        request.send_response(200)
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        if path in self.cut_once:
            self.cut_once.discard(path)
            request.wfile.write(content[: len(content) // 2])
            request.close_connection = True
            return
        request.wfile.write(b"x" * len(content) if path in self.altered else content)


@contextmanager
def serving(repository: Repository) -> Iterator[None]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            repository.answer(self)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    repository.address = f"http://127.0.0.1:{server.server_port}"
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture
def repository(monkeypatch: pytest.MonkeyPatch) -> Iterator[Repository]:
    monkeypatch.setattr(download, "PAUSE_SECONDS", 0.01)
    repository = Repository()
    with serving(repository):
        yield repository


def fetch(repository: Repository, cache: Path) -> list[Path]:
    return fetched(small_set(), Silent(), cache=cache, source=repository.address)


def arrived(cache: Path) -> set[str]:
    folder = cache / "jars"
    return {str(file.relative_to(folder)) for file in folder.rglob("*.jar")}


def test_the_default_version_and_a_current_one_are_locked() -> None:
    assert locked_versions() == ["2026.08.1", "5.26.30"]
    long_term, current = jar_set("5.26.30"), jar_set("2026.08.1")
    assert (len(long_term.jars), long_term.java) == (216, (17, 21))
    assert (len(current.jars), current.java) == (237, (21,))


@pytest.mark.parametrize("version", locked_versions())
def test_every_locked_jar_has_its_digest_size_and_a_path_of_its_own(version: str) -> None:
    listed = jar_set(version).jars
    assert all(re.fullmatch("[0-9a-f]{64}", jar.sha256) and jar.size > 0 for jar in listed)
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)+\.jar", jar.path) for jar in listed)
    assert not any(".." in jar.path for jar in listed)
    assert len({jar.path for jar in listed}) == len(listed)


def test_a_version_without_a_list_is_refused() -> None:
    with pytest.raises(Invalid, match=r"Neo4j 5\.1 is not among the versions"):
        jar_set("5.1")


def test_data_of_a_version_no_longer_listed_run_on_the_next_one() -> None:
    assert runs_data_of("5.26.30") == "5.26.30"
    assert runs_data_of("5.26.4") == "5.26.30"
    assert runs_data_of("5.27.0") == "2026.08.1"


def test_the_files_of_the_database_are_in_the_cache_as_locked() -> None:
    files = fetched(jar_set("5.26.30"), Silent())
    assert len(files) == 216
    assert sum(file.stat().st_size for file in files) == jar_set("5.26.30").size


def test_all_files_arrive_in_the_order_of_the_class_path(repository: Repository, tmp_path: Path) -> None:
    files = fetch(repository, tmp_path)
    assert [file.read_bytes() for file in files] == list(CONTENTS.values())
    assert not list(tmp_path.rglob("*.part"))


def test_files_that_are_there_are_not_asked_for_again(repository: Repository, tmp_path: Path) -> None:
    fetch(repository, tmp_path)
    repository.asked.clear()
    fetch(repository, tmp_path)
    assert repository.asked == []


def test_a_damaged_file_is_fetched_again(repository: Repository, tmp_path: Path) -> None:
    files = fetch(repository, tmp_path)
    repository.asked.clear()
    files[3].write_bytes(b"\0" * files[3].stat().st_size)
    files[5].write_bytes(b"short")
    assert [file.read_bytes() for file in fetch(repository, tmp_path)] == list(CONTENTS.values())
    assert sorted(repository.asked) == ["org/example/part-3.jar", "org/example/part-5.jar"]


def test_a_file_whose_connection_breaks_is_fetched_again(repository: Repository, tmp_path: Path) -> None:
    repository.cut_once = {"org/example/part-4.jar"}
    assert [file.read_bytes() for file in fetch(repository, tmp_path)] == list(CONTENTS.values())
    assert repository.asked.count("org/example/part-4.jar") == 2
    assert len(repository.asked) == 13


def test_an_interrupted_download_goes_on_where_it_stopped(repository: Repository, tmp_path: Path) -> None:
    repository.missing = {"org/example/part-11.jar"}
    with pytest.raises(Unavailable, match=r"refused a file of Neo4j 1\.2\.3 \(503\)"):
        fetch(repository, tmp_path)
    kept = arrived(tmp_path)
    assert kept >= {f"org/example/part-{number}.jar" for number in range(4)}
    assert "org/example/part-11.jar" not in kept
    repository.missing.clear()
    repository.asked.clear()
    assert [file.read_bytes() for file in fetch(repository, tmp_path)] == list(CONTENTS.values())
    assert set(repository.asked) == set(CONTENTS) - kept


def test_other_content_than_the_locked_one_is_never_kept(repository: Repository, tmp_path: Path) -> None:
    repository.altered = {"org/example/part-0.jar"}
    with pytest.raises(Unavailable, match=r"part-0\.jar of Neo4j 1\.2\.3 arrived 3 times with other content"):
        fetch(repository, tmp_path)
    assert "org/example/part-0.jar" not in arrived(tmp_path)
    assert repository.asked.count("org/example/part-0.jar") == 3


def test_without_a_network_one_sentence_says_so(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository.address = "http://127.0.0.1:9"
    with pytest.raises(Unavailable, match="could not be downloaded: no connection"):
        fetch(repository, tmp_path)


def test_a_full_disk_is_seen_before_anything_is_fetched(
    repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)

    class Full(NamedTuple):
        total: int
        used: int
        free: int

    monkeypatch.setattr(shutil, "disk_usage", lambda _: Full(usage.total, usage.total, 1_000_400_000))
    with pytest.raises(Unavailable, match=r"1\.00 GB free, 1\.00 GB needed"):
        fetch(repository, tmp_path)
    assert repository.asked == []


def test_two_that_need_the_same_files_fetch_each_once(repository: Repository, tmp_path: Path) -> None:
    both = [threading.Thread(target=fetch, args=(repository, tmp_path)) for _ in range(2)]
    for thread in both:
        thread.start()
    for thread in both:
        thread.join()
    assert sorted(repository.asked) == sorted(CONTENTS)


@pytest.mark.long
def test_the_public_repository_has_the_locked_files(tmp_path: Path) -> None:
    whole = jar_set("5.26.30")
    some = JarSet(
        whole.version, whole.java, whole.main_class, tuple(sorted(whole.jars, key=lambda jar: jar.size)[:5])
    )
    assert len(fetched(some, Silent(), cache=tmp_path)) == 5
