"""Influence: the worked figures, and reach against every path there is."""

import math
from dataclasses import dataclass

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph_crm.contacts.types import Seniority
from graph_crm.language import Language
from graph_crm.stakeholders.facts import LinkFacts, ScopeKind
from graph_crm.stakeholders.influence import all_reports, best_ways, bonds_of, influences, moves, reporting
from graph_crm.stakeholders.types import BuyingRole, InfluenceLevel, LinkKind, decision_weight
from tests.stakeholders.worked_example import company, deal, drawn, link, part, person

WORKED = {
    "ceo": (1.0, 1.0, 0.570833, 0.871250, 0.987125),
    "cfo": (0.7, 0.8, 0.0, 0.525000, 0.525000),
    "cio": (0.764782, 1.0, 0.555, 0.784174, 0.692087),
    "arch": (0.28, 0.4, 0.6396, 0.429880, 0.429880),
    "usr": (0.14, 0.2, 0.20925, 0.181775, 0.181775),
}


@pytest.mark.parametrize("contact_id", WORKED)
def test_the_worked_figures(contact_id: str) -> None:
    influence = drawn(company()).person(contact_id).influence
    assert influence is not None
    figures = (influence.formal, influence.authority, influence.reach, influence.computed, influence.score)
    assert figures == pytest.approx(WORKED[contact_id], abs=1e-6)


def test_the_points_of_all_factors_sum_to_the_score() -> None:
    for one in drawn(company()).people:
        assert one.influence is not None
        assert sum(factor.points for factor in one.influence.factors) == pytest.approx(one.influence.score, abs=1e-12)
        assert sum(factor.weight for factor in one.influence.factors) == pytest.approx(1.0, abs=1e-12)
        for factor in one.influence.factors:
            assert factor.points == pytest.approx(factor.value * factor.weight, abs=1e-12)


def test_reasons_are_sentences() -> None:
    cio = drawn(company()).person("cio").influence
    assert cio is not None
    assert [reason.read(Language.EN) for reason in cio.reasons] == [
        "Medium influence, as stated (confidence 0.50).",
        "Rank: Vice president.",
        "2 people report here.",
        "Decision maker: 1.00 of a say.",
        "Moves Ceo (0.60).",
        "Moves Cfo (0.54).",
    ]
    assert cio.reasons[2].read(Language.FR) == "2 personnes rattachées."


def test_on_no_line_rank_alone_is_formal() -> None:
    picture = drawn(deal(person("ceo", part("ceo", BuyingRole.DECISION_MAKER), seniority=Seniority.C_LEVEL)))
    influence = picture.person("ceo").influence
    assert influence is not None
    assert (influence.formal, influence.reach, influence.score) == (1.0, None, 1.0)
    assert influence.low_evidence
    assert not picture.person("ceo").key_player


def test_without_a_rank_the_people_below_are_formal() -> None:
    picture = drawn(deal(person("boss"), person("report"), links=(link(LinkKind.REPORTS_TO, "report", "boss"),)))
    boss, report = picture.person("boss").influence, picture.person("report").influence
    assert boss is not None
    assert report is not None
    assert (boss.formal, report.formal) == (1.0, 0.0)


def test_nothing_known_is_little_influence_of_low_evidence() -> None:
    facts = deal(person("x"), person("y"), kind=ScopeKind.ACCOUNT)
    influence = drawn(facts).person("x").influence
    assert influence is not None
    assert (influence.score, influence.low_evidence) == (0.3, True)
    assert influence.formal is influence.authority is influence.reach is None


def test_nobody_has_a_role_in_a_deal_and_then_everybody_decides_nothing() -> None:
    influence = drawn(deal(person("x"), person("y"))).person("x").influence
    assert influence is not None
    assert influence.authority == 0


def test_an_influence_of_this_deal_takes_the_place_of_the_general_one() -> None:
    general = link(LinkKind.INFLUENCES, "a", "b", 0.9)
    special = LinkFacts(
        id="special", kind=LinkKind.INFLUENCES, from_id="a", to_id="b", weight=0.3, opportunity_id="deal"
    )
    assert moves([general, special], {}, ["a", "b"]) == {"a": {"b": 0.3}}
    assert moves([special, general], {}, ["a", "b"]) == {"a": {"b": 0.3}}


def test_a_circle_of_managers_is_cut_at_its_smallest_id() -> None:
    links = [link(LinkKind.REPORTS_TO, a, b) for a, b in (("b", "c"), ("c", "a"), ("a", "b"), ("d", "b"))]
    assert reporting(links, "abcd") == {"b": "c", "c": "a", "d": "b"}
    assert all_reports(reporting(links, "abcd")) == {"a": 3, "c": 2, "b": 1}


def test_people_who_are_not_on_the_map_move_nobody() -> None:
    links = [link(LinkKind.INFLUENCES, "a", "hidden", 0.9), link(LinkKind.INFLUENCES, "hidden", "b", 0.9)]
    assert best_ways(moves(links, {}, ["a", "b"])) == {}


@dataclass(frozen=True)
class Someone:
    contact_id: str
    roles: tuple[BuyingRole, ...]
    name: str = "Someone"
    seniority: Seniority = Seniority.UNKNOWN
    influence_level: InfluenceLevel = InfluenceLevel.UNKNOWN
    confidence: float = 0.5


COMPANIES = st.integers(2, 9).flatmap(
    lambda size: st.tuples(
        st.lists(st.sampled_from([(), *((role,) for role in BuyingRole)]), min_size=size, max_size=size),
        st.lists(
            st.tuples(
                st.integers(0, size - 1), st.integers(0, size - 1), st.sampled_from([0.9, 0.6, 0.3, 1.0, None])
            ),
            max_size=20,
        ),
    )
)


@settings(max_examples=150, deadline=None)
@given(COMPANIES)
def test_reach_is_what_every_path_of_three_links_tells(
    given_company: tuple[list[tuple[BuyingRole, ...]], list[tuple[int, int, float | None]]],
) -> None:
    roles, edges = given_company
    people = [Someone(f"c{number}", held) for number, held in enumerate(roles)]
    links = [
        link(LinkKind.REPORTS_TO, f"c{a}", f"c{b}")
        if weight is None
        else link(LinkKind.INFLUENCES, f"c{a}", f"c{b}", weight)
        for a, b, weight in edges
    ]
    graph = nx.DiGraph()
    managers = reporting(links, [one.contact_id for one in people])
    strongest: dict[tuple[str, str], float] = {(above, below): 0.5 for below, above in managers.items()}
    for a, b, weight in edges:
        if weight is not None and a != b:
            pair = (f"c{a}", f"c{b}")
            strongest[pair] = max(strongest.get(pair, 0.0), weight)
    for (a, b), weight in strongest.items():
        graph.add_edge(a, b, weight=weight)
    found = influences(people, bonds_of(links, [one.contact_id for one in people]))
    say = {one.contact_id: decision_weight(one.roles) for one in people}
    for one in people:
        others = sum(weight for other, weight in say.items() if other != one.contact_id)
        reach = found[one.contact_id].reach
        if not strongest or others == 0:
            assert reach is None
            continue
        moved = 0.0
        for target, weight in say.items():
            if target == one.contact_id or one.contact_id not in graph or target not in graph:
                continue
            paths = nx.all_simple_edge_paths(graph, one.contact_id, target, cutoff=3)
            moved += weight * max(
                (math.prod(graph.edges[edge]["weight"] for edge in path) for path in paths), default=0.0
            )
        assert reach == pytest.approx(moved / others, abs=1e-12)
