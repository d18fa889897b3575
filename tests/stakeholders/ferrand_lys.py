"""The demo's deals as facts, as one statement would return them at any date.

Ties are computed from the interactions; assessments are recorded as the story tells them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import count

from graph_crm.contacts.types import Seniority
from graph_crm.stakeholders.facts import (
    DEFAULT_ROLE_TEMPLATE,
    ConsensusRule,
    EmploymentFacts,
    LinkFacts,
    MapFacts,
    PersonFacts,
    ScopeFacts,
    ScopeKind,
    SeatFacts,
    StakeholderFacts,
    TeamFacts,
    TieFacts,
    UserFacts,
)
from graph_crm.stakeholders.history import LEFT_OUT, Judgement, LeftOut, applied, as_of, recorded
from graph_crm.stakeholders.types import Assessment, BuyingRole, InfluenceLevel, LinkKind, Stance
from graph_crm.ties.strength import epoch_days, pair_key, recomputed, with_contact
from graph_crm.ties.types import (
    InteractionFacts,
    InteractionType,
    Participant,
    ParticipantRole,
    Tie,
    TieLevel,
    TieVisibility,
)

DAY_OF_LOADING = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)


def days_ago(days: int) -> dt.datetime:
    return DAY_OF_LOADING - dt.timedelta(days=days)


LYON, LONDON, DIRECTION = (
    TeamFacts(id="lyon", name="Lyon", active_members=4),
    TeamFacts(id="london", name="London", active_members=2),
    TeamFacts(id="direction", name="Direction", active_members=3),
)

USERS = {
    user.id: user
    for user in (
        UserFacts(id="anna", name="Anna Kerr", teams=(LYON,)),
        UserFacts(id="marc", name="Marc Tessier", teams=(LYON,)),
        UserFacts(id="sophie", name="Sophie Blanchet", teams=(LYON,)),
        UserFacts(id="thomas", name="Thomas Ricci", teams=(LYON,)),
        UserFacts(id="olivia", name="Olivia Grant", teams=(LONDON, DIRECTION)),
        UserFacts(id="daniel", name="Daniel Okoye", teams=(LONDON,)),
        UserFacts(id="ines", name="Inès Marchand", teams=(DIRECTION,)),
        UserFacts(id="karim", name="Karim Haddad", teams=(DIRECTION,)),
    )
}


@dataclass(frozen=True)
class Happening:
    """One interaction: what, when, who; a mail names its sender first."""

    type: InteractionType
    days: int
    people: tuple[str, ...]

    def given(self) -> tuple[InteractionFacts, list[Participant]]:
        directed = self.type is InteractionType.EMAIL
        return InteractionFacts(type=self.type, at=epoch_days(days_ago(self.days))), [
            Participant(
                person,
                ParticipantRole.SENDER if directed and position == 0 else ParticipantRole.ATTENDEE,
                is_ours=person in USERS,
            )
            for position, person in enumerate(self.people)
        ]


def happenings(type_of: InteractionType, days: Iterable[int], *people: str) -> list[Happening]:
    return [Happening(type_of, one, people) for one in days]


MEETING, CALL, VIDEO = InteractionType.MEETING, InteractionType.CALL, InteractionType.VIDEO_MEETING
EMAIL, INTRODUCTION = InteractionType.EMAIL, InteractionType.INTRODUCTION

STORY: list[Happening] = [
    *happenings(MEETING, (18, 70, 130), "marc", "helene"),
    *happenings(MEETING, (25,), "marc", "julien"),
    *happenings(CALL, (10, 60), "marc", "julien"),
    *happenings(MEETING, (160, 175, 190), "marc", "rachel"),
    *happenings(VIDEO, (12, 35), "marc", "rachel"),
    *happenings(INTRODUCTION, (195,), "anna", "marc", "helene", "rachel"),
    *happenings(MEETING, (7, 28, 56, 98, 126), "anna", "nadia"),
    *happenings(EMAIL, (3, 9, 15, 24, 36, 50), "anna", "nadia"),
    *happenings(EMAIL, (2, 8, 14, 23, 35, 49), "nadia", "anna"),
    *happenings(CALL, (5, 20), "anna", "camille"),
    *happenings(VIDEO, (6, 13, 27, 41), "thomas", "samir"),
    *happenings(VIDEO, (13,), "thomas", "emilie"),
    *happenings(MEETING, (28,), "anna", "marc", "thomas", "nadia", "julien", "samir"),
    *happenings(MEETING, (44,), "anna", "nadia", "bertrand"),
    *happenings(EMAIL, (9, 16, 23), "anna", "bertrand"),
    *happenings(MEETING, (64,), "marc", "pauline", "bertrand"),
    *happenings(CALL, (8, 22, 50), "sophie", "laurent"),
    *happenings(MEETING, (36,), "sophie", "laurent"),
    *happenings(VIDEO, (15,), "sophie", "camille"),
    *happenings(EMAIL, range(5, 101, 5), "daniel", "margaret"),
    *happenings(CALL, (50,), "daniel", "tom"),
    *happenings(InteractionType.WEBINAR_REGISTRATION, (90,), "ines", "pauline"),
]

STATED_TIES = {
    ("olivia", "george"): (Tie(stated_level=TieLevel.WEAK, stated_at=epoch_days(days_ago(400))), 400),
    ("karim", "george"): (
        Tie(
            stated_level=TieLevel.STRONG,
            stated_at=epoch_days(days_ago(20)),
            visibility=TieVisibility.EXISTS_BUT_ASK,
            owner_id="karim",
        ),
        20,
    ),
}


@dataclass(frozen=True)
class Contact:
    id: str
    name: str
    title: str
    seniority: Seniority
    employed: bool = True


def contacts(*people: Contact) -> dict[str, Contact]:
    return {person.id: person for person in people}


C_LEVEL, MANAGER = Seniority.C_LEVEL, Seniority.MANAGER
CONTRIBUTOR = Seniority.INDIVIDUAL_CONTRIBUTOR

FERRAND = contacts(
    Contact("helene", "Hélène Ferrand", "PDG", C_LEVEL),
    Contact("bertrand", "Bertrand Colas", "DAF", C_LEVEL),
    Contact("julien", "Julien Roche", "directeur des opérations", C_LEVEL),
    Contact("nadia", "Nadia Benali", "DSI", C_LEVEL),
    Contact("samir", "Samir Haddou", "architecte", CONTRIBUTOR),
    Contact("emilie", "Émilie Tissot", "RSSI", MANAGER),
    Contact("pauline", "Pauline Girard", "responsable achats", MANAGER),
    Contact("luc", "Luc Perrin", "juriste", CONTRIBUTOR),
    Contact("etienne", "Étienne Marchal", "consultant", Seniority.UNKNOWN, employed=False),
    Contact("camille", "Camille Weber", "chef de projet", CONTRIBUTOR),
    Contact("mireille", "Mireille Faure", "assistante de la PDG", CONTRIBUTOR),
    Contact("laurent", "Laurent Petit", "chef d’exploitation", MANAGER),
)
HARROW = contacts(
    Contact("margaret", "Margaret Pike", "COO", C_LEVEL),
    Contact("tom", "Tom Whitfield", "IT Manager", MANAGER),
    Contact("priya", "Priya Nair", "Procurement", CONTRIBUTOR),
    Contact("george", "George Harrow", "CEO", C_LEVEL),
    Contact("rachel", "Rachel Osei", "VP Operations", Seniority.VP),
)


def link(kind: LinkKind, source: str, target: str, weight: float | None = None) -> LinkFacts:
    return LinkFacts(id=f"{kind}-{source}-{target}", kind=kind, from_id=source, to_id=target, weight=weight)


FERRAND_LINKS = (
    *(link(LinkKind.REPORTS_TO, report, "helene") for report in ("nadia", "bertrand", "julien", "mireille")),
    *(link(LinkKind.REPORTS_TO, report, "nadia") for report in ("samir", "emilie", "camille")),
    *(link(LinkKind.REPORTS_TO, report, "bertrand") for report in ("pauline", "luc")),
    link(LinkKind.REPORTS_TO, "laurent", "julien"),
    link(LinkKind.DOTTED_LINE, "emilie", "bertrand"),
    link(LinkKind.INFLUENCES, "samir", "nadia", 0.9),
    link(LinkKind.INFLUENCES, "nadia", "helene", 0.3),
    link(LinkKind.INFLUENCES, "julien", "helene", 0.9),
    link(LinkKind.INFLUENCES, "helene", "bertrand", 0.9),
    link(LinkKind.INFLUENCES, "julien", "bertrand", 0.6),
    link(LinkKind.INFLUENCES, "etienne", "bertrand", 0.6),
    link(LinkKind.INFLUENCES, "pauline", "bertrand", 0.3),
    link(LinkKind.INFLUENCES, "camille", "nadia", 0.3),
    link(LinkKind.IN_CONFLICT_WITH, "nadia", "bertrand"),
)


class Parts:
    """The assessments of one deal, as they were recorded."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Assessment]] = {}
        self.ids = count(1)

    def note(
        self,
        contact_id: str,
        valid_days_ago: int,
        *,
        recorded_days_ago: int | None = None,
        stance: Stance,
        roles: Sequence[BuyingRole] | None = None,
        level: InfluenceLevel | LeftOut = LEFT_OUT,
        confidence: float | LeftOut = LEFT_OUT,
    ) -> None:
        rows = self.rows.get(contact_id, [])
        recording = recorded(
            rows,
            Judgement(
                valid_from=days_ago(valid_days_ago),
                stance=stance,
                roles=frozenset(roles) if roles is not None else LEFT_OUT,
                influence_level=level,
                confidence=confidence,
                author_id="anna",
            ),
            stakeholder_id=f"part-{contact_id}",
            now=days_ago(valid_days_ago if recorded_days_ago is None else recorded_days_ago),
            new_id=lambda: f"assessment-{next(self.ids)}",
        )
        self.rows[contact_id] = applied(rows, recording)

    def all_rows(self) -> list[Assessment]:
        return [row for rows in self.rows.values() for row in rows]

    def of(
        self, contact_id: str, scope_id: str, moment: dt.datetime, known_at: dt.datetime
    ) -> tuple[StakeholderFacts, ...]:
        held = as_of(self.rows.get(contact_id, []), moment, known_at)
        if held is None:
            return ()
        return (
            StakeholderFacts(
                id=f"part-{contact_id}", scope_kind=ScopeKind.OPPORTUNITY, scope_id=scope_id, assessment=held
            ),
        )


