"""The words of a stakeholder map: roles, stances, influence, what a map says and how each is shown.

Roles, stance, influence and coverage are four independent things: a decision maker can be a blocker, a
champion can be a user.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from graph_crm.language import Sentence, say

PARAMETERS_VERSION = "map-1"


@dataclass(frozen=True, slots=True)
class Colour:
    """One colour for light paper and its twin for dark pages."""

    light: str
    dark: str


@dataclass(frozen=True, slots=True)
class Symbol:
    """A mark and its substitute where only ASCII can be written."""

    mark: str
    ascii: str


class BuyingRole(StrEnum):
    """What somebody does in the decision. One person may hold several."""

    ECONOMIC_BUYER = "ECONOMIC_BUYER"
    DECISION_MAKER = "DECISION_MAKER"
    APPROVER = "APPROVER"
    EXECUTIVE_SPONSOR = "EXECUTIVE_SPONSOR"
    TECHNICAL_BUYER = "TECHNICAL_BUYER"
    EVALUATOR = "EVALUATOR"
    END_USER = "END_USER"
    INFLUENCER = "INFLUENCER"
    GATEKEEPER = "GATEKEEPER"
    PROCUREMENT = "PROCUREMENT"
    LEGAL_COMPLIANCE = "LEGAL_COMPLIANCE"
    COACH = "COACH"
    OTHER = "OTHER"

    @property
    def label(self) -> Sentence:
        return ROLE_LABELS[self]

    @property
    def word(self) -> Sentence:
        """The label in the middle of a sentence."""
        return ROLE_WORDS[self]

    @property
    def description(self) -> Sentence:
        return ROLE_DESCRIPTIONS[self]

    @property
    def decision_weight(self) -> float:
        return DECISION_WEIGHTS[self]


DECISION_WEIGHTS = {
    BuyingRole.ECONOMIC_BUYER: 1.0,
    BuyingRole.DECISION_MAKER: 1.0,
    BuyingRole.APPROVER: 0.8,
    BuyingRole.EXECUTIVE_SPONSOR: 0.7,
    BuyingRole.TECHNICAL_BUYER: 0.6,
    BuyingRole.PROCUREMENT: 0.5,
    BuyingRole.LEGAL_COMPLIANCE: 0.5,
    BuyingRole.GATEKEEPER: 0.4,
    BuyingRole.EVALUATOR: 0.4,
    BuyingRole.INFLUENCER: 0.3,
    BuyingRole.COACH: 0.2,
    BuyingRole.END_USER: 0.2,
    BuyingRole.OTHER: 0.1,
}

DECIDING_ROLES = frozenset({BuyingRole.ECONOMIC_BUYER, BuyingRole.DECISION_MAKER, BuyingRole.APPROVER})

ROLE_LABELS = {
    BuyingRole.ECONOMIC_BUYER: say("Economic buyer"),
    BuyingRole.DECISION_MAKER: say("Decision maker"),
    BuyingRole.APPROVER: say("Approver"),
    BuyingRole.EXECUTIVE_SPONSOR: say("Executive sponsor"),
    BuyingRole.TECHNICAL_BUYER: say("Technical buyer"),
    BuyingRole.EVALUATOR: say("Evaluator"),
    BuyingRole.END_USER: say("End user"),
    BuyingRole.INFLUENCER: say("Influencer"),
    BuyingRole.GATEKEEPER: say("Gatekeeper"),
    BuyingRole.PROCUREMENT: say("Procurement"),
    BuyingRole.LEGAL_COMPLIANCE: say("Legal and compliance"),
    BuyingRole.COACH: say("Coach"),
    BuyingRole.OTHER: say("Other"),
}

ROLE_DESCRIPTIONS = {
    BuyingRole.ECONOMIC_BUYER: say("Holds the budget and can release it."),
    BuyingRole.DECISION_MAKER: say("Takes the decision or answers for it."),
    BuyingRole.APPROVER: say("Must agree before it is signed."),
    BuyingRole.EXECUTIVE_SPONSOR: say("Backs the project from the top without deciding alone."),
    BuyingRole.TECHNICAL_BUYER: say("Judges whether it fits what is there, and may refuse it on those grounds."),
    BuyingRole.EVALUATOR: say("Compares the offers and reports."),
    BuyingRole.END_USER: say("Will work with it."),
    BuyingRole.INFLUENCER: say("Is listened to by those who decide."),
    BuyingRole.GATEKEEPER: say("Decides who gets through to whom."),
    BuyingRole.PROCUREMENT: say("Negotiates terms and runs the purchase."),
    BuyingRole.LEGAL_COMPLIANCE: say("Checks the contract and the rules."),
    BuyingRole.COACH: say("Tells us how the decision is made."),
    BuyingRole.OTHER: say("A part that none of the other roles describes."),
}

ROLE_WORDS = {
    BuyingRole.ECONOMIC_BUYER: say("economic buyer"),
    BuyingRole.DECISION_MAKER: say("decision maker"),
    BuyingRole.APPROVER: say("approver"),
    BuyingRole.EXECUTIVE_SPONSOR: say("executive sponsor"),
    BuyingRole.TECHNICAL_BUYER: say("technical buyer"),
    BuyingRole.EVALUATOR: say("evaluator"),
    BuyingRole.END_USER: say("end user"),
    BuyingRole.INFLUENCER: say("influencer"),
    BuyingRole.GATEKEEPER: say("gatekeeper"),
    BuyingRole.PROCUREMENT: say("procurement"),
    BuyingRole.LEGAL_COMPLIANCE: say("legal and compliance"),
    BuyingRole.COACH: say("coach"),
    BuyingRole.OTHER: say("other"),
}


def decision_weight(roles: Iterable[BuyingRole]) -> float:
    """The weight of a person's part in the decision: the greatest of the roles held, 0 without any."""
    return max((role.decision_weight for role in roles), default=0.0)


