"""Labels of other systems, row by row."""

import pytest

from graph_crm.language import Language
from graph_crm.stakeholders.labels import Meaning, meaning_of, meaning_of_list
from graph_crm.stakeholders.types import BuyingRole, InfluenceLevel, Stance

ROWS = [
    ("Business User", {"END_USER"}, None, None),
    ("User Buyer", {"END_USER"}, None, None),
    ("END_USER", {"END_USER"}, None, None),
    ("utilisateur", {"END_USER"}, None, None),
    ("Decision Maker", {"DECISION_MAKER"}, None, None),
    ("Key Decision Maker", {"DECISION_MAKER"}, None, None),
    ("décideur", {"DECISION_MAKER"}, None, None),
    ("DECIDEUR", {"DECISION_MAKER"}, None, None),
    ("décisionnaire", {"DECISION_MAKER"}, None, None),
    ("signataire", {"DECISION_MAKER"}, None, None),
    ("Secondary Decision Maker", {"APPROVER"}, None, None),
    ("Economic Buyer", {"ECONOMIC_BUYER"}, None, None),
    ("BUDGET_HOLDER", {"ECONOMIC_BUYER"}, None, None),
    ("Financial Buyer", {"ECONOMIC_BUYER"}, None, None),
    ("acheteur économique", {"ECONOMIC_BUYER"}, None, None),
    ("Economic Decision Maker", {"ECONOMIC_BUYER", "DECISION_MAKER"}, None, None),
    ("Evaluator", {"EVALUATOR"}, None, None),
    ("Technical Evaluator", {"EVALUATOR"}, None, None),
    ("Technical Buyer", {"TECHNICAL_BUYER"}, None, None),
    ("Executive Sponsor", {"EXECUTIVE_SPONSOR"}, None, None),
    ("sponsor", {"EXECUTIVE_SPONSOR"}, None, None),
    ("Influencer", {"INFLUENCER"}, None, None),
    ("prescripteur", {"INFLUENCER"}, None, None),
    ("influenceur", {"INFLUENCER"}, None, None),
    ("Supporting Role", {"INFLUENCER"}, None, None),
    ("acheteur", {"PROCUREMENT"}, None, None),
    ("Purchasing", {"PROCUREMENT"}, None, None),
    ("Procurement", {"PROCUREMENT"}, None, None),
    ("LEGAL_AND_COMPLIANCE", {"LEGAL_COMPLIANCE"}, None, None),
    ("juridique", {"LEGAL_COMPLIANCE"}, None, None),
    ("Coach", {"COACH"}, "SUPPORTER", None),
    ("Champion", set(), "CHAMPION", None),
    ("Mentor", set(), "CHAMPION", None),
    ("allié", set(), "CHAMPION", None),
    ("représentant", set(), "CHAMPION", None),
    ("Blocker", set(), "BLOCKER", None),
    ("Enemy", set(), "BLOCKER", None),
    ("bloqueur", set(), "BLOCKER", None),
    ("opposant", set(), "BLOCKER", None),
    ("Supporter", set(), "SUPPORTER", None),
    ("Favorable", set(), "SUPPORTER", None),
    ("Somewhat favorable", set(), "SUPPORTER", None),
    ("Non-Supporter", set(), "SKEPTIC", None),
    ("Somewhat negative", set(), "SKEPTIC", None),
    ("Negative", set(), "BLOCKER", None),
    ("Inner Circle", set(), None, "HIGH"),
    ("Political Structure", set(), None, "MEDIUM"),
    ("None", set(), None, "LOW"),
    ("Accountable", {"DECISION_MAKER"}, None, None),
    ("Responsible", {"EVALUATOR"}, None, None),
    ("Consulted", {"INFLUENCER"}, None, None),
    ("Informed", {"OTHER"}, None, None),
]


@pytest.mark.parametrize(("label", "roles", "stance", "level"), ROWS, ids=[row[0] for row in ROWS])
def test_a_label_is_split_into_role_stance_and_influence(
    label: str, roles: set[str], stance: str | None, level: str | None
) -> None:
    meaning = meaning_of(label)
    assert {role.value for role in meaning.roles} == roles
    assert meaning.stance == stance
    assert meaning.influence_level == level
    assert meaning.source_label is None
    assert meaning.confidence_factor == (0.7 if label == "Somewhat favorable" else 1.0)


@pytest.mark.parametrize("label", ["représentant commercial", "Représentant légal", "Sales champion team", "Vibes"])
def test_an_unknown_label_becomes_other_and_its_words_are_kept(label: str) -> None:
    assert meaning_of(f"  {label} ") == Meaning(roles=frozenset({BuyingRole.OTHER}), source_label=label)


def test_an_empty_label_says_nothing() -> None:
    assert meaning_of("  ") == Meaning()


def test_case_accents_underscores_and_hyphens_do_not_count() -> None:
    assert meaning_of("  ÉCONOMIC-buyer ") == meaning_of("ECONOMIC_BUYER")


def test_a_mixed_list_is_split() -> None:
    assert meaning_of_list("Decision Maker; Blocker; Inner Circle; Chess player") == Meaning(
        roles=frozenset({BuyingRole.DECISION_MAKER, BuyingRole.OTHER}),
        stance=Stance.BLOCKER,
        influence_level=InfluenceLevel.HIGH,
        source_label="Chess player",
    )


def test_of_two_positions_the_first_stands_with_its_confidence() -> None:
    meaning = meaning_of_list("Somewhat favorable, Blocker")
    assert (meaning.stance, meaning.confidence_factor) == (Stance.SUPPORTER, 0.7)


@pytest.mark.parametrize("language", list(Language))
def test_our_own_labels_are_read_back(language: Language) -> None:
    for role in BuyingRole:
        assert role in meaning_of(role.label.read(language)).roles
        assert role in meaning_of(role.value).roles
    for stance in Stance:
        assert meaning_of(stance.label.read(language)).stance is stance