def ferrand_parts() -> Parts:
    parts = Parts()
    role, stance = BuyingRole, Stance
    high = InfluenceLevel.HIGH
    parts.note("helene", 180, roles=[role.ECONOMIC_BUYER], stance=stance.NEUTRAL, level=high, confidence=0.9)
    parts.note("bertrand", 180, roles=[role.APPROVER], stance=stance.NEUTRAL, level=high, confidence=0.8)
    parts.note("julien", 180, roles=[role.EXECUTIVE_SPONSOR], stance=stance.SUPPORTER)
    parts.note(
        "nadia",
        180,
        roles=[role.DECISION_MAKER],
        stance=stance.SUPPORTER,
        level=InfluenceLevel.MEDIUM,
        confidence=0.8,
    )
    parts.note("samir", 180, roles=[role.EVALUATOR, role.TECHNICAL_BUYER], stance=stance.SUPPORTER)
    parts.note("emilie", 180, roles=[role.TECHNICAL_BUYER], stance=stance.NEUTRAL)
    parts.note("pauline", 180, roles=[role.PROCUREMENT], stance=stance.SKEPTIC)
    parts.note("luc", 180, roles=[role.LEGAL_COMPLIANCE], stance=stance.UNKNOWN)
    parts.note("etienne", 180, roles=[role.INFLUENCER], stance=stance.BLOCKER)
    parts.note("mireille", 180, roles=[role.GATEKEEPER], stance=stance.NEUTRAL)
    parts.note("laurent", 180, roles=[role.END_USER], stance=stance.SKEPTIC)
    parts.note("camille", 90, roles=[role.INFLUENCER, role.COACH], stance=stance.SUPPORTER)
    parts.note("nadia", 75, stance=stance.CHAMPION)
    parts.note("laurent", 60, stance=stance.SUPPORTER)
    parts.note("bertrand", 40, recorded_days_ago=33, stance=stance.BLOCKER)
    return parts