def in_order(roles: Iterable[BuyingRole]) -> tuple[BuyingRole, ...]:
    """The roles as they are read: heaviest in the decision first, as the vocabulary lists them."""
    held = frozenset(roles)
    return tuple(role for role in BuyingRole if role in held)


class Stance(StrEnum):
    """Where somebody stands towards us."""

    CHAMPION = "CHAMPION"
    SUPPORTER = "SUPPORTER"
    NEUTRAL = "NEUTRAL"
    SKEPTIC = "SKEPTIC"
    BLOCKER = "BLOCKER"
    UNKNOWN = "UNKNOWN"

    @property
    def label(self) -> Sentence:
        return STANCE_LABELS[self]

    @property
    def word(self) -> Sentence:
        """The label in the middle of a sentence."""
        return STANCE_WORDS[self]

    @property
    def value_for_us(self) -> int | None:
        """From +2, a champion, to -2, a blocker; nothing when unknown."""
        return STANCE_VALUES[self]

    @property
    def description(self) -> Sentence:
        return STANCE_DESCRIPTIONS[self]

    @property
    def supports(self) -> bool:
        return self in SUPPORTING

    @property
    def opposes(self) -> bool:
        return self in OPPOSING

    @property
    def symbol(self) -> Symbol:
        return STANCE_SYMBOLS[self]

    @property
    def colour(self) -> Colour:
        return STANCE_COLOURS[self]


SUPPORTING = frozenset({Stance.CHAMPION, Stance.SUPPORTER})
OPPOSING = frozenset({Stance.SKEPTIC, Stance.BLOCKER})

STANCE_VALUES = {
    Stance.CHAMPION: 2,
    Stance.SUPPORTER: 1,
    Stance.NEUTRAL: 0,
    Stance.SKEPTIC: -1,
    Stance.BLOCKER: -2,
    Stance.UNKNOWN: None,
}

STANCE_LABELS = {
    Stance.CHAMPION: say("Champion"),
    Stance.SUPPORTER: say("Supporter"),
    Stance.NEUTRAL: say("Neutral"),
    Stance.SKEPTIC: say("Skeptic"),
    Stance.BLOCKER: say("Blocker"),
    Stance.UNKNOWN: say("Unknown"),
}

