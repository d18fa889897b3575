"""The demo's story as data: who, what, and on which day, counted back from the day of loading.

One deal, one champion, one blocker, and the only colleague who knows the boss leaves in thirty days; the old
champion now works at the company wanted next. Each act is one mutation of the API, played on its own day, so
that the history is recorded when it happened. A value marked *assumed* is ours: its source does not say it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

DEMO_DOMAIN = "graph-crm.example"


@dataclass(frozen=True, slots=True)
class Ref:
    """The id of something that an earlier act made."""

    name: str


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the story; negative lies in the past. `date_only` gives it without a time."""

    offset: int
    date_only: bool = False


@dataclass(frozen=True, slots=True)
class Act:
    """One mutation: on which day, by whom, with what; `makes` names its result for later acts."""

    day: int
    by: str
    mutation: str
    input: dict[str, Any]
    makes: str | None = None
    order: int = 0


@dataclass(frozen=True, slots=True)
class Colleague:
    name: str
    key: str
    role: str
    teams: tuple[str, ...]
    language: str = "EN"
    leaves_in: int | None = None
    successor: str | None = None


KARIM, ANNA, MARC, SOPHIE, THOMAS = "karim", "anna", "marc", "sophie", "thomas"
OLIVIA, DANIEL, INES = "olivia", "daniel", "ines"

COLLEAGUES = (
    Colleague("Karim Haddad", KARIM, "ADMINISTRATOR", ("Direction",), "FR"),
    Colleague("Anna Kerr", ANNA, "SELLER", ("Lyon",)),
    Colleague("Marc Tessier", MARC, "SELLER", ("Lyon",), "FR", leaves_in=30, successor=SOPHIE),
    Colleague("Sophie Blanchet", SOPHIE, "SELLER", ("Lyon",), "FR"),
    Colleague("Thomas Ricci", THOMAS, "SELLER", ("Lyon",), "FR"),
    Colleague("Olivia Grant", OLIVIA, "SELLER", ("London", "Direction")),
    Colleague("Daniel Okoye", DANIEL, "SELLER", ("London",)),
    Colleague("Inès Marchand", INES, "SELLER", ("Direction",), "FR"),
)


@dataclass(frozen=True, slots=True)
class Figure:
    """Somebody on their side, and their part in the open deal when they have one."""

    key: str
    given: str
    family: str
    title: str | None
    seniority: str | None = None
    employed: bool = True
    roles: tuple[str, ...] = ()
    stance: str | None = None
    influence: str | None = None
    confidence: float | None = None
    joins: int = -180
    civility: str | None = None


# Ferrand-Lys Logistique: the deal everything turns around. First names and titles are those of the story.
FERRAND_LYS = (
    Figure(
        "helene", "Hélène", "Ferrand", "PDG", "C_LEVEL", roles=("ECONOMIC_BUYER",), stance="NEUTRAL",
        influence="HIGH", confidence=0.9,
    ),
    Figure(
        "bertrand", "Bertrand", "Colas", "DAF", "C_LEVEL", roles=("APPROVER",), stance="NEUTRAL",
        influence="HIGH", confidence=0.8,
    ),
    Figure(
        "julien", "Julien", "Roche", "directeur des opérations", "C_LEVEL", roles=("EXECUTIVE_SPONSOR",),
        stance="SUPPORTER",
    ),
    Figure(
        "nadia", "Nadia", "Benali", "DSI", "C_LEVEL", roles=("DECISION_MAKER",), stance="SUPPORTER",
        influence="MEDIUM", confidence=0.8,
    ),
    Figure(
        "samir", "Samir", "Haddou", "architecte", "INDIVIDUAL_CONTRIBUTOR",
        roles=("EVALUATOR", "TECHNICAL_BUYER"), stance="SUPPORTER",
    ),
    Figure("emilie", "Émilie", "Tissot", "RSSI", "MANAGER", roles=("TECHNICAL_BUYER",), stance="NEUTRAL"),
    Figure("pauline", "Pauline", "Girard", "responsable achats", "MANAGER", roles=("PROCUREMENT",), stance="SKEPTIC"),
    Figure(
        "luc", "Luc", "Perrin", "juriste", "INDIVIDUAL_CONTRIBUTOR", roles=("LEGAL_COMPLIANCE",), stance="UNKNOWN"
    ),
    Figure("etienne", "Étienne", "Marchal", "consultant", employed=False, roles=("INFLUENCER",), stance="BLOCKER"),
    Figure(
        "camille", "Camille", "Weber", "chef de projet", "INDIVIDUAL_CONTRIBUTOR", roles=("INFLUENCER", "COACH"),
        stance="SUPPORTER", joins=-90,
    ),
    Figure(
        "mireille", "Mireille", "Faure", "assistante de la PDG", "INDIVIDUAL_CONTRIBUTOR", roles=("GATEKEEPER",),
        stance="NEUTRAL",
    ),
    Figure("laurent", "Laurent", "Petit", "chef d’exploitation", "MANAGER", roles=("END_USER",), stance="SKEPTIC"),
)  # fmt: skip