def harrow_parts(tom: Sequence[BuyingRole] = (BuyingRole.TECHNICAL_BUYER, BuyingRole.EVALUATOR)) -> Parts:
    parts = Parts()
    parts.note("margaret", 180, roles=[BuyingRole.DECISION_MAKER], stance=Stance.UNKNOWN)
    parts.note("tom", 180, roles=tom, stance=Stance.NEUTRAL)
    return parts


def ties_of(contact_id: str, moment: dt.datetime) -> tuple[TieFacts, ...]:
    """Our ties to somebody at a moment, from what had happened by then."""
    contacts_by_pair = recomputed((happening.given() for happening in STORY), epoch_days(moment))
    found: list[TieFacts] = []
    for user_id in USERS:
        observed = contacts_by_pair.get(pair_key(user_id, contact_id))
        stated, stated_days = STATED_TIES.get((user_id, contact_id), (Tie(), None))
        if observed is None and (stated_days is None or days_ago(stated_days) > moment):
            continue
        tie = with_contact(stated, observed)
        if tie.accumulators is not None and user_id > contact_id:
            tie = with_contact(
                stated,
                observed
                and type(observed)(observed.accumulators.reversed, observed.last_at, observed.interaction_count),
            )
        found.append(TieFacts(user_id=user_id, tie=tie, **lately(user_id, contact_id, moment)))
    return tuple(found)


