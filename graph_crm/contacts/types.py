"""People on the customer side, and where they work."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from graph_crm.accounts.types import LifecycleStage
from graph_crm.changes.types import SourceKey
from graph_crm.language import Sentence, say


class Seniority(StrEnum):
    """The level of an employment, as a title or somebody's statement gives it."""

    C_LEVEL = "C_LEVEL"
    VP = "VP"
    DIRECTOR = "DIRECTOR"
    MANAGER = "MANAGER"
    INDIVIDUAL_CONTRIBUTOR = "INDIVIDUAL_CONTRIBUTOR"
    UNKNOWN = "UNKNOWN"

    @property
    def label(self) -> Sentence:
        return SENIORITY_LABELS[self]

    @property
    def rank(self) -> int:
        """5 for the top level down to 1; 0 when unknown, and then no rule compares it."""
        return SENIORITY_RANKS[self]

    @property
    def weight(self) -> float | None:
        """0 to 1, or nothing when unknown."""
        return self.rank / 5 if self is not Seniority.UNKNOWN else None


SENIORITY_RANKS = {
    Seniority.C_LEVEL: 5,
    Seniority.VP: 4,
    Seniority.DIRECTOR: 3,
    Seniority.MANAGER: 2,
    Seniority.INDIVIDUAL_CONTRIBUTOR: 1,
    Seniority.UNKNOWN: 0,
}

SENIORITY_LABELS = {
    Seniority.C_LEVEL: say("Executive committee"),
    Seniority.VP: say("Vice president"),
    Seniority.DIRECTOR: say("Director"),
    Seniority.MANAGER: say("Manager"),
    Seniority.INDIVIDUAL_CONTRIBUTOR: say("Individual contributor"),
    Seniority.UNKNOWN: say("Level not known"),
}


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody on the customer side, as they are stored."""

    id: str
    version: int
    created_at: dt.datetime
    updated_at: dt.datetime
    display_name: str
    civility: str | None
    given_name: str | None
    family_name: str | None
    email_addresses: list[str]
    phone_numbers: list[str]
    lifecycle_stage: LifecycleStage
    acquisition_source: str | None
    employer_as_given: str | None
    do_not_contact: bool
    last_interaction_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Employment:
    """Somebody's work at an account, from one day to before another; no day means not known, or still."""

    id: str
    contact_id: str
    account_id: str
    title: str | None
    department: str | None
    seniority: Seniority
    seniority_derived: bool
    is_primary: bool
    valid_from: dt.date | None
    valid_to: dt.date | None

    def in_force(self, day: dt.date) -> bool:
        begun = self.valid_from is None or self.valid_from <= day
        return begun and (self.valid_to is None or self.valid_to > day)

    def overlaps(self, other: Employment) -> bool:
        """Whether both were in force on some day."""
        begins_in_time = self.valid_from is None or other.valid_to is None or self.valid_from < other.valid_to
        ends_late_enough = self.valid_to is None or other.valid_from is None or other.valid_from < self.valid_to
        return begins_in_time and ends_late_enough


@dataclass(frozen=True, slots=True)
class EmployedContact(Contact):
    """Somebody together with the employment that put them on a list."""

    employment: Employment


@dataclass(frozen=True, slots=True)
class Post:
    """What somebody does at an account. Without a stated seniority the title tells one."""

    title: str | None = None
    department: str | None = None
    seniority: Seniority | None = None
    is_primary: bool | None = None
    valid_from: dt.date | None = None


@dataclass(frozen=True, slots=True)
class NewContact:
    """What somebody says of a person who is to be recorded."""

    civility: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    email_addresses: tuple[str, ...] = ()
    phone_numbers: tuple[str, ...] = ()
    lifecycle_stage: LifecycleStage = LifecycleStage.PROSPECT
    acquisition_source: str | None = None
    do_not_contact: bool = False
    account_id: str | None = None
    post: Post = Post()
    source: SourceKey | None = None
