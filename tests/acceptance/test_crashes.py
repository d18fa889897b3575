"""Two services on one database, and either killed in the middle of writes: nothing lost, nothing twice."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx2
import pytest
from neo4j import AsyncGraphDatabase

from graph_crm.graph.client import Graph
from graph_crm.graph.doctor import examine
from graph_crm.graph.local_server import LocalServer
from graph_crm.graph.migrations import migrate
from graph_crm.graph.readiness import Address, free_port
from graph_crm.graph.server_configuration import TEST_PROFILE
from graph_crm.settings import OrganisationVisibility
from graph_crm.team import service as team
from graph_crm.team.types import NewUser
from graph_crm.viewer import Role, maintenance_viewer

WRITERS = 4
SECONDS_TO_RECOVER = 60
CREATE = (
    "mutation($input: CreateAccountInput!) { createAccount(input: $input) { account { id } userErrors { code } } }"
)


@dataclass
class Ledger:
    """What the services acknowledged, and what was asked at all."""

    acknowledged: dict[str, str] = field(default_factory=dict[str, str])
    asked: set[str] = field(default_factory=set[str])
    more: asyncio.Event = field(default_factory=asyncio.Event)

    def acknowledge(self, name: str, account: str) -> None:
        self.acknowledged[name] = account
        self.more.set()

    def check(self, names: list[str]) -> list[str]:
        """What is wrong between the ledger and the names that the database holds."""
        problems = [f"lost: {name}" for name in self.acknowledged if name not in names]
        problems += [f"twice: {name}" for name in set(names) if names.count(name) > 1]
        problems += [f"from nowhere: {name}" for name in set(names) if name not in self.asked]
        return problems


def test_the_ledger_sees_what_is_lost_twice_or_from_nowhere() -> None:
    ledger = Ledger({"a": "1", "b": "2"}, {"a", "b", "c"})
    assert ledger.check(["a", "b"]) == []
    assert ledger.check(["a"]) == ["lost: b"]
    assert ledger.check(["a", "b", "b"]) == ["twice: b"]
    assert ledger.check(["a", "b", "d"]) == ["from nowhere: d"]


@dataclass
class Service:
    """One service process."""

    url: str
    process: subprocess.Popen[bytes]

    def kill(self) -> None:
        os.kill(self.process.pid, signal.SIGKILL)
        self.process.wait()


@contextmanager
def service(address: Address, home: Path, port: int) -> Iterator[Service]:
    environment = {
        **os.environ,
        "GRAPH_CRM_HOME": str(home),
        "GRAPH_CRM_NEO4J_URI": address.uri,
        "GRAPH_CRM_NEO4J_USER": address.user,
        "GRAPH_CRM_NEO4J_PASSWORD": address.password,
        "GRAPH_CRM_LISTEN": f"127.0.0.1:{port}",
    }
    with (home / f"service-{port}.log").open("ab") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "graph_crm", "serve"], env=environment, stdout=log, stderr=log
        )
    try:
        yield Service(f"http://127.0.0.1:{port}", process)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait()


async def answers(client: httpx2.AsyncClient, url: str) -> None:
    """Wait until the service says that it is ready."""
    async with asyncio.timeout(SECONDS_TO_RECOVER):
        while True:
            try:
                if (await client.get(f"{url}/health/ready")).status_code == 200:
                    return
            except httpx2.HTTPError:
                pass
            await asyncio.sleep(0.2)


@asynccontextmanager
async def writers(client: httpx2.AsyncClient, urls: list[str], key: str, ledger: Ledger) -> AsyncIterator[None]:
    """Clients that make accounts through any of the services and repeat what was not acknowledged."""
    stop = asyncio.Event()
    headers = {"authorization": f"Bearer {key}"}

    async def one(writer: int) -> None:
        number = 0
        while not stop.is_set():
            number += 1
            name = f"account {writer}-{number}-{len(ledger.asked)}"
            ledger.asked.add(name)
            body = {"query": CREATE, "variables": {"input": {"name": name, "idempotencyKey": name}}}
            attempt = 0
            while True:
                attempt += 1
                url = urls[(writer + attempt) % len(urls)]
                try:
                    answer = (await client.post(f"{url}/graphql", json=body, headers=headers)).json()
                    account = ((answer.get("data") or {}).get("createAccount") or {}).get("account")
                    if account is not None:
                        ledger.acknowledge(name, account["id"])
                        break
                except (httpx2.HTTPError, ValueError):
                    pass
                if stop.is_set() and attempt > 400:
                    break
                await asyncio.sleep(0.1)

    tasks = [asyncio.create_task(one(writer)) for writer in range(WRITERS)]
    try:
        yield
    finally:
        stop.set()
        await asyncio.gather(*tasks)


async def prepared(address: Address) -> str:
    """A migrated database with one administrator; the text of their key."""
    async with Graph.at(address) as graph:
        await migrate(graph)
        await team.share_as(graph, OrganisationVisibility.OPEN)
        viewer = maintenance_viewer()
        await team.create_user(graph, viewer, NewUser("ada@ours.example", "Ada Admin", Role.ADMINISTRATOR))
        return (await team.create_key(graph, viewer, "ada@ours.example")).text


async def names_of(address: Address) -> list[str]:
    async with AsyncGraphDatabase.driver(address.uri, auth=(address.user, address.password)) as driver:
        records, _, _ = await driver.execute_query("MATCH (account:Account) RETURN account.name AS name")
    return [record["name"] for record in records]


async def unsound(address: Address) -> list[str]:
    """The invariants that do not hold: half a record, a gap in the changes, wrong readers."""
    async with Graph.at(address) as graph:
        return [finding.invariant.name async for finding in examine(graph) if not finding.holds]


@pytest.mark.parametrize("rounds", [3, pytest.param(20, marks=pytest.mark.long)])
async def test_nothing_is_lost_or_doubled_when_the_database_or_a_service_is_killed(
    tmp_path: Path, rounds: int
) -> None:
    server = LocalServer(tmp_path / "database", port=free_port(), profile=TEST_PROFILE)
    address = server.up()
    ledger = Ledger()
    ports = [free_port(), free_port()]
    try:
        key = await prepared(address)
        async with httpx2.AsyncClient(timeout=20) as client:
            with service(address, tmp_path, ports[0]) as first:
                for number in range(rounds):
                    with service(address, tmp_path, ports[1]) as second:
                        for one in (first, second):
                            await answers(client, one.url)
                        async with writers(client, [first.url, second.url], key, ledger):
                            await until_more(ledger, 10)
                            if number % 2 == 0:
                                pid = server.status().pid
                                assert pid is not None
                                os.kill(pid, signal.SIGKILL)
                                address = server.up()
                            else:
                                second.kill()
                            await answers(client, first.url)
                            await until_more(ledger, 10)
            names = await names_of(address)
        assert ledger.check(names) == []
        assert len(ledger.acknowledged) >= rounds * 20
        assert await unsound(address) == []
    finally:
        server.down()


async def until_more(ledger: Ledger, count: int) -> None:
    """Wait until so many more writes are acknowledged: the services answer again by themselves."""
    wanted = len(ledger.acknowledged) + count
    async with asyncio.timeout(SECONDS_TO_RECOVER):
        while len(ledger.acknowledged) < wanted:
            ledger.more.clear()
            await ledger.more.wait()