STANCE_DESCRIPTIONS = {
    Stance.CHAMPION: say("Sells for us when we are not in the room."),
    Stance.SUPPORTER: say("Is in favour of us."),
    Stance.NEUTRAL: say("Has not taken sides."),
    Stance.SKEPTIC: say("Has doubts and says so."),
    Stance.BLOCKER: say("Works against us."),
    Stance.UNKNOWN: say("We do not know yet."),
}

STANCE_WORDS = {
    Stance.CHAMPION: say("champion"),
    Stance.SUPPORTER: say("supporter"),
    Stance.NEUTRAL: say("neutral"),
    Stance.SKEPTIC: say("skeptic"),
    Stance.BLOCKER: say("blocker"),
    Stance.UNKNOWN: say("unknown"),
}

STANCE_SYMBOLS = {
    Stance.CHAMPION: Symbol("★", "*"),
    Stance.SUPPORTER: Symbol("▲", "+"),
    Stance.NEUTRAL: Symbol("○", "o"),
    Stance.SKEPTIC: Symbol("▼", "-"),
    Stance.BLOCKER: Symbol("■", "#"),
    Stance.UNKNOWN: Symbol("?", "?"),
}

STANCE_COLOURS = {
    Stance.CHAMPION: Colour("#00734F", "#3CCB9B"),
    Stance.SUPPORTER: Colour("#1769AA", "#7CC4F5"),
    Stance.NEUTRAL: Colour("#5F6368", "#B4BBC3"),
    Stance.SKEPTIC: Colour("#8F5A00", "#F0B23E"),
    Stance.BLOCKER: Colour("#B8400A", "#FF8A4C"),
    Stance.UNKNOWN: Colour("#66707A", "#9AA5B1"),
}

CONFLICT_COLOUR = Colour("#C4122F", "#FF6B7D")
LINE_COLOUR = Colour("#7B8794", "#7E8B98")
INK = Colour("#1B2530", "#E6EBF0")
SECOND_INK = Colour("#52606D", "#A9B4BF")
PALE_INK = Colour("#5F6C79", "#94A1AE")
PAPER = Colour("#FFFFFF", "#1B2229")


class InfluenceLevel(StrEnum):
    """How much weight somebody is said to carry."""

    HIGH = "HIGH"
    MEDIUM = "MEDIUM"
    LOW = "LOW"
    UNKNOWN = "UNKNOWN"

    @property
    def label(self) -> Sentence:
        return INFLUENCE_LEVEL_LABELS[self]

    @property
    def score(self) -> float | None:
        return INFLUENCE_LEVEL_SCORES[self]


INFLUENCE_LEVEL_SCORES = {
    InfluenceLevel.HIGH: 1.0,
    InfluenceLevel.MEDIUM: 0.6,
    InfluenceLevel.LOW: 0.2,
    InfluenceLevel.UNKNOWN: None,
}

INFLUENCE_LEVEL_LABELS = {
    InfluenceLevel.HIGH: say("High influence"),
    InfluenceLevel.MEDIUM: say("Medium influence"),
    InfluenceLevel.LOW: say("Low influence"),
    InfluenceLevel.UNKNOWN: say("Influence not known"),
}


class EvidenceGrade(StrEnum):
    """What a judgement rests on."""

    STATED = "STATED"
    OBSERVED = "OBSERVED"
    THIRD_PARTY = "THIRD_PARTY"
    INFERRED = "INFERRED"

    @property
    def label(self) -> Sentence:
        return EVIDENCE_GRADE_LABELS[self]

    @property
    def confidence(self) -> float:
        return EVIDENCE_GRADE_CONFIDENCES[self]


EVIDENCE_GRADE_CONFIDENCES = {
    EvidenceGrade.STATED: 0.9,
    EvidenceGrade.OBSERVED: 0.8,
    EvidenceGrade.THIRD_PARTY: 0.6,
    EvidenceGrade.INFERRED: 0.4,
}
CONFIDENCE_WITHOUT_EVIDENCE = 0.5

EVIDENCE_GRADE_LABELS = {
    EvidenceGrade.STATED: say("Said by the person"),
    EvidenceGrade.OBSERVED: say("Seen by one of us"),
    EvidenceGrade.THIRD_PARTY: say("Heard from somebody else"),
    EvidenceGrade.INFERRED: say("Concluded"),
}


