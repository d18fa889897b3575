"""The small company of the worked figures: a chief, two directors, an architect and a user."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from graph_crm.contacts.types import Seniority
from graph_crm.stakeholders.answer import StakeholderMap
from graph_crm.stakeholders.facts import (
    ConsensusRule,
    EmploymentFacts,
    LinkFacts,
    MapFacts,
    PersonFacts,
    ScopeFacts,
    ScopeKind,
    SeatFacts,
    StakeholderFacts,
    TieFacts,
    UserFacts,
)
from graph_crm.stakeholders.stakeholder_map import stakeholder_map
from graph_crm.stakeholders.types import Assessment, BuyingRole, InfluenceLevel, LinkKind, Stance
from graph_crm.ties.types import Tie, TieVisibility

NOW = dt.datetime(2026, 6, 1, 12, tzinfo=dt.UTC)


def link(kind: LinkKind, source: str, target: str, weight: float | None = None) -> LinkFacts:
    return LinkFacts(id=f"{kind}-{source}-{target}", kind=kind, from_id=source, to_id=target, weight=weight)


def tie(
    user_id: str, strength: float, *, visibility: TieVisibility = TieVisibility.SHARED, owner_id: str | None = None
) -> TieFacts:
    return TieFacts(user_id=user_id, tie=Tie(override=strength, visibility=visibility, owner_id=owner_id))


def part(
    contact_id: str,
    *roles: BuyingRole,
    stance: Stance = Stance.UNKNOWN,
    level: InfluenceLevel = InfluenceLevel.UNKNOWN,
    confidence: float = 0.5,
    scope_id: str = "deal",
    scope_kind: ScopeKind = ScopeKind.OPPORTUNITY,
    since: dt.datetime = NOW,
) -> StakeholderFacts:
    return StakeholderFacts(
        id=f"part-{contact_id}-{scope_id}",
        scope_kind=scope_kind,
        scope_id=scope_id,
        assessment=Assessment(
            id=f"assessment-{contact_id}-{scope_id}",
            stakeholder_id=f"part-{contact_id}-{scope_id}",
            roles=frozenset(roles),
            stance=stance,
            influence_level=level,
            is_primary=False,
            confidence=confidence,
            valid_from=since,
            recorded_at=since,
        ),
    )


def person(
    contact_id: str,
    *parts: StakeholderFacts,
    seniority: Seniority = Seniority.UNKNOWN,
    ties: tuple[TieFacts, ...] = (),
    here: bool = True,
    name: str | None = None,
) -> PersonFacts:
    return PersonFacts(
        contact_id=contact_id,
        name=name or contact_id.title(),
        employments=(EmploymentFacts(account_id="company", account_name="Company", here=here, seniority=seniority),),
        stakeholders=parts,
        ties=ties,
    )


def deal(
    *people: PersonFacts,
    links: tuple[LinkFacts, ...] = (),
    template: tuple[SeatFacts, ...] = (),
    rule: ConsensusRule | None = None,
    probability: float | None = None,
    kind: ScopeKind = ScopeKind.OPPORTUNITY,
    users: tuple[UserFacts, ...] = (UserFacts(id="ana", name="Ana Lopez"), UserFacts(id="bo", name="Bo Chen")),
) -> MapFacts:
    return MapFacts(
        scope=ScopeFacts(
            kind=kind,
            id="deal" if kind is ScopeKind.OPPORTUNITY else "company",
            account_id="company",
            account_name="Company",
            opportunity_name="Deal" if kind is ScopeKind.OPPORTUNITY else None,
            probability=probability,
        ),
        people=people,
        links=links,
        users=users,
        role_template=template,
        consensus_rule=rule,
    )


def drawn(facts: MapFacts, *, judgements: bool = True, viewer_id: str | None = None) -> StakeholderMap:
    return stakeholder_map(facts, as_of=NOW, known_at=NOW, judgements=judgements, viewer_id=viewer_id)


LINES = (
    link(LinkKind.REPORTS_TO, "cfo", "ceo"),
    link(LinkKind.REPORTS_TO, "cio", "ceo"),
    link(LinkKind.REPORTS_TO, "arch", "cio"),
    link(LinkKind.REPORTS_TO, "usr", "cio"),
)
INFLUENCES = (
    link(LinkKind.INFLUENCES, "arch", "cio", 0.9),
    link(LinkKind.INFLUENCES, "cio", "ceo", 0.6),
    link(LinkKind.INFLUENCES, "ceo", "cfo", 0.9),
    link(LinkKind.INFLUENCES, "usr", "cio", 0.3),
)
STANCES = {"ceo": Stance.NEUTRAL, "cfo": Stance.BLOCKER, "cio": Stance.CHAMPION, "arch": Stance.SUPPORTER}


def company(
    *extra_links: LinkFacts,
    stances: Mapping[str, Stance] = STANCES,
    ties: Mapping[str, float] | None = None,
    rule: ConsensusRule | None = None,
) -> MapFacts:
    """The worked example: who they are, who leads whom, who moves whom."""
    known = {"cio": 0.62, "arch": 0.45} if ties is None else ties

    def someone(
        contact_id: str,
        role: BuyingRole,
        seniority: Seniority,
        level: InfluenceLevel = InfluenceLevel.UNKNOWN,
        confidence: float = 0.5,
    ) -> PersonFacts:
        stance = stances.get(contact_id, Stance.UNKNOWN)
        return person(
            contact_id,
            part(contact_id, role, stance=stance, level=level, confidence=confidence),
            seniority=seniority,
            ties=(tie("ana", known[contact_id]),) if contact_id in known else (),
        )

    return deal(
        someone("ceo", BuyingRole.ECONOMIC_BUYER, Seniority.C_LEVEL, InfluenceLevel.HIGH, 0.9),
        someone("cfo", BuyingRole.APPROVER, Seniority.C_LEVEL),
        someone("cio", BuyingRole.DECISION_MAKER, Seniority.VP, InfluenceLevel.MEDIUM, 0.5),
        someone("arch", BuyingRole.EVALUATOR, Seniority.MANAGER),
        someone("usr", BuyingRole.END_USER, Seniority.INDIVIDUAL_CONTRIBUTOR),
        links=(*LINES, *INFLUENCES, *extra_links),
        rule=rule,
    )
