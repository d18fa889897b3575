"""What the database already holds of the records that an import is about."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

import orjson


@dataclass(frozen=True, slots=True)
class KnownSource:
    """A record that an earlier import of this system made or met, and what the file said of it then."""

    key: str
    record_id: str
    version: int | None
    values: str | None
    visible: bool
    account_ids: list[str]
    contact_ids: list[str]

    @property
    def given(self) -> dict[str, Any]:
        return {} if self.values is None else cast("dict[str, Any]", orjson.loads(self.values))


@dataclass(frozen=True, slots=True)
class KnownUser:
    id: str
    name: str
    name_key: str
    email: str
    opted_out: bool


@dataclass(frozen=True, slots=True)
class KnownAccount:
    id: str
    version: int | None
    name: str
    name_key: str
    domain: str | None
    website: str | None
    industry: str | None
    employee_count: int | None
    street: str | None
    city: str | None
    postal_code: str | None

    @property
    def values(self) -> dict[str, Any]:
        """What an import may add to, by the names that drafts use."""
        return {
            name: getattr(self, name)
            for name in ("name", "website", "industry", "employee_count", "street", "city", "postal_code")
        }


@dataclass(frozen=True, slots=True)
class KnownAssignment:
    """Who of ours is on an account."""

    account_id: str
    user_ids: list[str]


@dataclass(frozen=True, slots=True)
class KnownContact:
    id: str
    version: int | None
    name: str
    name_key: str
    given_name: str | None
    family_name: str | None
    civility: str | None
    emails: list[str]
    employer_as_given: str | None
    account_ids: list[str]
    account_names: list[str]
    title: str | None
    department: str | None

    @property
    def values(self) -> dict[str, Any]:
        return {
            name: getattr(self, name) for name in ("given_name", "family_name", "civility", "title", "department")
        }


@dataclass(frozen=True, slots=True)
class KnownOpportunity:
    id: str
    version: int | None
    name_key: str
    account_ids: list[str]
    contact_ids: list[str]


@dataclass(frozen=True, slots=True)
class KnownStage:
    id: str
    key: str
    name: str
    order: int
    probability: float | None
    is_won: bool
    is_lost: bool


@dataclass(frozen=True, slots=True)
class KnownPipeline:
    id: str
    version: int | None
    name: str
    name_key: str
    order: int
    stages: list[KnownStage]


@dataclass(slots=True)
class Known:
    """Everything above, as far as the files speak of it."""

    sources: Mapping[str, KnownSource] = field(default_factory=dict[str, KnownSource])
    users: list[KnownUser] = field(default_factory=list[KnownUser])
    accounts: list[KnownAccount] = field(default_factory=list[KnownAccount])
    assignments: list[KnownAssignment] = field(default_factory=list[KnownAssignment])
    contacts: list[KnownContact] = field(default_factory=list[KnownContact])
    opportunities: list[KnownOpportunity] = field(default_factory=list[KnownOpportunity])
    pipelines: list[KnownPipeline] = field(default_factory=list[KnownPipeline])
    events: frozenset[str] = frozenset()
