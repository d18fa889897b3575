"""What one statement returns about a stakeholder map, before any rule has looked at it.

Every class here is flat and made of plain values, so that one Cypher record in this shape becomes one
`MapFacts`. Times are UTC datetimes, money is integer minor units, weights and confidences are 0 to 1. The
statement returns what was true at `as_of` and known at `known_at`, and only what the viewer may see; the
rules compute everything else from it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from babel.numbers import get_currency_precision

from graph_crm.contacts.types import Seniority
from graph_crm.language import Price
from graph_crm.stakeholders.types import (
    DECIDING_ROLES,
    Assessment,
    BuyingRole,
    CoverageLevel,
    EvidenceGrade,
    LinkKind,
)
from graph_crm.ties.types import Tie


class ScopeKind(StrEnum):
    OPPORTUNITY = "OPPORTUNITY"
    ACCOUNT = "ACCOUNT"


@dataclass(frozen=True, slots=True, kw_only=True)
class ScopeFacts:
    """The deal or the account that the map is about.

    For an account: `opportunity_name`, amount, stage, pipeline and close date are null, and `probability`
    is the greatest stage probability among its open deals.
    """

    kind: ScopeKind
    id: str
    account_id: str | None
    account_name: str | None
    opportunity_name: str | None = None
    amount_minor: int | None = None
    currency: str | None = None
    stage_name: str | None = None
    probability: float | None = None
    pipeline_name: str | None = None
    close_date: dt.date | None = None

    @property
    def price(self) -> Price | None:
        if self.amount_minor is None or self.currency is None:
            return None
        return Price(Decimal(self.amount_minor).scaleb(-get_currency_precision(self.currency)), self.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmploymentFacts:
    """One employment in force at `as_of`.

    `here` is true at the scope's account or one of its subsidiaries.
    """

    account_id: str
    account_name: str
    here: bool
    title: str | None = None
    seniority: Seniority = Seniority.UNKNOWN
    is_primary: bool = False
    valid_from: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StakeholderFacts:
    """One part of one contact: in the deal, in the account plan, or (for an account) in one of its open
    deals.

    `assessment` is the one row in force at `as_of` as known at `known_at`; a part without one is left out
    by the statement. `coverage` is a stated level, null when nobody stated any.
    """

    id: str
    scope_kind: ScopeKind
    scope_id: str
    assessment: Assessment
    version: int = 1
    coverage: CoverageLevel | None = None
    willing_to_introduce: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TieFacts:
    """What one KNOWS edge between a contact and one of ours holds, seen from our side.

    The accumulators of `tie` are oriented: `outbound` is our user to the contact, `inbound` the contact
    to our user. `last_mutual_at`, `last_sent_at` and `last_received_at` are when the newest held
    interaction of weight above 0 was, in days since 1970 (null: none): mutual ones without EVENTs and
    gatherings of more than twelve; sent and received are mails and messages between these two. A PRIVATE
    tie of somebody else is not in the facts; an EXISTS_BUT_ASK tie is, with its user: the rules hide the
    name from everybody but the tie's owner.
    """

    user_id: str
    tie: Tie
    last_mutual_at: float | None = None
    last_sent_at: float | None = None
    last_received_at: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonFacts:
    """A contact who has a part, or who works at the account at `as_of`.

    `title_as_given` serves those who have no employment (an independent consultant).
    """

    contact_id: str
    name: str
    family_name: str | None = None
    title_as_given: str | None = None
    employments: tuple[EmploymentFacts, ...] = ()
    stakeholders: tuple[StakeholderFacts, ...] = ()
    ties: tuple[TieFacts, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkFacts:
    """A reporting line, an influence or a conflict in force at `as_of` between two people of the map.

    REPORTS_TO is a solid line, DOTTED_LINE a dotted one. `weight` is given for INFLUENCES (.9, .6, .3)
    and KNOWS. `opportunity_id` is set when the influence holds for one deal alone.
    """

    id: str
    kind: LinkKind
    from_id: str
    to_id: str
    weight: float | None = None
    opportunity_id: str | None = None
    note: str | None = None
    grade: EvidenceGrade | None = None
    confidence: float | None = None
    valid_from: dt.datetime | None = None
    valid_to: dt.datetime | None = None

    @property
    def also_about(self) -> list[str]:
        """Which records a change of the link is about, beside the person it starts from."""
        return [self.to_id, *([] if self.opportunity_id is None else [self.opportunity_id])]


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamFacts:
    """A team of one of ours and how many active members it has."""

    id: str
    name: str
    active_members: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UserFacts:
    """One of ours who has a tie to somebody on the map. `active` at `as_of`."""

    id: str
    name: str
    active: bool = True
    leaves_on: dt.date | None = None
    teams: tuple[TeamFacts, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class SeatFacts:
    """One seat of a role template. The champion's seat has no role: it is filled by a stance.

    The seat counts from the stage probability `from_probability` on.
    """

    role: BuyingRole | None
    weight: float
    required: bool = True
    from_probability: float = 0.0

    @property
    def needs_champion(self) -> bool:
        return self.role is None


DEFAULT_ROLE_TEMPLATE = (
    SeatFacts(role=BuyingRole.ECONOMIC_BUYER, weight=3),
    SeatFacts(role=None, weight=3),
    SeatFacts(role=BuyingRole.TECHNICAL_BUYER, weight=2),
    SeatFacts(role=BuyingRole.END_USER, weight=1),
    SeatFacts(role=BuyingRole.PROCUREMENT, weight=1, from_probability=0.6),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsensusRule:
    """Whose agreement a deal needs.

    Needed are those named in `needed_contact_ids`, with or without a part, or, when it names nobody, the
    holders of `needed_roles`; `needed_count` of them must agree, all when it is null. Veto: those named in
    `veto_contact_ids` and the holders of `veto_roles`.
    """

    needed_roles: frozenset[BuyingRole] = DECIDING_ROLES
    needed_contact_ids: tuple[str, ...] = ()
    needed_count: int | None = None
    veto_roles: frozenset[BuyingRole] = frozenset()
    veto_contact_ids: tuple[str, ...] = ()

    def names(self, contact_id: str) -> bool:
        return contact_id in self.needed_contact_ids or contact_id in self.veto_contact_ids


@dataclass(frozen=True, slots=True, kw_only=True)
class MapFacts:
    """Everything a stakeholder map is computed from, as one statement returns it.

    `role_template` empty means the default one; `consensus_rule` null means the default one. `users`
    holds every user a tie names. `named` holds those whom the consensus rule names and who are not among
    `people`. `people_in_all` is the count before a cut of very large maps; null when nothing was cut.
    """

    scope: ScopeFacts
    people: tuple[PersonFacts, ...] = ()
    links: tuple[LinkFacts, ...] = ()
    users: tuple[UserFacts, ...] = ()
    role_template: tuple[SeatFacts, ...] = ()
    consensus_rule: ConsensusRule | None = None
    named: tuple[PersonFacts, ...] = ()
    people_in_all: int | None = None
