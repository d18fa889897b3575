"""Companies, and persons who buy for themselves, as accounts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from graph_crm.changes.types import SourceKey
from graph_crm.language import Sentence, say


class LifecycleStage(StrEnum):
    """Where an account or a contact stands on the way to being a customer, and after."""

    SUSPECT = "SUSPECT"
    PROSPECT = "PROSPECT"
    CUSTOMER = "CUSTOMER"
    FORMER_CUSTOMER = "FORMER_CUSTOMER"
    INACTIVE = "INACTIVE"

    @property
    def label(self) -> Sentence:
        return LIFECYCLE_STAGE_LABELS[self]


LIFECYCLE_STAGE_LABELS = {
    LifecycleStage.SUSPECT: say("Suspect"),
    LifecycleStage.PROSPECT: say("Prospect"),
    LifecycleStage.CUSTOMER: say("Customer"),
    LifecycleStage.FORMER_CUSTOMER: say("Former customer"),
    LifecycleStage.INACTIVE: say("Inactive"),
}


@dataclass(frozen=True, slots=True)
class Account:
    """An account as it is stored; `parent_id` is None when the viewer may not see the parent."""

    id: str
    version: int
    created_at: dt.datetime
    updated_at: dt.datetime
    name: str
    legal_name: str | None
    is_person: bool
    domain: str | None
    website: str | None
    industry: str | None
    employee_count: int | None
    employee_band: str | None
    lifecycle_stage: LifecycleStage
    satisfaction: int | None
    latitude: float | None
    longitude: float | None
    last_interaction_at: dt.datetime | None
    parent_id: str | None


@dataclass(frozen=True, slots=True)
class PostalAddress:
    """Where an account or a contact gets letters, as it was given."""

    record_id: str
    kind: str | None
    street: str | None
    city: str | None
    region: str | None
    postal_code: str | None
    country: str | None


@dataclass(frozen=True, slots=True)
class NewAccount:
    """What somebody says of an account that is to be made."""

    name: str
    legal_name: str | None = None
    is_person: bool = False
    domain: str | None = None
    website: str | None = None
    industry: str | None = None
    employee_count: int | None = None
    employee_band: str | None = None
    lifecycle_stage: LifecycleStage = LifecycleStage.PROSPECT
    satisfaction: int | None = None
    latitude: float | None = None
    longitude: float | None = None
    parent_id: str | None = None
    owner_id: str | None = None
    source: SourceKey | None = None
