"""The one write helper: receipt, locks, version, rule, append, change event, sequence, in this order."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, LiteralString, TypeVar, cast

import orjson

from graph_crm.errors import Conflict, Invalid, NotFound
from graph_crm.graph.identity import new_id
from graph_crm.graph.parameters import encode
from graph_crm.graph.query import Nothing, Query, query
from graph_crm.viewer import Groups, Viewer

Row = TypeVar("Row")
Run = Callable[[LiteralString, dict[str, Any]], Awaitable[tuple[Sequence[str], Sequence[Sequence[Any]]]]]


@dataclass(frozen=True, slots=True)
class Receipt:
    """What makes a write happen once: the caller's key, and a digest of what was asked."""

    action: LiteralString
    digest: str
    key: str | None = None
    drawn: str = field(default_factory=lambda: uuid.uuid4().hex)

    @staticmethod
    def of(action: LiteralString, content: Any, key: str | None = None) -> Receipt:
        """The receipt of one request. `content` is everything the request asks for."""
        if key is not None and not 1 <= len(key) <= 200:
            raise Invalid("An idempotency key has 1 to 200 characters.", field=("idempotencyKey",))
        text = orjson.dumps([action, content], option=orjson.OPT_SORT_KEYS, default=plain)
        return Receipt(action, hashlib.sha256(text).hexdigest(), key)

    @property
    def shown_key(self) -> str:
        """The key with which the caller may repeat the request."""
        return self.key or self.drawn

    def key_of(self, viewer: Viewer) -> str:
        """The key under which the receipt is kept: keys of two users never meet."""
        return f"{viewer.user_id}:{self.shown_key}"


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of the audit trail. `before` and `after` hold the fields that changed.

    Only who sees every record of `also_about` is told of it: the other end of a link, the employer of a job.
    """

    record_id: str
    action: LiteralString
    before: Mapping[str, Any] = field(default_factory=dict[str, Any])
    after: Mapping[str, Any] = field(default_factory=dict[str, Any])
    also_about: Sequence[str] = ()
    renews: bool = True


class Write:
    """One transaction, as the work of a use case sees it."""

    def __init__(self, run: Run, *, actor_id: str | None, now: dt.datetime) -> None:
        self._run = run
        self.actor_id = actor_id
        self.now = now
        self.changes: list[Change] = []

    def new_id(self) -> str:
        """A fresh id for a record that this write makes."""
        return new_id(self.now)

    async def run(self, question: Query[Row], **parameters: Any) -> list[Row]:
        """Run a statement in this transaction."""
        columns, values = await self._run(question.text, encode(parameters))
        return question.decode(columns, values) if columns else []

    async def one(self, question: Query[Row], **parameters: Any) -> Row | None:
        """The only row of a statement, or None."""
        rows = await self.run(question, **parameters)
        return rows[0] if rows else None

    async def schema(self, text: LiteralString) -> None:
        """Run a statement of a migration, which has no rows."""
        await self._run(text, {})

    def created(self, record_id: str, action: LiteralString, **after: Any) -> None:
        """Note in the audit trail that this write made a record."""
        self.changes.append(Change(record_id, action, after=after, renews=False))

    def changed(
        self,
        record_id: str,
        action: LiteralString,
        *,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        also_about: Sequence[str] = (),
    ) -> None:
        """Note in the audit trail that this write changed a record; its version goes up by one."""
        self.changes.append(Change(record_id, action, before or {}, after or {}, also_about))

    def linked(
        self,
        record_id: str,
        action: LiteralString,
        *,
        before: Mapping[str, Any] | None = None,
        after: Mapping[str, Any] | None = None,
        also_about: Sequence[str],
    ) -> None:
        """Note in the audit trail that this write linked two records, or ended their link.

        Their versions stay: no field of theirs changed, and a new version would tell of the link to somebody who
        sees only one of them.
        """
        self.changes.append(Change(record_id, action, before or {}, after or {}, also_about, renews=False))


@dataclass(frozen=True, slots=True)
class Claim:
    mine: bool
    same: bool
    result: str | None


@dataclass(frozen=True, slots=True)
class Versioned:
    id: str
    version: int


@dataclass(frozen=True, slots=True)
class VersionsSeen:
    visible: list[Versioned]


CLAIM = query("graph/claim_receipt", Claim)
CLOSE = query("graph/close_receipt", Nothing)
LOCK = query("graph/lock", VersionsSeen)
APPEND_CHANGES = query("graph/append_changes", Nothing)


async def settle(
    write: Write,
    work: Callable[[Write], Awaitable[Any]],
    key: str,
    digest: str,
    locks: Sequence[str],
    versions: Mapping[str, int],
    groups: Groups,
) -> Any:
    """The answer of the work, done in this transaction unless its receipt says it was done before."""
    claim = uuid.uuid4().hex
    receipt = await write.one(CLAIM, key=key, digest=digest, claim=claim, now=write.now)
    if receipt is None or not receipt.same:
        raise Conflict("This idempotency key was already used for another request.", field=("idempotencyKey",))
    if not receipt.mine:
        return orjson.loads(receipt.result or "null")
    await lock(write, [*locks, *versions], versions, groups=groups)
    answer = await work(write)
    await append_changes(write)
    await write.run(CLOSE, key=key, result=orjson.dumps(answer).decode())
    return orjson.loads(orjson.dumps(answer))


async def lock(
    write: Write, ids: Sequence[str], versions: Mapping[str, int] | None = None, *, groups: Groups = ()
) -> None:
    """Take the locks in the order of their ids, so that two writes never wait for each other.

    A version is compared only with that of a record which somebody in these groups may see: what is hidden has
    no version for them, as if it were not there.
    """
    wanted = sorted(set(ids))
    if not wanted:
        return
    rows = await write.run(LOCK, ids=wanted, viewer_groups=groups)
    found = {record.id: record.version for row in rows for record in row.visible}
    for record_id, expected in (versions or {}).items():
        current = found.get(record_id)
        if current is None:
            raise NotFound("There is no such record, or you may not see it.")
        if current != expected:
            raise Conflict(
                "Somebody changed this since you read it: you have version {expected}, it is now {current}.",
                field=("expectedVersion",),
                expected=expected,
                current=current,
            )


async def append_changes(write: Write) -> None:
    """Append the audit trail last: the sequence it counts on is one lock for all writers."""
    if not write.changes:
        return
    events = [
        {
            "id": write.new_id(),
            "record_id": change.record_id,
            "also_about": list(change.also_about),
            "action": change.action,
            "fields": sorted({*change.before, *change.after}),
            "values": values_of(change),
            "digest": hashlib.sha256(values_of(change).encode()).hexdigest(),
            "renews": change.renews,
        }
        for change in write.changes
    ]
    await write.run(APPEND_CHANGES, events=events, actor_id=write.actor_id, now=write.now)


def values_of(change: Change) -> str:
    """The values before and after as JSON text, the form in which the audit trail keeps them."""
    return orjson.dumps(
        {"before": dict(change.before), "after": dict(change.after)},
        option=orjson.OPT_SORT_KEYS | orjson.OPT_NON_STR_KEYS,
        default=plain,
    ).decode()


def plain(value: Any) -> Any:
    """Sets become sorted lists, anything else that JSON does not know its text."""
    return sorted(map(str, cast("frozenset[Any]", value))) if isinstance(value, frozenset | set) else str(value)