def default_confidence(basis: EvidenceGrade | None) -> float:
    return basis.confidence if basis is not None else CONFIDENCE_WITHOUT_EVIDENCE


class CoverageLevel(StrEnum):
    """How well we know somebody, from our best tie or as stated."""

    UNKNOWN = "UNKNOWN"
    NO_CONTACT = "NO_CONTACT"
    BRIEF_CONTACT = "BRIEF_CONTACT"
    MULTIPLE_CONTACTS = "MULTIPLE_CONTACTS"
    IN_DEPTH = "IN_DEPTH"

    @property
    def label(self) -> Sentence:
        return COVERAGE_LEVEL_LABELS[self]


COVERAGE_LEVEL_LABELS = {
    CoverageLevel.UNKNOWN: say("Not visible to you"),
    CoverageLevel.NO_CONTACT: say("No contact"),
    CoverageLevel.BRIEF_CONTACT: say("Brief contact"),
    CoverageLevel.MULTIPLE_CONTACTS: say("Multiple contacts"),
    CoverageLevel.IN_DEPTH: say("In depth"),
}


class LinkKind(StrEnum):
    """What joins two people on a map."""

    REPORTS_TO = "REPORTS_TO"
    DOTTED_LINE = "DOTTED_LINE"
    INFLUENCES = "INFLUENCES"
    IN_CONFLICT_WITH = "IN_CONFLICT_WITH"
    KNOWS = "KNOWS"

    @property
    def label(self) -> Sentence:
        return LINK_KIND_LABELS[self]


LINK_KIND_LABELS = {
    LinkKind.REPORTS_TO: say("Reports to"),
    LinkKind.DOTTED_LINE: say("Dotted line"),
    LinkKind.INFLUENCES: say("Influences"),
    LinkKind.IN_CONFLICT_WITH: say("In conflict"),
    LinkKind.KNOWS: say("Knows"),
}

JUDGEMENT_LINKS = frozenset({LinkKind.INFLUENCES, LinkKind.IN_CONFLICT_WITH})
"""Links that are an opinion about somebody: shown only to those who may read judgements."""

STRONG_INFLUENCE, MEDIUM_INFLUENCE, LIGHT_INFLUENCE = 0.9, 0.6, 0.3


class MapStatus(StrEnum):
    """How a deal stands with the people who decide."""

    RED = "RED"
    AMBER = "AMBER"
    GREEN = "GREEN"

    @property
    def label(self) -> Sentence:
        return MAP_STATUS_LABELS[self]

    @property
    def symbol(self) -> Symbol:
        return MAP_STATUS_SYMBOLS[self]

    @property
    def colour(self) -> Colour:
        return MAP_STATUS_COLOURS[self]


MAP_STATUS_LABELS = {
    MapStatus.RED: say("Red"),
    MapStatus.AMBER: say("Amber"),
    MapStatus.GREEN: say("Green"),
}

MAP_STATUS_SYMBOLS = {
    MapStatus.RED: Symbol("■", "#"),
    MapStatus.AMBER: Symbol("▲", "!"),
    MapStatus.GREEN: Symbol("●", "="),
}

MAP_STATUS_COLOURS = {
    MapStatus.RED: Colour("#B3261E", "#FF8077"),
    MapStatus.AMBER: Colour("#8F5A00", "#F0B23E"),
    MapStatus.GREEN: Colour("#00734F", "#3CCB9B"),
}


class MapChangeKind(StrEnum):
    """What happened to somebody's part between two dates."""

    JOINED = "JOINED"
    LEFT = "LEFT"
    ROLES_CHANGED = "ROLES_CHANGED"
    STANCE_CHANGED = "STANCE_CHANGED"
    INFLUENCE_CHANGED = "INFLUENCE_CHANGED"
    CORRECTED = "CORRECTED"

    @property
    def label(self) -> Sentence:
        return MAP_CHANGE_LABELS[self]


MAP_CHANGE_LABELS = {
    MapChangeKind.JOINED: say("Joined"),
    MapChangeKind.LEFT: say("Left"),
    MapChangeKind.ROLES_CHANGED: say("Other roles"),
    MapChangeKind.STANCE_CHANGED: say("Other position"),
    MapChangeKind.INFLUENCE_CHANGED: say("Other influence"),
    MapChangeKind.CORRECTED: say("Corrected"),
}


