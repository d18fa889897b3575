"""What the labels of other systems mean: one label may name a role, a position, a weight, or several at once.

French "acheteur" is the purchasing function, never the economic buyer. A label that nobody knows becomes
the role OTHER, and its own words are kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from graph_crm.language import Language
from graph_crm.stakeholders.types import BuyingRole, InfluenceLevel, Stance

SOMEWHAT: Final = 0.7


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a label says. None is nothing said; `source_label` holds the words that were not understood."""

    roles: frozenset[BuyingRole] = frozenset()
    stance: Stance | None = None
    influence_level: InfluenceLevel | None = None
    confidence_factor: float = 1.0
    source_label: str | None = None


def role(*roles: BuyingRole) -> Meaning:
    return Meaning(roles=frozenset(roles))


def stance(held: Stance, *, confidence_factor: float = 1.0) -> Meaning:
    return Meaning(stance=held, confidence_factor=confidence_factor)


def influence(level: InfluenceLevel) -> Meaning:
    return Meaning(influence_level=level)


TABLE: Final[tuple[tuple[Meaning, tuple[str, ...]], ...]] = (
    (role(BuyingRole.END_USER), ("Business User", "User Buyer", "END_USER", "utilisateur", "utilisatrice")),
    (
        role(BuyingRole.DECISION_MAKER),
        ("Decision Maker", "Key Decision Maker", "décideur", "décideuse", "décisionnaire", "signataire"),
    ),
    (role(BuyingRole.APPROVER), ("Secondary Decision Maker",)),
    (
        role(BuyingRole.ECONOMIC_BUYER),
        ("Economic Buyer", "BUDGET_HOLDER", "Financial Buyer", "acheteur économique", "acheteuse économique"),
    ),
    (role(BuyingRole.ECONOMIC_BUYER, BuyingRole.DECISION_MAKER), ("Economic Decision Maker",)),
    (role(BuyingRole.EVALUATOR), ("Evaluator", "Technical Evaluator")),
    (role(BuyingRole.TECHNICAL_BUYER), ("Technical Buyer",)),
    (role(BuyingRole.EXECUTIVE_SPONSOR), ("Executive Sponsor", "sponsor")),
    (
        role(BuyingRole.INFLUENCER),
        ("Influencer", "prescripteur", "prescriptrice", "influenceur", "influenceuse", "Supporting Role"),
    ),
    (role(BuyingRole.PROCUREMENT), ("acheteur", "acheteuse", "Purchasing", "Procurement")),
    (role(BuyingRole.LEGAL_COMPLIANCE), ("LEGAL_AND_COMPLIANCE", "juridique")),
    (Meaning(roles=frozenset({BuyingRole.COACH}), stance=Stance.SUPPORTER), ("Coach",)),
    (
        stance(Stance.CHAMPION),
        ("Champion", "championne", "Mentor", "allié", "alliée", "représentant", "représentante"),
    ),
    (stance(Stance.BLOCKER), ("Blocker", "Enemy", "bloqueur", "bloqueuse", "opposant", "opposante")),
    (stance(Stance.SUPPORTER), ("Supporter", "Favorable")),
    (stance(Stance.SUPPORTER, confidence_factor=SOMEWHAT), ("Somewhat favorable",)),
    (stance(Stance.SKEPTIC), ("Non-Supporter", "Somewhat negative")),
    (stance(Stance.BLOCKER), ("Negative",)),
    (influence(InfluenceLevel.HIGH), ("Inner Circle",)),
    (influence(InfluenceLevel.MEDIUM), ("Political Structure",)),
    (influence(InfluenceLevel.LOW), ("None",)),
    (role(BuyingRole.DECISION_MAKER), ("Accountable",)),
    (role(BuyingRole.EVALUATOR), ("Responsible",)),
    (role(BuyingRole.INFLUENCER), ("Consulted",)),
    (role(BuyingRole.OTHER), ("Informed",)),
)

SEPARATORS: Final[re.Pattern[str]] = re.compile(r"[;,|/\n]")


def folded(label: str) -> str:
    """The label as it is compared: case, accents, underscores and hyphens do not count."""
    decomposed = unicodedata.normalize("NFKD", label)
    plain = "".join(letter for letter in decomposed if not unicodedata.combining(letter))
    return " ".join(re.sub(r"[\s_\-’']+", " ", plain.casefold()).split())


def own_words() -> Iterable[tuple[str, Meaning]]:
    """Our own names and labels, in both languages: what we export can be read back."""
    for buying_role in BuyingRole:
        for word in (buying_role.value, *(buying_role.label.read(language) for language in Language)):
            yield word, role(buying_role)
    for held in Stance:
        for word in (held.value, *(held.label.read(language) for language in Language)):
            yield word, stance(held)


# The table wins over our own words: "Coach" says more there than the role's name does here.
MEANINGS: Final[dict[str, Meaning]] = {
    **{folded(word): meaning for word, meaning in own_words()},
    **{folded(label): meaning for meaning, labels in TABLE for label in labels},
}


def meaning_of(label: str) -> Meaning:
    """What one whole label means."""
    key = folded(label)
    if not key:
        return Meaning()
    known = MEANINGS.get(key)
    if known is not None:
        return known
    return Meaning(roles=frozenset({BuyingRole.OTHER}), source_label=label.strip())


def meaning_of_list(labels: str) -> Meaning:
    """What a cell means that may hold several labels: "Decision Maker; Champion"."""
    if folded(labels) in MEANINGS:
        return meaning_of(labels)
    return joined([meaning_of(label) for label in SEPARATORS.split(labels)])


def joined(meanings: Iterable[Meaning]) -> Meaning:
    """All roles together; of two positions or weights the first stands, and its confidence with it."""
    roles: frozenset[BuyingRole] = frozenset()
    held: Meaning | None = None
    level: InfluenceLevel | None = None
    unknown: list[str] = []
    for meaning in meanings:
        roles |= meaning.roles
        if held is None and meaning.stance is not None:
            held = meaning
        level = level or meaning.influence_level
        if meaning.source_label is not None:
            unknown.append(meaning.source_label)
    return Meaning(
        roles=roles,
        stance=held.stance if held is not None else None,
        influence_level=level,
        confidence_factor=held.confidence_factor if held is not None else 1.0,
        source_label="; ".join(unknown) or None,
    )