REPORTING = (
    ("nadia", "helene"), ("bertrand", "helene"), ("julien", "helene"), ("mireille", "helene"),
    ("samir", "nadia"), ("emilie", "nadia"), ("camille", "nadia"),
    ("pauline", "bertrand"), ("luc", "bertrand"), ("laurent", "julien"),
)  # fmt: skip

INFLUENCES = (
    ("samir", "nadia", 0.9), ("nadia", "helene", 0.3), ("julien", "helene", 0.9), ("helene", "bertrand", 0.9),
    ("julien", "bertrand", 0.6), ("etienne", "bertrand", 0.6), ("pauline", "bertrand", 0.3),
    ("camille", "nadia", 0.3),
)  # fmt: skip

HARROW_AND_PIKE = (
    Figure("margaret", "Margaret", "Pike", "COO", "C_LEVEL", roles=("DECISION_MAKER",), stance="UNKNOWN"),
    Figure(
        "tom", "Tom", "Whitfield", "IT Manager", "MANAGER", roles=("TECHNICAL_BUYER", "EVALUATOR"), stance="NEUTRAL"
    ),
    Figure("priya", "Priya", "Nair", "Procurement"),
    Figure("george", "George", "Harrow", "CEO", "C_LEVEL"),
)

# TechCorp Solutions: five contacts, their names *assumed*, each a decider or a user of one deal.
TECHCORP = (
    Figure("claire", "Claire", "Vasseur", "Directrice générale", roles=("DECISION_MAKER",), stance="SUPPORTER"),
    Figure("hugo", "Hugo", "Lambert", "Directeur marketing", roles=("DECISION_MAKER",), stance="NEUTRAL"),
    Figure("ines_c", "Inès", "Caron", "Responsable service client", roles=("END_USER",), stance="SUPPORTER"),
    Figure("paul", "Paul", "Meyer", "Chef de projet", roles=("END_USER",), stance="NEUTRAL"),
    Figure("sara", "Sara", "Lopez", "Analyste", roles=("END_USER",), stance="SUPPORTER"),
)

TECHCORP_DEALS = (
    ("techcorp_suite", "Suite marketing", "30000.00", "NEGOTIATION", ("claire", "hugo")),
    ("techcorp_support", "Support premium", "12000.00", "PROPOSAL", ("ines_c",)),
    ("techcorp_training", "Formation", "8000.00", "DISCOVERY", ("paul", "sara")),
)

# Alpha: three people without first names or e-mails, one deal that was won.
ALPHA = (
    ("perez", "M.", "Perez", "PDG"),
    ("ladureau", "Mme", "Ladureau", "responsable marketing"),
    ("bourges", "Mme", "Bourges", "chef de projet"),
)


@dataclass(frozen=True, slots=True)
class Meeting:
    """An interaction: the first of ours sends what has a sender."""

    day: int
    type: str
    people: tuple[str, ...]
    sender: str | None = None
    about: str | None = None