class SeatState(StrEnum):
    """Whether somebody fills a seat of the role template, and whether we talk with them."""

    ENGAGED = "ENGAGED"
    IDENTIFIED = "IDENTIFIED"
    MISSING = "MISSING"

    @property
    def label(self) -> Sentence:
        return SEAT_STATE_LABELS[self]

    @property
    def score(self) -> float:
        return SEAT_STATE_SCORES[self]

    @property
    def symbol(self) -> Symbol:
        return SEAT_STATE_SYMBOLS[self]


SEAT_STATE_SCORES = {SeatState.ENGAGED: 1.0, SeatState.IDENTIFIED: 0.5, SeatState.MISSING: 0.0}

SEAT_STATE_LABELS = {
    SeatState.ENGAGED: say("Engaged"),
    SeatState.IDENTIFIED: say("Identified"),
    SeatState.MISSING: say("Missing"),
}

SEAT_STATE_SYMBOLS = {
    SeatState.ENGAGED: Symbol("●", "x"),
    SeatState.IDENTIFIED: Symbol("◐", "/"),
    SeatState.MISSING: Symbol("+", "+"),
}


class FindingKind(StrEnum):
    """Something to guard against, or something to use."""

    RISK = "RISK"
    OPENING = "OPENING"

    @property
    def label(self) -> Sentence:
        return FINDING_KIND_LABELS[self]


FINDING_KIND_LABELS = {FindingKind.RISK: say("Risk"), FindingKind.OPENING: say("Opening")}


class RiskBand(StrEnum):
    LOW = "LOW"
    MEDIUM = "MEDIUM"
    HIGH = "HIGH"

    @property
    def label(self) -> Sentence:
        return RISK_BAND_LABELS[self]


RISK_BAND_LABELS = {
    RiskBand.LOW: say("Low risk"),
    RiskBand.MEDIUM: say("Medium risk"),
    RiskBand.HIGH: say("High risk"),
}


class FindingPart(StrEnum):
    """Where a sentence stands among the reasons of a status."""

    FAILS = "FAILS"
    HOLDS = "HOLDS"
    FINDING = "FINDING"
    NEXT = "NEXT"

    @property
    def symbol(self) -> Symbol:
        return FINDING_PART_SYMBOLS[self]


FINDING_PART_SYMBOLS = {
    FindingPart.FAILS: Symbol("■", "#"),
    FindingPart.HOLDS: Symbol("★", "*"),
    FindingPart.FINDING: Symbol("·", "."),
    FindingPart.NEXT: Symbol("→", ">"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One sentence about a map, with a stable code and the ids of the records it is about."""

    kind: FindingKind
    code: str
    sentence: Sentence
    severity: RiskBand
    about: tuple[str, ...] = ()
    part: FindingPart = FindingPart.FINDING


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """One version of what we hold about somebody's part in one deal or account plan.

    True in the world from `valid_from` until `valid_to`, known to us from `recorded_at` until
    `superseded_at`; both intervals hold their start and not their end, and an end of None is open. All
    four are UTC datetimes. A recorded row only ever receives `superseded_at`.
    """

    id: str
    stakeholder_id: str
    roles: frozenset[BuyingRole]
    stance: Stance
    influence_level: InfluenceLevel
    is_primary: bool
    confidence: float
    note: str | None = None
    basis: EvidenceGrade | None = None
    author_id: str | None = None
    review_by: dt.date | None = None
    source_label: str | None = None
    valid_from: dt.datetime
    valid_to: dt.datetime | None = None
    recorded_at: dt.datetime
    superseded_at: dt.datetime | None = None

    def holds(self, as_of: dt.datetime, known_at: dt.datetime) -> bool:
        """Whether this is what we believed at `known_at` about `as_of`."""
        return (
            self.valid_from <= as_of
            and (self.valid_to is None or self.valid_to > as_of)
            and self.recorded_at <= known_at
            and (self.superseded_at is None or self.superseded_at > known_at)
        )
