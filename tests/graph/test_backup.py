from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from graph_crm.errors import Conflict, Invalid, NotFound
from graph_crm.graph.backup import backup, restore
from graph_crm.graph.local_server import LocalServer, State
from graph_crm.graph.progress import Silent
from graph_crm.graph.readiness import Address, connected
from graph_crm.graph.server_configuration import TEST_PROFILE


class Saved:
    """A database with a graph and a second user, and the file it was saved in."""

    def __init__(self, folder: Path) -> None:
        self.server = LocalServer(folder / "acme", profile=TEST_PROFILE)
        self.server.prepare_quick_starts()
        self.file = folder / "monday.tar"
        self.address = self.server.up()
        try:
            with connected(self.address) as driver:
                driver.execute_query("CREATE CONSTRAINT account FOR (account:Account) REQUIRE account.id IS UNIQUE")
                driver.execute_query(
                    "UNWIND range(1, 300) AS id CREATE (:Account {id: id})-[:OWNS]->(:Account {id: -id})"
                )
                driver.execute_query("CREATE USER second SET PASSWORD 'second-password' CHANGE NOT REQUIRED")
            self.manifest = backup(self.server, self.file, Silent())
            self.ran_afterwards = self.server.status().state is State.RUNNING
        finally:
            self.server.down()


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Saved]:
    return Saved(tmp_path_factory.mktemp("saved"))


def count(address: Address) -> int:
    with connected(address) as driver:
        return driver.execute_query("MATCH (account:Account) RETURN count(account) AS count").records[0]["count"]


def altered(file: Path, name: str, content: bytes, target: Path) -> Path:
    """The same archive with other content in one of its files."""
    with tarfile.open(file) as source, tarfile.open(target, "w") as copy:
        for member in source.getmembers():
            stream = source.extractfile(member)
            assert stream is not None
            data = content if member.name == name else stream.read()
            member.size = len(data)
            copy.addfile(member, io.BytesIO(data))
    return target


def is_empty(server: LocalServer) -> bool:
    return not server.folder.exists() and not server.password_file.exists()


def test_the_file_says_what_it_holds_and_only_its_owner_may_read_it(saved: Saved) -> None:
    assert (saved.manifest.counts.nodes, saved.manifest.counts.relationships) == (600, 300)
    assert saved.manifest.counts.users == ("neo4j", "second")
    assert saved.file.stat().st_mode & 0o777 == 0o600
    assert saved.ran_afterwards
    assert [file.name for file in saved.file.parent.iterdir() if file.name.startswith(".")] == []


def test_an_empty_home_gets_the_same_records_and_lets_the_same_passwords_in(saved: Saved, tmp_path: Path) -> None:
    server = LocalServer(tmp_path / "restored", profile=TEST_PROFILE)
    assert restore(server, saved.file, Silent()) == saved.manifest
    try:
        address = server.address()
        assert address.password == saved.address.password
        assert count(address) == 600
        assert count(Address(address.uri, "second", "second-password")) == 600
        with connected(address) as driver:
            names = [row["name"] for row in driver.execute_query("SHOW CONSTRAINTS YIELD name").records]
        assert names == ["account"]
        assert server.password_file.stat().st_mode & 0o777 == 0o600
    finally:
        server.down()


def test_a_home_with_a_database_is_not_overwritten(saved: Saved) -> None:
    before = sorted(str(file) for file in saved.server.home.rglob("*"))
    with pytest.raises(Conflict, match="already holds a database: nothing was restored"):
        restore(saved.server, saved.file, Silent())
    assert sorted(str(file) for file in saved.server.home.rglob("*")) == before


def test_a_file_that_is_there_is_not_overwritten(saved: Saved) -> None:
    before = saved.file.read_bytes()
    with pytest.raises(Conflict, match=r"monday\.tar exists already"):
        backup(saved.server, saved.file, Silent())
    assert saved.file.read_bytes() == before


def test_a_damaged_file_is_refused_and_the_home_stays_empty(saved: Saved, tmp_path: Path) -> None:
    server = LocalServer(tmp_path / "restored", profile=TEST_PROFILE)
    broken = altered(saved.file, "neo4j.dump", b"not what was saved", tmp_path / "broken.tar")
    with pytest.raises(Invalid, match=r"is damaged: neo4j\.dump is not as it was saved"):
        restore(server, broken, Silent())
    assert is_empty(server)


@pytest.mark.parametrize("content", [b"[]", b"{}", b"not JSON", b'{"format": 99, "sha256": {}, "counts": {}}'])
def test_a_strange_archive_is_refused(saved: Saved, tmp_path: Path, content: bytes) -> None:
    server = LocalServer(tmp_path / "restored", profile=TEST_PROFILE)
    strange = altered(saved.file, "manifest.json", content, tmp_path / "strange.tar")
    with pytest.raises(Invalid, match="is not a backup made by graph-crm"):
        restore(server, strange, Silent())
    assert is_empty(server)


def test_a_version_that_is_no_version_is_refused(saved: Saved, tmp_path: Path) -> None:
    with tarfile.open(saved.file) as archive:
        stream = archive.extractfile("manifest.json")
        assert stream is not None
        manifest = json.loads(stream.read())
    server = LocalServer(tmp_path / "restored", profile=TEST_PROFILE)
    content = json.dumps({**manifest, "version": "../../x"}).encode()
    with pytest.raises(Invalid, match="is not a backup made by graph-crm"):
        restore(server, altered(saved.file, "manifest.json", content, tmp_path / "strange.tar"), Silent())
    assert is_empty(server)


def test_what_is_no_archive_or_not_there_is_refused(tmp_path: Path) -> None:
    server = LocalServer(tmp_path / "restored", profile=TEST_PROFILE)
    text = tmp_path / "text.tar"
    text.write_text("hello")
    with pytest.raises(Invalid, match="is not a backup made by graph-crm"):
        restore(server, text, Silent())
    with pytest.raises(NotFound, match="There is no file"):
        restore(server, tmp_path / "absent.tar", Silent())
    assert is_empty(server)


def test_a_home_without_a_database_has_nothing_to_save(tmp_path: Path) -> None:
    server = LocalServer(tmp_path / "fresh", profile=TEST_PROFILE)
    with pytest.raises(NotFound, match="there is nothing to save"):
        backup(server, tmp_path / "monday.tar", Silent())
    with pytest.raises(NotFound, match="There is no folder"):
        backup(server, tmp_path / "absent" / "monday.tar", Silent())
    assert not (tmp_path / "monday.tar").exists()


@pytest.mark.long
def test_other_counts_than_the_saved_ones_are_not_kept(saved: Saved, tmp_path: Path) -> None:
    with tarfile.open(saved.file) as archive:
        stream = archive.extractfile("manifest.json")
        assert stream is not None
        manifest = json.loads(stream.read())
    manifest["counts"]["nodes"] = 601
    server = LocalServer(tmp_path / "restored", profile=TEST_PROFILE)
    changed = altered(saved.file, "manifest.json", json.dumps(manifest).encode(), tmp_path / "changed.tar")
    with pytest.raises(Exception, match="holds 600 nodes and 300 relationships where 601 and 300 were saved"):
        restore(server, changed, Silent())
    assert is_empty(server)
    assert server.status().state is State.STOPPED