def meetings() -> Iterator[Meeting]:
    """Every interaction of the story."""
    upsell, pilot, route = "upsell", "pilot", "route"
    for day in (-18, -70, -130):
        yield Meeting(day, "MEETING", (MARC, "helene"), about=upsell)
    yield Meeting(-25, "MEETING", (MARC, "julien"), about=upsell)
    for day in (-10, -60):
        yield Meeting(day, "CALL", (MARC, "julien"), about=upsell)
    for day in (-160, -175, -190):
        yield Meeting(day, "MEETING", (MARC, "rachel"), about=pilot)
    for day in (-12, -35):
        yield Meeting(day, "VIDEO_MEETING", (MARC, "rachel"))
    yield Meeting(-195, "INTRODUCTION", (ANNA, MARC, "helene", "rachel"), about=pilot)
    for day in (-7, -28, -56, -98, -126):
        yield Meeting(day, "MEETING", (ANNA, "nadia"), about=upsell)
    for day in (-3, -9, -15, -24, -36, -50):
        yield Meeting(day, "EMAIL", (ANNA, "nadia"), sender=ANNA, about=upsell)
        yield Meeting(day + 1, "EMAIL", ("nadia", ANNA), sender="nadia", about=upsell)
    for day in (-5, -20):
        yield Meeting(day, "CALL", (ANNA, "camille"), about=upsell)
    for day in (-6, -13, -27, -41):
        yield Meeting(day, "VIDEO_MEETING", (THOMAS, "samir"), about=upsell)
    yield Meeting(-13, "VIDEO_MEETING", (THOMAS, "emilie"), about=upsell)
    yield Meeting(-28, "MEETING", (ANNA, MARC, THOMAS, "nadia", "julien", "samir"), about=upsell)
    yield Meeting(-44, "MEETING", (ANNA, "nadia", "bertrand"), about=upsell)
    for day in (-9, -16, -23):
        yield Meeting(day, "EMAIL", (ANNA, "bertrand"), sender=ANNA, about=upsell)
    yield Meeting(-64, "MEETING", (MARC, "pauline", "bertrand"), about=upsell)
    for day in (-8, -22, -50):
        yield Meeting(day, "CALL", (SOPHIE, "laurent"), about=upsell)
    yield Meeting(-36, "MEETING", (SOPHIE, "laurent"), about=upsell)
    yield Meeting(-15, "VIDEO_MEETING", (SOPHIE, "camille"), about=upsell)
    for day in range(-5, -101, -5):
        yield Meeting(day, "EMAIL", (DANIEL, "margaret"), sender=DANIEL, about=route)
    yield Meeting(-50, "CALL", (DANIEL, "tom"), about=route)
    yield Meeting(-90, "WEBINAR_REGISTRATION", (INES, "pauline"))
    # TechCorp: six meetings and nine e-mails, their days *assumed*.
    for day, person in (
        (-14, "claire"),
        (-30, "hugo"),
        (-47, "claire"),
        (-61, "paul"),
        (-82, "ines_c"),
        (-104, "claire"),
    ):
        yield Meeting(day, "MEETING", (SOPHIE, person), about="techcorp")
    for day in (-4, -11, -19, -33, -52):
        yield Meeting(day, "EMAIL", (SOPHIE, "claire"), sender=SOPHIE, about="techcorp")
    for day, person in ((-10, "claire"), (-18, "claire"), (-32, "hugo"), (-51, "sara")):
        yield Meeting(day, "EMAIL", (person, SOPHIE), sender=person, about="techcorp")


@dataclass(slots=True)
class Story:
    """The acts in the order in which they are played."""

    acts: list[Act] = field(default_factory=list[Act])

    def act(self, day: int, by: str, mutation: str, makes: str | None = None, **given: Any) -> None:
        self.acts.append(Act(day, by, mutation, given, makes, len(self.acts)))


def acts() -> list[Act]:
    """The whole story, oldest day first."""
    story = Story()
    customers(story)
    prospect(story)
    techcorp(story)
    alpha(story)
    judgements(story)
    for meeting in meetings():
        happened(story, meeting)
    return sorted(story.acts, key=lambda one: (one.day, one.order))


