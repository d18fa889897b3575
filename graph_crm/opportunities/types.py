"""Deals, the stages they go through, and who must agree to them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from graph_crm.changes.types import SourceKey
from graph_crm.language import Price, Sentence, say
from graph_crm.opportunities.amounts import price_of


class OpportunityKind(StrEnum):
    NEW = "NEW"
    UPSELL = "UPSELL"
    CROSS_SELL = "CROSS_SELL"
    RENEWAL = "RENEWAL"

    @property
    def label(self) -> Sentence:
        return OPPORTUNITY_KIND_LABELS[self]


class PipelineKind(StrEnum):
    SALES = "SALES"
    DELIVERY = "DELIVERY"

    @property
    def label(self) -> Sentence:
        return PIPELINE_KIND_LABELS[self]


OPPORTUNITY_KIND_LABELS: Mapping[OpportunityKind, Sentence] = {
    OpportunityKind.NEW: say("New business"),
    OpportunityKind.UPSELL: say("Upsell"),
    OpportunityKind.CROSS_SELL: say("Cross-sell"),
    OpportunityKind.RENEWAL: say("Renewal"),
}

PIPELINE_KIND_LABELS: Mapping[PipelineKind, Sentence] = {
    PipelineKind.SALES: say("Sales"),
    PipelineKind.DELIVERY: say("Delivery"),
}


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of a pipeline. `probability` is the chance of winning from here; a delivery has none."""

    id: str
    key: str
    name: str
    order: int
    probability: float | None
    is_won: bool
    is_lost: bool

    @property
    def is_open(self) -> bool:
        return not (self.is_won or self.is_lost)


@dataclass(frozen=True, slots=True)
class Pipeline:
    id: str
    name: str
    kind: PipelineKind
    order: int
    stages: list[Stage]

    def stage(self, key: str) -> Stage | None:
        """The stage of that key, whatever its case."""
        return next((stage for stage in self.stages if stage.key == key.strip().upper()), None)


@dataclass(frozen=True, slots=True)
class StageChange:
    """A stay in a stage: from `entered_at` up to, not including, `left_at`."""

    stage: Stage
    entered_at: dt.datetime
    left_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Part:
    """What the deal itself needs to know of a contact's part in it."""

    contact_id: str
    is_primary: bool
    decides: bool


@dataclass(frozen=True, slots=True)
class Opportunity:
    """A deal as a viewer sees it: what is hidden from them is not in it."""

    id: str
    version: int
    created_at: dt.datetime
    updated_at: dt.datetime
    name: str
    kind: OpportunityKind
    account_id: str | None
    attached_contact_id: str | None
    parts: list[Part]
    stage: Stage
    amount_units: int | None
    currency: str | None
    close_date: dt.date | None
    closed_at: dt.datetime | None
    owner_id: str | None
    lost_reason: str | None
    next_step: str | None
    next_step_due_at: dt.datetime | None

    @property
    def price(self) -> Price | None:
        return price_of(self.amount_units, self.currency)

    @property
    def is_open(self) -> bool:
        return self.stage.is_open

    @property
    def primary_contact_id(self) -> str | None:
        """Whose part is primary, else whom the deal was attached to."""
        return primary_contact(self.parts) or self.attached_contact_id

    @property
    def primary_decision_maker_id(self) -> str | None:
        """The decision maker whose part is primary, else the only one. Never told from a title."""
        return primary_decision_maker(self.parts)


def primary_contact(parts: Sequence[Part]) -> str | None:
    return next((part.contact_id for part in parts if part.is_primary), None)


def primary_decision_maker(parts: Sequence[Part]) -> str | None:
    deciding = [part for part in parts if part.decides]
    primary = [part for part in deciding if part.is_primary]
    chosen = primary or deciding
    return chosen[0].contact_id if len(chosen) == 1 else None


@dataclass(frozen=True, slots=True)
class NewOpportunity:
    """A deal to be made. It enters its first stage unless one is named, now unless `entered_at` says when."""

    name: str
    account_id: str | None = None
    primary_contact_id: str | None = None
    kind: OpportunityKind = OpportunityKind.NEW
    pipeline_id: str | None = None
    stage_key: str | None = None
    entered_at: dt.datetime | None = None
    amount: Decimal | None = None
    currency: str | None = None
    close_date: dt.date | None = None
    owner_id: str | None = None
    next_step: str | None = None
    next_step_due_at: dt.datetime | None = None
    lost_reason: str | None = None
    source: SourceKey | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """A deal that goes to another stage of its pipeline."""

    opportunity_id: str
    stage_key: str
    at: dt.datetime | None = None
    lost_reason: str | None = None


@dataclass(frozen=True, slots=True)
class ConsensusRule:
    """Who must agree: of these people so many (all when no number is given), and who may not be against it."""

    needed_contact_ids: tuple[str, ...] = ()
    needed_count: int | None = None
    veto_contact_ids: tuple[str, ...] = ()


CHAMPION_SEAT = "CHAMPION"
"""The one seat of a role template that is no buying role: somebody who fights for us."""


SEAT_ROLES = frozenset(
    {
        CHAMPION_SEAT,
        "ECONOMIC_BUYER",
        "DECISION_MAKER",
        "APPROVER",
        "EXECUTIVE_SPONSOR",
        "TECHNICAL_BUYER",
        "EVALUATOR",
        "END_USER",
        "INFLUENCER",
        "GATEKEEPER",
        "PROCUREMENT",
        "LEGAL_COMPLIANCE",
        "COACH",
        "OTHER",
    }
)


@dataclass(frozen=True, slots=True)
class TemplateSeat:
    """One seat that a deal needs filled: a buying role, or CHAMPION; counted from that chance of winning on."""

    role: str
    weight: float
    from_probability: float = 0.0


@dataclass(frozen=True, slots=True)
class OpenAmounts:
    """What the open deals of an account amount to, in each currency."""

    account_id: str
    currency: str
    amount_units: int
