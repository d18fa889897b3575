"""Support, agreement, and who is to be won by whom."""

from dataclasses import replace

import pytest

from graph_crm.language import Language
from graph_crm.stakeholders.facts import ConsensusRule, PersonFacts
from graph_crm.stakeholders.types import BuyingRole, LinkKind, Stance
from tests.stakeholders.worked_example import STANCES, company, deal, drawn, link, part, person, tie


def test_the_worked_figures_of_support() -> None:
    consensus = drawn(company()).consensus
    assert consensus is not None
    shares = {share.key: share.weight for share in consensus.shares}
    assert shares == pytest.approx({"ceo": 0.374750, "cfo": 0.199310, "cio": 0.262742, "arch": 0.163199}, abs=1e-6)
    assert consensus.known_share == pytest.approx(0.935446, abs=1e-6)
    assert consensus.mean_stance == pytest.approx(0.290063, abs=1e-6)
    assert consensus.support == pytest.approx(0.572516, abs=1e-6)
    assert consensus.blocker_exposure == pytest.approx(0.199310, abs=1e-6)


def test_the_points_of_all_shares_sum_to_support() -> None:
    consensus = drawn(company()).consensus
    assert consensus is not None
    assert sum(share.points for share in consensus.shares) == pytest.approx(consensus.support, abs=1e-12)


def test_nobody_of_known_stance_is_no_support_at_all() -> None:
    consensus = drawn(company(stances={})).consensus
    assert consensus is not None
    assert (consensus.support, consensus.known_share, consensus.blocker_exposure) == (None, 0.0, None)


def test_the_worked_allies_against_the_blocker() -> None:
    coverage = drawn(company()).role_coverage
    assert coverage is not None
    (plan,) = coverage.blockers
    assert plan.contact_id == "cfo"
    assert plan.exposure == pytest.approx(0.199310, abs=1e-6)
    assert [(ally.contact_id, ally.via) for ally in plan.allies] == [("cio", ("ceo",)), ("arch", ("cio", "ceo"))]
    assert [ally.score for ally in plan.allies] == pytest.approx([0.334800, 0.164025], abs=1e-6)
    for ally in plan.allies:
        assert ally.score == pytest.approx(ally.influence * ally.conviction * ally.tie, abs=1e-12)
    assert plan.manager_id == "ceo"


def test_somebody_in_conflict_is_no_ally_and_it_is_said() -> None:
    coverage = drawn(company(link(LinkKind.IN_CONFLICT_WITH, "cfo", "cio"))).role_coverage
    assert coverage is not None
    (plan,) = coverage.blockers
    assert [ally.contact_id for ally in plan.allies] == ["arch"]
    assert plan.in_conflict == ("cio",)


def test_by_default_every_decider_must_agree() -> None:
    consensus = drawn(company()).consensus
    assert consensus is not None
    assert (consensus.needed_count, consensus.reached) == (3, False)
    assert (consensus.agreed, consensus.missing, consensus.opposed) == (("cio",), ("ceo",), ("cfo",))
    assert [one.contact_id for one in consensus.people_to_win] == ["ceo", "cfo"]
    ceo, cfo = consensus.people_to_win
    assert (ceo.through, cfo.through) == (("cio",), ("cio", "ceo"))
    assert [ceo.score, cfo.score] == pytest.approx([0.372, 0.3348], abs=1e-6)
    assert ceo.ask is not None
    assert ceo.ask.who == "Ana"


def test_only_as_many_as_are_lacking_must_be_won_easiest_first() -> None:
    consensus = drawn(company(rule=ConsensusRule(needed_count=2))).consensus
    assert consensus is not None
    assert [one.contact_id for one in consensus.people_to_win] == ["ceo"]
    stances = {**STANCES, "ceo": Stance.SUPPORTER}
    agreed = drawn(company(stances=stances, rule=ConsensusRule(needed_count=2))).consensus
    assert agreed is not None
    assert agreed.reached
    assert agreed.people_to_win == ()


@pytest.mark.parametrize(
    ("stance", "reached", "missing", "opposed"),
    [
        (Stance.NEUTRAL, True, (), ()),
        (Stance.UNKNOWN, False, ("usr",), ()),
        (Stance.SKEPTIC, False, (), ("usr",)),
        (Stance.BLOCKER, False, (), ("usr",)),
        (Stance.SUPPORTER, True, (), ()),
    ],
)
def test_a_veto_stands_in_the_way_when_opposed_or_unknown(
    stance: Stance, *, reached: bool, missing: tuple[str, ...], opposed: tuple[str, ...]
) -> None:
    rule = ConsensusRule(needed_contact_ids=("cio",), veto_roles=frozenset({BuyingRole.END_USER}))
    consensus = drawn(company(stances={**STANCES, "usr": stance}, rule=rule)).consensus
    assert consensus is not None
    assert (consensus.reached, consensus.missing, consensus.opposed) == (reached, missing, opposed)
    assert [one.contact_id for one in consensus.people_to_win] == ([] if reached else ["usr"])