def customers(story: Story) -> None:
    story.act(
        -320, MARC, "createAccount", "ferrand_lys", name="Ferrand-Lys Logistique", domain="ferrand-lys.example",
        industry="Logistics", lifecycleStage="PROSPECT", ownerId=Ref(MARC),
    )  # fmt: skip
    for figure in FERRAND_LYS:
        contact(story, MARC, figure, "ferrand_lys", day=min(-310, figure.joins - 1) if figure.joins > -100 else -310)
    story.act(
        -310, MARC, "createContact", "rachel", givenName="Rachel", familyName="Osei",
        emailAddresses=["rachel.osei@ferrand-lys.example"],
    )  # fmt: skip
    story.act(
        -310, MARC, "employContact", "rachel_at_ferrand_lys", contactId=Ref("rachel"), accountId=Ref("ferrand_lys"),
        title="responsable des opérations", seniority="MANAGER", isPrimary=True, validFrom=Day(-900, date_only=True),
    )  # fmt: skip
    story.act(
        -300, ANNA, "createOpportunity", "pilot", name="Pilote entrepôt Lyon", accountId=Ref("ferrand_lys"),
        primaryContactId=Ref("rachel"), pipelineId=Ref("pipeline:SPANCO"), kind="NEW", amount="40000.00",
        currency="EUR", ownerId=Ref(ANNA),
    )  # fmt: skip
    assess(story, -260, ANNA, "pilot", "rachel", roles=["END_USER"], stance="CHAMPION")
    story.act(-200, ANNA, "moveOpportunity", opportunityId=Ref("pilot"), stageKey="ORDRE_D_ACHAT")
    story.act(
        -185, ANNA, "createOpportunity", "upsell", name="Suivi temps réel – 6 sites", accountId=Ref("ferrand_lys"),
        primaryContactId=Ref("nadia"), pipelineId=Ref("pipeline:SPANCO"), kind="UPSELL", amount="240000.00",
        currency="EUR", closeDate=Day(45, date_only=True), ownerId=Ref(ANNA),
    )  # fmt: skip
    story.act(-120, ANNA, "moveOpportunity", opportunityId=Ref("upsell"), stageKey="NEGOCIATION")
    for report, manager in REPORTING:
        day = -90 if report == "camille" else -180
        link(story, day, "REPORTS_TO", report, manager)
    link(story, -180, "DOTTED_LINE", "emilie", "bertrand")
    for source, target, weight in INFLUENCES:
        day = -90 if source == "camille" else -180
        link(story, day, "INFLUENCES", source, target, weight=weight)
    link(story, -180, "IN_CONFLICT_WITH", "nadia", "bertrand")


def prospect(story: Story) -> None:
    story.act(
        -420, DANIEL, "createAccount", "harrow", name="Harrow & Pike Freight", domain="harrow-pike.example",
        industry="Freight", lifecycleStage="PROSPECT", ownerId=Ref(DANIEL),
    )  # fmt: skip
    for figure in HARROW_AND_PIKE:
        contact(story, DANIEL, figure, "harrow", day=-410 if figure.key == "george" else -310)
    story.act(
        -150, MARC, "employContact", "rachel_at_harrow", contactId=Ref("rachel"), accountId=Ref("harrow"),
        title="VP Operations", seniority="VP", isPrimary=True, validFrom=Day(-150, date_only=True),
        endEmploymentIds=[Ref("employment:rachel:ferrand_lys")],
    )  # fmt: skip
    story.act(
        -185, DANIEL, "createOpportunity", "route", name="Route visibility pilot", accountId=Ref("harrow"),
        pipelineId=Ref("pipeline:Standard"), kind="NEW", amount="60000.00", currency="GBP",
        closeDate=Day(75, date_only=True), ownerId=Ref(DANIEL),
    )  # fmt: skip
    story.act(-120, DANIEL, "moveOpportunity", opportunityId=Ref("route"), stageKey="DISCOVERY")
    story.act(-20, DANIEL, "assign", recordId=Ref("route"), userId=Ref(ANNA), function="ACCOUNT_EXECUTIVE")
    tie(story, -400, OLIVIA, OLIVIA, "george", "WEAK")
    tie(story, -20, KARIM, KARIM, "george", "STRONG", visibility="EXISTS_BUT_ASK")
    tie(story, -12, MARC, "rachel", "margaret", "MEDIUM")


def techcorp(story: Story) -> None:
    story.act(
        -320, SOPHIE, "createAccount", "techcorp", name="TechCorp Solutions", domain="techcorp.example",
        industry="Software", lifecycleStage="CUSTOMER", satisfaction=85, ownerId=Ref(SOPHIE),
    )  # fmt: skip
    for figure in TECHCORP:
        contact(story, SOPHIE, figure, "techcorp", day=-310)
    for key, name, amount, stage, people in TECHCORP_DEALS:
        story.act(
            -185, SOPHIE, "createOpportunity", key, name=name, accountId=Ref("techcorp"),
            pipelineId=Ref("pipeline:Standard"), kind="UPSELL", amount=amount, currency="EUR", stageKey=stage,
            ownerId=Ref(SOPHIE), primaryContactId=Ref(people[0]),
        )  # fmt: skip
    story.act(
        -240, SOPHIE, "createOpportunity", "techcorp_lost", name="Refonte du site", accountId=Ref("techcorp"),
        pipelineId=Ref("pipeline:Standard"), kind="CROSS_SELL", amount="20000.00", currency="EUR",
        ownerId=Ref(SOPHIE),
    )  # fmt: skip
    story.act(
        -170, SOPHIE, "moveOpportunity", opportunityId=Ref("techcorp_lost"), stageKey="LOST", lostReason="Budget"
    )


