"""Whether a database really answers: an open port says little, and a failed database keeps its port open."""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from neo4j import Driver, GraphDatabase, Query, Session
from neo4j.exceptions import AuthError, ClientError, DriverError, Neo4jError

from graph_crm.errors import Conflict, Unavailable
from graph_crm.graph.query import statement

PAUSE_SECONDS: Final = 0.2
CONNECTION_SECONDS: Final = 2
PROBE_SECONDS: Final = 5
TOO_MANY_TRIES: Final = "Neo.ClientError.Security.AuthenticationRateLimit"

# It logs every socket that isn't open yet.
logging.getLogger("neo4j").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a database is and who we are there."""

    uri: str
    user: str
    password: str = field(repr=False)
    database: str = "neo4j"
    folder: Path | None = None
    """Where it keeps its files, when that is on this machine."""

    @property
    def port(self) -> int:
        return urlsplit(self.uri).port or 7687


class WrongPassword(Exception):
    """The database knows the password is another: trying again would only lock us out."""


class NotReady(Exception):
    """It does not answer yet; the text says what was missing."""


def connected(address: Address) -> AbstractContextManager[Driver]:
    """A short-lived driver for questions about the database itself."""
    return GraphDatabase.driver(  # pyright: ignore[reportUnknownMemberType]
        address.uri,
        auth=(address.user, address.password),
        connection_timeout=CONNECTION_SECONDS,
        connection_acquisition_timeout=CONNECTION_SECONDS + 1,
        max_transaction_retry_time=0,
        notifications_min_severity="OFF",
        telemetry_disabled=True,
    )


def session_on(driver: Driver, database: str) -> Session:
    # The driver declares its options as anything.
    return driver.session(database=database)  # pyright: ignore[reportUnknownMemberType]


def port_is_open(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=CONNECTION_SECONDS):
            return True
    except OSError:
        return False


def port_is_free(port: int) -> bool:
    with socket.socket() as listener:
        # As the server does: a connection of an earlier server that is only waiting to be forgotten is no obstacle.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def probe(driver: Driver, database: str) -> None:
    """Read, write without keeping it, and ask the server what it says of its databases."""
    try:
        with session_on(driver, database) as session:
            session.run(Query("RETURN 1", timeout=PROBE_SECONDS)).consume()
            with session.begin_transaction(timeout=PROBE_SECONDS) as transaction:
                transaction.run("CREATE (probe) DELETE probe").consume()
                transaction.rollback()
        with session_on(driver, "system") as session:
            _refuse_failed(session, {database, "system"})
    except AuthError as problem:
        raise WrongPassword from problem
    except ClientError as problem:
        if problem.code == TOO_MANY_TRIES:
            raise WrongPassword from problem
        raise NotReady(str(problem.code)) from problem
    except (Neo4jError, DriverError) as problem:
        raise NotReady(getattr(problem, "code", None) or type(problem).__name__) from problem


def _refuse_failed(session: Session, databases: set[str]) -> None:
    rows = session.run("SHOW DATABASES YIELD name, currentStatus, statusMessage").data()
    for row in rows:
        if row["name"] in databases and (row["currentStatus"] != "online" or row["statusMessage"]):
            raise NotReady(f"{row['name']}: {row['currentStatus']} {row['statusMessage'] or ''}".strip())


def wait_until_ready(address: Address, *, alive: Callable[[], bool], seconds: float) -> None:
    """Return when the database answers; raise when its process ends, it refuses us, or the time is over."""
    until = time.monotonic() + seconds
    missing = "port"
    while time.monotonic() < until:
        if not alive():
            raise NotReady("process")
        if port_is_open(address.port):
            with connected(address) as driver:
                try:
                    probe(driver, address.database)
                except NotReady as problem:
                    missing = str(problem)
                else:
                    return
        time.sleep(PAUSE_SECONDS)
    raise NotReady(missing)


def refuse_foreign_nodes(driver: Driver, database: str) -> None:
    """Refuse a database that holds nodes which graph_crm did not make: ours carries its migrations."""
    with session_on(driver, database) as session:
        found = session.run(statement("graph/ownership")).single(strict=True)
    if found["nodes"] and not found["ours"]:
        raise Conflict(
            "This database holds nodes that graph_crm did not make. It was left untouched; name an empty database."
        )


def refuse_unreachable(address: Address) -> None:
    """Refuse when a given database does not answer."""
    with connected(address) as driver:
        try:
            probe(driver, address.database)
        except WrongPassword as problem:
            raise Unavailable(
                "The database at {uri} does not accept the password of {user}.",
                uri=address.uri,
                user=address.user,
            ) from problem
        except NotReady as problem:
            raise Unavailable(
                "The database at {uri} does not answer ({reason}).", uri=address.uri, reason=str(problem)
            ) from problem