def test_somebody_needed_who_holds_a_veto_counts_once() -> None:
    rule = ConsensusRule(needed_contact_ids=("cio", "ceo", "cfo"), needed_count=2, veto_contact_ids=("cfo",))
    consensus = drawn(company(rule=rule)).consensus
    assert consensus is not None
    assert [one.contact_id for one in consensus.people_to_win] == ["cfo"]


def named(*needed: str, count: int | None = None, veto: tuple[str, ...] = ()) -> ConsensusRule:
    return ConsensusRule(needed_contact_ids=needed, needed_count=count, veto_contact_ids=veto)


def supporter(contact_id: str) -> PersonFacts:
    return person(contact_id, part(contact_id, BuyingRole.DECISION_MAKER, stance=Stance.SUPPORTER))


def test_those_named_without_a_part_are_missing_and_lower_no_number() -> None:
    facts = deal(supporter("ana"), person("bo"), rule=named("ana", "bo", "cy", count=2))
    facts = replace(facts, named=(PersonFacts(contact_id="cy", name="Cy Young"),))
    picture = drawn(facts)
    consensus = picture.consensus
    assert consensus is not None
    assert (consensus.needed_count, consensus.needed, consensus.reached) == (2, ("ana", "bo", "cy"), False)
    assert (consensus.agreed, consensus.missing, consensus.without_part) == (("ana",), ("bo", "cy"), ("bo", "cy"))
    assert [one.contact_id for one in consensus.people_to_win] == ["bo"]
    assert picture.person("bo").must_agree
    assert [finding.sentence.read(Language.EN) for finding in picture.reasons if finding.code == "AGREEMENT"] == [
        "Agreement: 2 of 3 needed; Ana agrees, position of Bo unknown, position of Cy Young unknown."
    ]


def test_a_named_veto_holder_without_a_part_stands_in_the_way() -> None:
    facts = deal(supporter("ana"), rule=named("ana", veto=("cy",)))
    facts = replace(facts, named=(PersonFacts(contact_id="cy", name="Cy Young"),))
    consensus = drawn(facts).consensus
    assert consensus is not None
    assert (consensus.reached, consensus.veto, consensus.missing) == (False, ("cy",), ("cy",))
    assert [one.contact_id for one in consensus.people_to_win] == ["cy"]
    assert drawn(facts).reasons[-1].sentence.read(Language.EN) == (
        "Next: win Cy Young; no supporter of ours influences this person yet: look for a warm path."
    )


def test_more_than_are_known_cannot_agree_and_it_is_said() -> None:
    picture = drawn(deal(supporter("ana"), rule=ConsensusRule(needed_count=2)))
    assert picture.consensus is not None
    assert (picture.consensus.needed_count, picture.consensus.reached) == (2, False)
    (finding,) = [finding for finding in picture.reasons if finding.code == "AGREEMENT_OUT_OF_REACH"]
    assert finding.sentence.read(Language.EN) == (
        "Agreement is out of reach: 2 must agree, and only 1 person is known who can."
    )
    assert finding.sentence.read(Language.FR) == (
        "Accord hors d’atteinte : il en faut 2, et 1 seule personne connue peut le donner."
    )


def test_an_agreement_of_nobody_is_not_reached() -> None:
    picture = drawn(deal(person("usr", part("usr", BuyingRole.END_USER, stance=Stance.SUPPORTER))))
    assert picture.consensus is not None
    assert picture.consensus.reached is None
    sentences = [finding.sentence for finding in picture.reasons if finding.code == "NOBODY_MUST_AGREE"]
    assert [sentence.read(Language.EN) for sentence in sentences] == ["Nobody is named whose agreement is needed."]
    assert [sentence.read(Language.FR) for sentence in sentences] == [
        "Personne n’est désigné dont l’accord soit nécessaire."
    ]


def test_equal_chances_are_settled_by_our_tie_then_by_name() -> None:
    people = [
        person(name, part(name, BuyingRole.APPROVER, stance=Stance.NEUTRAL), ties=ties)
        for name, ties in (("zoe", ()), ("adam", ()), ("max", (tie("bo", 0.3),)))
    ]
    consensus = drawn(deal(*people)).consensus
    assert consensus is not None
    assert [one.contact_id for one in consensus.people_to_win] == ["max", "adam", "zoe"]


def test_a_supporter_whom_nobody_of_ours_knows_cannot_be_asked() -> None:
    consensus = drawn(company(ties={})).consensus
    assert consensus is not None
    assert consensus.people_to_win[0].through == ()
    assert consensus.people_to_win[0].ask is None