def alpha(story: Story) -> None:
    story.act(-320, SOPHIE, "createAccount", "alpha", name="Alpha", lifecycleStage="PROSPECT", ownerId=Ref(SOPHIE))
    for key, civility, family, title in ALPHA:
        story.act(
            -310, SOPHIE, "createContact", key, civility=civility, familyName=family, accountId=Ref("alpha"),
            title=title,
        )  # fmt: skip
    story.act(
        -300, SOPHIE, "createOpportunity", "alpha_deal", name="Projet Alpha", accountId=Ref("alpha"),
        primaryContactId=Ref("ladureau"), pipelineId=Ref("pipeline:SPANCO"), ownerId=Ref(SOPHIE),
    )  # fmt: skip
    assess(story, -290, SOPHIE, "alpha_deal", "ladureau", roles=["DECISION_MAKER"], isPrimary=True)
    story.act(-220, SOPHIE, "moveOpportunity", opportunityId=Ref("alpha_deal"), stageKey="ORDRE_D_ACHAT")


def judgements(story: Story) -> None:
    for figure in FERRAND_LYS:
        first_part(story, ANNA, "upsell", figure)
    for figure in HARROW_AND_PIKE:
        if figure.roles:
            first_part(story, DANIEL, "route", figure)
    for key, _, _, _, people in TECHCORP_DEALS:
        for figure in TECHCORP:
            if figure.key in people:
                first_part(story, SOPHIE, key, figure)
    assess(story, -75, ANNA, "upsell", "nadia", stance="CHAMPION")
    assess(story, -60, SOPHIE, "upsell", "laurent", stance="SUPPORTER")
    # Recorded a week after it had happened: what was believed in between is kept.
    assess(story, -33, ANNA, "upsell", "bertrand", stance="BLOCKER", validFrom=Day(-40))


def first_part(story: Story, by: str, deal: str, figure: Figure) -> None:
    given: dict[str, Any] = {"roles": list(figure.roles), "stance": figure.stance}
    if figure.influence is not None:
        given |= {"influenceLevel": figure.influence, "confidence": figure.confidence}
    assess(story, figure.joins, by, deal, figure.key, **given)


def assess(story: Story, day: int, by: str, deal: str, person: str, **given: Any) -> None:
    story.act(
        day, by, "assessStakeholder", of={"opportunityId": Ref(deal)}, contactId=Ref(person), validFrom=given.pop(
            "validFrom", Day(day)
        ), **given,
    )  # fmt: skip


def link(story: Story, day: int, kind: str, source: str, target: str, **given: Any) -> None:
    story.act(
        day, ANNA, "linkContacts", kind=kind, fromContactId=Ref(source), toContactId=Ref(target), validFrom=Day(day),
        **given,
    )  # fmt: skip


def tie(story: Story, day: int, by: str, person: str, other: str, level: str, **given: Any) -> None:
    story.act(
        day,
        by,
        "stateTie",
        personId=Ref(person),
        otherPersonId=Ref(other),
        level=level,
        confirmedAt=Day(day),
        **given,
    )


def contact(story: Story, by: str, figure: Figure, account: str, *, day: int) -> None:
    domain = {"ferrand_lys": "ferrand-lys", "harrow": "harrow-pike", "techcorp": "techcorp"}[account]
    story.act(
        day, by, "createContact", figure.key, givenName=figure.given, familyName=figure.family,
        emailAddresses=[f"{figure.key.removesuffix('_c')}@{domain}.example"],
        title=figure.title,
        **({"accountId": Ref(account), "seniority": figure.seniority} if figure.employed else {}),
    )  # fmt: skip


def happened(story: Story, meeting: Meeting) -> None:
    ours = {colleague.key for colleague in COLLEAGUES}
    by = next(person for person in meeting.people if person in ours)
    given: dict[str, Any] = {"type": meeting.type, "occurredAt": Day(meeting.day)}
    if meeting.sender is not None:
        given["sender"] = {"personId": Ref(meeting.sender)}
    given["participants"] = [{"personId": Ref(person)} for person in meeting.people if person != meeting.sender]
    if meeting.about is not None:
        given["aboutIds"] = [Ref(meeting.about)]
    story.act(meeting.day, by, "logInteraction", **given)