def lately(user_id: str, contact_id: str, moment: dt.datetime) -> dict[str, float | None]:
    """The newest contact of each direction in the 120 days before a moment."""
    newest: dict[str, float | None] = {
        "last_mutual_at": None,
        "last_sent_at": None,
        "last_received_at": None,
    }
    for happening in STORY:
        at = days_ago(happening.days)
        if not (moment - dt.timedelta(days=120) <= at <= moment) or not {user_id, contact_id} <= set(
            happening.people
        ):
            continue
        if happening.type in {InteractionType.WEBINAR_REGISTRATION, InteractionType.EVENT}:
            continue
        direction = "last_mutual_at"
        if happening.type is EMAIL:
            direction = "last_sent_at" if happening.people[0] == user_id else "last_received_at"
        newest[direction] = max(epoch_days(at), newest[direction] or 0.0)
    return newest


def people_facts(
    people: Iterable[Contact], parts: Parts, account: str, scope_id: str, moment: dt.datetime, known_at: dt.datetime
) -> tuple[PersonFacts, ...]:
    return tuple(
        PersonFacts(
            contact_id=person.id,
            name=person.name,
            family_name=person.name.split()[-1],
            title_as_given=None if person.employed else person.title,
            employments=(
                EmploymentFacts(
                    account_id=account,
                    account_name=account,
                    here=True,
                    title=person.title,
                    seniority=person.seniority,
                    is_primary=True,
                ),
            )
            if person.employed
            else (),
            stakeholders=parts.of(person.id, scope_id, moment, known_at),
            ties=ties_of(person.id, moment),
        )
        for person in people
    )


def ferrand_lys(
    moment: dt.datetime = DAY_OF_LOADING, known_at: dt.datetime | None = None, parts: Parts | None = None
) -> MapFacts:
    """ "Suivi temps réel – 6 sites" at Ferrand-Lys Logistique."""
    return MapFacts(
        scope=ScopeFacts(
            kind=ScopeKind.OPPORTUNITY,
            id="suivi",
            account_id="ferrand-lys",
            account_name="Ferrand-Lys Logistique",
            opportunity_name="Suivi temps réel – 6 sites",
            amount_minor=24_000_000,
            currency="EUR",
            stage_name="Négociation",
            probability=0.6,
            pipeline_name="SPANCO",
            close_date=(DAY_OF_LOADING + dt.timedelta(days=45)).date(),
        ),
        people=people_facts(
            FERRAND.values(), parts or ferrand_parts(), "ferrand-lys", "suivi", moment, known_at or DAY_OF_LOADING
        ),
        links=FERRAND_LINKS,
        users=tuple(USERS.values()),
        role_template=(
            *DEFAULT_ROLE_TEMPLATE,
            SeatFacts(role=BuyingRole.LEGAL_COMPLIANCE, weight=1, from_probability=0.6),
        ),
        consensus_rule=ConsensusRule(
            needed_contact_ids=("helene", "bertrand", "nadia"), needed_count=2, veto_contact_ids=("emilie",)
        ),
    )


def harrow_and_pike(moment: dt.datetime = DAY_OF_LOADING, parts: Parts | None = None) -> MapFacts:
    """ "Route visibility pilot" at Harrow & Pike Freight."""
    return MapFacts(
        scope=ScopeFacts(
            kind=ScopeKind.OPPORTUNITY,
            id="pilot",
            account_id="harrow-pike",
            account_name="Harrow & Pike Freight",
            opportunity_name="Route visibility pilot",
            amount_minor=6_000_000,
            currency="GBP",
            stage_name="Discovery",
            probability=0.25,
            pipeline_name="Standard",
            close_date=(DAY_OF_LOADING + dt.timedelta(days=75)).date(),
        ),
        people=people_facts(HARROW.values(), parts or harrow_parts(), "harrow-pike", "pilot", moment, DAY_OF_LOADING),
        users=tuple(USERS.values()),
    )
