"""What a change of a record is, and where a value came from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, cast

import orjson

from graph_crm.errors import Invalid
from graph_crm.language import Sentence, say

RECEIPTS_KEPT: Final = dt.timedelta(hours=72)

JUDGING: Final = ("stakeholder.", "influence.", "conflict.")
"""How the actions begin that say what somebody thinks of a person: shown only to those who may read judgements."""

LONGEST_SYSTEM: Final = 60
LONGEST_SOURCE_KEY: Final = 500


class RecordType(StrEnum):
    ACCOUNT = "ACCOUNT"
    CONTACT = "CONTACT"
    OPPORTUNITY = "OPPORTUNITY"

    @property
    def label(self) -> Sentence:
        return RECORD_TYPE_LABELS[self]


RECORD_TYPE_LABELS: Final[Mapping[RecordType, Sentence]] = {
    RecordType.ACCOUNT: say("Account"),
    RecordType.CONTACT: say("Contact"),
    RecordType.OPPORTUNITY: say("Opportunity"),
}

FIELD_LABELS: Final[Mapping[str, Sentence]] = {
    "account_id": say("Account"),
    "active": say("Active"),
    "amount": say("Amount"),
    "close_date": say("Close date"),
    "currency": say("Currency"),
    "display_name": say("Name"),
    "email": say("E-mail address"),
    "email_addresses": say("E-mail addresses"),
    "expires_at": say("Expires"),
    "family_name": say("Family name"),
    "from_account_id": say("From account"),
    "function": say("Function"),
    "given_name": say("Given name"),
    "industry": say("Industry"),
    "language": say("Language"),
    "leaves_on": say("Last day"),
    "lifecycle_stage": say("Status"),
    "member_ids": say("Members"),
    "name": say("Name"),
    "owner_id": say("Owner"),
    "parent_id": say("Parent account"),
    "phone_numbers": say("Phone numbers"),
    "prefix": say("Prefix"),
    "primary_contact_id": say("Primary contact"),
    "role": say("Role"),
    "scopes": say("Scopes"),
    "shared_with_ids": say("Shared with"),
    "stage": say("Stage"),
    "stage_id": say("Stage"),
    "stage_key": say("Stage"),
    "successor_id": say("Successor"),
    "territory_ids": say("Territories"),
    "title": say("Title"),
    "user_id": say("Colleague"),
    "valid_from": say("Valid from"),
    "valid_to": say("Valid until"),
    "website": say("Website"),
}


@dataclass(frozen=True, slots=True)
class FieldValue:
    """The value of one field as people read it; `text` is None when there was none."""

    key: str
    label: Sentence
    text: str | Sentence | None


@dataclass(frozen=True, slots=True)
class StoredChange:
    """One entry of the audit trail as it is kept; `values` is gone once the person it spoke of was erased."""

    id: str
    sequence: int
    at: dt.datetime
    actor_id: str | None
    action: str
    record_id: str
    fields: list[str]
    values: str | None


@dataclass(frozen=True, slots=True)
class ChangeEvent:
    """Who changed what of a record, and when. The values are None once they were erased."""

    id: str
    sequence: int
    at: dt.datetime
    actor_id: str | None
    action: str
    record_id: str
    fields: tuple[str, ...]
    before: tuple[FieldValue, ...] | None
    after: tuple[FieldValue, ...] | None


@dataclass(frozen=True, slots=True)
class SourceKey:
    """What another system calls a record."""

    system: str
    record_type: RecordType
    key: str

    def __post_init__(self) -> None:
        if not 1 <= len(self.system.strip()) <= LONGEST_SYSTEM or ":" in self.system:
            raise Invalid(
                "The name of a system has 1 to {limit} characters and no colon.",
                limit=LONGEST_SYSTEM,
                field=("sourceKey", "system"),
            )
        if not 1 <= len(self.key.strip()) <= LONGEST_SOURCE_KEY:
            raise Invalid(
                "The key of a record in another system has 1 to {limit} characters.",
                limit=LONGEST_SOURCE_KEY,
                field=("sourceKey", "key"),
            )

    @property
    def text(self) -> str:
        """The one text under which this key is kept."""
        return f"{self.system.strip()}:{self.record_type.value}:{self.key.strip()}"


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """Where a record came from, and when it came."""

    record_id: str
    system: str
    record_type: RecordType
    key: str
    imported_at: dt.datetime


def holds_ids(field: str) -> bool:
    """Whether the values of a field are ids of records, which may be hidden from a reader."""
    return field.endswith(("_id", "_ids"))


def kept_values(stored: StoredChange) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """The values before and after; None once they were erased."""
    if stored.values is None:
        return None
    kept = orjson.loads(stored.values)
    return kept.get("before", {}), kept.get("after", {})


def ids_in(changes: Iterable[StoredChange]) -> frozenset[str]:
    """The ids of records that the values of these changes name."""
    found: set[str] = set()
    for change in changes:
        for values in kept_values(change) or ():
            for field, value in values.items():
                if holds_ids(field):
                    found.update(texts_of(value))
    return frozenset(found)


def texts_of(value: Any) -> list[str]:
    items = cast("list[Any]", value) if isinstance(value, list) else [value]
    return [item for item in items if isinstance(item, str)]


def change_of(stored: StoredChange, visible_ids: frozenset[str]) -> ChangeEvent:
    """The change as its reader sees it: of ids in its values, only the visible ones."""
    kept = kept_values(stored)
    return ChangeEvent(
        id=stored.id,
        sequence=stored.sequence,
        at=stored.at,
        actor_id=stored.actor_id,
        action=stored.action,
        record_id=stored.record_id,
        fields=tuple(stored.fields),
        before=None if kept is None else shown(kept[0], visible_ids),
        after=None if kept is None else shown(kept[1], visible_ids),
    )


def shown(values: Mapping[str, Any], visible_ids: frozenset[str]) -> tuple[FieldValue, ...]:
    """The values as people read them, in the order of their keys."""
    return tuple(
        FieldValue(field, label_of(field), text_of(visible(value, visible_ids) if holds_ids(field) else value))
        for field, value in sorted(values.items())
    )


def visible(value: Any, visible_ids: frozenset[str]) -> Any:
    if isinstance(value, list):
        return [item for item in cast("list[Any]", value) if item in visible_ids]
    return value if value in visible_ids else None


def label_of(field: str) -> Sentence:
    """The field as people call it; one that has no name of its own keeps its key in plain words."""
    return FIELD_LABELS.get(field) or Sentence(
        "{key}", {"key": field.removeprefix("cf_").replace("_", " ").capitalize()}
    )


def text_of(value: Any) -> str | Sentence | None:
    match value:
        case None:
            return None
        case bool():
            return say("yes") if value else say("no")
        case list():
            return ", ".join(str(item) for item in cast("list[Any]", value)) or None
        case dict():
            return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
        case _:
            return str(value)
