"""The database is brought to the version this code needs: numbered files, checksummed, under a lease.

Each statement of a file can run twice without harm, so a migration that was cut off simply runs again. A
database that knows a newer migration than this code refuses to start, and so does one whose schema differs from
what the files ask for.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import LiteralString, cast

from graph_crm.errors import Conflict, Unavailable
from graph_crm.graph.client import Graph
from graph_crm.graph.query import Nothing, cypher_folder, query, statement
from graph_crm.graph.write import Write

LEASE_MILLISECONDS = 30_000
WAIT_SECONDS = 0.2
LONGEST_WAIT_SECONDS = 60.0

FILE = re.compile(r"V(\d{4})__(\w+)")
CONSTRAINT = re.compile(r"CREATE CONSTRAINT (\w+) IF NOT EXISTS FOR (.+?) REQUIRE (.+?) IS UNIQUE", re.DOTALL)
INDEX = re.compile(r"CREATE (FULLTEXT )?INDEX (\w+) IF NOT EXISTS FOR (.+?) ON (?:EACH )?[(\[](.+?)[)\]]", re.DOTALL)
SCHEMA = re.compile(r"\s*(?://[^\n]*\n\s*)*(CREATE|DROP) (CONSTRAINT|INDEX|FULLTEXT INDEX)")


@dataclass(frozen=True, slots=True)
class Migration:
    """One numbered file: its statements and the digest that proves it unchanged."""

    version: int
    name: str
    text: LiteralString

    @property
    def checksum(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def statements(self) -> list[LiteralString]:
        parts = [part.strip() for part in re.split(r";[ \t]*(?:\n|$)", self.text)]
        # Parts of a reviewed file, like the file itself.
        return [cast("LiteralString", part) for part in parts if without_comments(part)]


@dataclass(frozen=True, slots=True)
class Applied:
    version: int
    checksum: str


@dataclass(frozen=True, slots=True)
class Lease:
    mine: bool


@dataclass(frozen=True, slots=True)
class SchemaItem:
    """A constraint or an index: what it is called, on which label or type, on which properties."""

    name: str
    on: tuple[str, ...]
    properties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ownership:
    nodes: bool
    ours: bool


TAKE_LEASE = query("graph/take_migration_lease", Lease)
END_LEASE = query("graph/end_migration_lease", Nothing)
APPLIED = query("graph/applied_migrations", Applied)
MARK = query("graph/mark_migration", Nothing)
SCHEMA_ITEMS = query("graph/schema_items", SchemaItem)
OWNERSHIP = query("graph/ownership", Ownership)
ONE_LOCK = query("graph/one_migration_lock", Nothing)


def shipped() -> list[Migration]:
    """The migrations of this code, oldest first."""
    names = sorted(path.stem for path in (cypher_folder() / "migrations").glob("V*.cypher"))
    found = [(FILE.fullmatch(name), name) for name in names]
    return [Migration(int(m[1]), m[2], statement(f"migrations/{name}")) for m, name in found if m is not None]


def without_comments(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("//")).strip()


def wanted_schema(migrations: Sequence[Migration]) -> dict[str, SchemaItem]:
    """What the files ask for, by name."""
    wanted: dict[str, SchemaItem] = {}
    for text in (without_comments(given) for given in (ONE_LOCK.text, *(one.text for one in migrations))):
        for name, pattern, required in CONSTRAINT.findall(text):
            wanted[name] = SchemaItem(name, labels_in(pattern), properties_in(required))
        for _, name, pattern, properties in INDEX.findall(text):
            wanted[name] = SchemaItem(name, labels_in(pattern), properties_in(properties))
    return wanted


def labels_in(pattern: str) -> tuple[str, ...]:
    found = re.search(r":([\w|]+)", pattern)
    return tuple(sorted(found[1].split("|"))) if found else ()


def properties_in(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\w+\.(\w+)", text))


async def migrate(graph: Graph) -> int:
    """Bring the database to the version of this code; answers how many migrations were applied.

    Raises `Conflict` when the database holds nodes that graph_crm did not make, knows a newer version, was
    migrated by an edited file, or has another schema under one of our names; `Unavailable` when another process
    does not come to the end of it.
    """
    migrations = shipped()
    await refuse_foreign(graph)
    count = len(await missing(graph, migrations))
    if count:
        count = await apply_missing(graph, migrations)
    await refuse_other_schema(graph, migrations)
    return count


async def missing(graph: Graph, migrations: Sequence[Migration]) -> list[Migration]:
    """The migrations that this database has not had yet."""
    applied = {row.version: row.checksum for row in await graph.read(APPLIED)}
    refuse_unknown(migrations, applied)
    return [migration for migration in migrations if migration.version not in applied]


async def apply_missing(graph: Graph, migrations: Sequence[Migration]) -> int:
    """Apply what is missing once nobody else is at it; answers how many migrations that were."""
    await graph.maintain(lambda write: write.schema(ONE_LOCK.text), ONE_LOCK.name)
    me = uuid.uuid4().hex
    waited = 0.0
    while not await lease(graph, me):
        waited += WAIT_SECONDS
        if waited > LONGEST_WAIT_SECONDS:
            raise Unavailable("Another process has been migrating this database for too long.")
        await asyncio.sleep(WAIT_SECONDS)
    try:
        left = await missing(graph, migrations)
        for migration in left:
            await apply(graph, migration, me)
    finally:
        await graph.maintain(lambda write: write.run(END_LEASE, owner=me), "end_migration_lease")
    return len(left)


async def lease(graph: Graph, me: str) -> bool:
    async def work(write: Write) -> bool:
        row = await write.one(TAKE_LEASE, owner=me, milliseconds=LEASE_MILLISECONDS)
        return row is not None and row.mine

    return await graph.maintain(work, "take_migration_lease")


async def apply(graph: Graph, migration: Migration, me: str) -> None:
    batches: list[list[LiteralString]] = []
    for text in migration.statements:
        # Schema and data cannot share a transaction; each data statement gets its own.
        if SCHEMA.match(text) and batches and SCHEMA.match(batches[-1][0]):
            batches[-1].append(text)
        else:
            batches.append([text])
    for batch in batches:

        async def work(write: Write, batch: list[LiteralString] = batch) -> None:
            for text in batch:
                await write.schema(text)

        await graph.maintain(work, f"migration {migration.version}", seconds=600)
        if not await lease(graph, me):
            raise Unavailable("Another process took over the migration of this database.")

    async def mark(write: Write) -> None:
        await write.run(
            MARK, version=migration.version, name=migration.name, checksum=migration.checksum, now=write.now
        )

    await graph.maintain(mark, "mark_migration")


def refuse_unknown(migrations: Sequence[Migration], applied: dict[int, str]) -> None:
    known = {migration.version: migration for migration in migrations}
    for version, checksum in sorted(applied.items()):
        if version not in known:
            raise Conflict(
                "This database was used by a newer graph_crm (migration {version}). Install that version.",
                version=version,
            )
        if known[version].checksum != checksum:
            raise Conflict(
                "Migration {version} was edited after it had been applied. Put the original file back.",
                version=version,
            )


async def refuse_foreign(graph: Graph) -> None:
    """Refuse a database with nodes that graph_crm did not make; nothing in it is touched."""
    row = await graph.read_one(OWNERSHIP)
    if row is not None and row.nodes and not row.ours:
        raise Conflict(
            "This database holds nodes that graph_crm did not make. It was left untouched; name an empty database."
        )


async def refuse_other_schema(graph: Graph, migrations: Sequence[Migration]) -> None:
    found = {row.name: row for row in await graph.read(SCHEMA_ITEMS)}
    for name, wanted in wanted_schema(migrations).items():
        present = found.get(name)
        if present is None or (tuple(sorted(present.on)), present.properties) != (wanted.on, wanted.properties):
            raise Conflict(
                "The database has another {name} than graph_crm needs. Drop it, then start again.", name=name
            )
