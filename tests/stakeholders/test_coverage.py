"""Seats, threads and champions."""

import datetime as dt

import pytest

from graph_crm.language import Language
from graph_crm.stakeholders.coverage import coverage_score, threads_of
from graph_crm.stakeholders.facts import DEFAULT_ROLE_TEMPLATE, TeamFacts, TieFacts, UserFacts
from graph_crm.stakeholders.types import BuyingRole, CoverageLevel, InfluenceLevel, LinkKind, SeatState, Stance
from graph_crm.ties.strength import epoch_days
from graph_crm.ties.types import Tie, TieVisibility
from tests.stakeholders.worked_example import NOW, company, deal, drawn, link, part, person, tie


def worked_seats(probability: float) -> dict[str, tuple[SeatState, float]]:
    facts = deal(
        person("eb", part("eb", BuyingRole.ECONOMIC_BUYER)),
        person("tb", part("tb", BuyingRole.TECHNICAL_BUYER), ties=(tie("ana", 0.5),)),
        person("eu", part("eu", BuyingRole.END_USER), ties=(tie("ana", 0.4),)),
        person("ch", part("ch", stance=Stance.CHAMPION), ties=(tie("ana", 0.9),)),
        probability=probability,
    )
    coverage = drawn(facts).role_coverage
    assert coverage is not None
    assert coverage.score == pytest.approx(sum(factor.points for factor in coverage.factors), abs=1e-12)
    return {
        factor.key: (seat.state, coverage.score)
        for factor, seat in zip(coverage.factors, coverage.seats, strict=True)
    }


def test_the_worked_coverage() -> None:
    seats = worked_seats(0.6)
    assert {role: state for role, (state, _) in seats.items()} == {
        "ECONOMIC_BUYER": SeatState.IDENTIFIED,
        "CHAMPION": SeatState.ENGAGED,
        "TECHNICAL_BUYER": SeatState.ENGAGED,
        "END_USER": SeatState.ENGAGED,
        "PROCUREMENT": SeatState.MISSING,
    }
    assert seats["CHAMPION"][1] == pytest.approx(0.75, abs=1e-6)


def test_a_late_seat_is_not_counted_before_its_stage() -> None:
    seats = worked_seats(0.59)
    assert "PROCUREMENT" not in seats
    assert seats["CHAMPION"][1] == pytest.approx(7.5 / 9, abs=1e-6)


def test_no_seats_have_no_score() -> None:
    assert coverage_score([]) == (None, ())


def test_the_champion_s_seat_has_no_role() -> None:
    assert [seat.role for seat in DEFAULT_ROLE_TEMPLATE if seat.needs_champion] == [None]


def days_before(days: float) -> float:
    return epoch_days(NOW - dt.timedelta(days=days))


@pytest.mark.parametrize(
    ("tie_facts", "engaged"),
    [
        (TieFacts(user_id="ana", tie=Tie(override=0.40)), True),
        (TieFacts(user_id="ana", tie=Tie(override=0.39)), False),
        (TieFacts(user_id="ana", tie=Tie(override=0.1), last_mutual_at=days_before(120)), True),
        (TieFacts(user_id="ana", tie=Tie(override=0.1), last_mutual_at=days_before(121)), False),
        (TieFacts(user_id="ana", tie=Tie(override=0.1), last_sent_at=days_before(3)), False),
        (
            TieFacts(
                user_id="ana", tie=Tie(override=0.1), last_sent_at=days_before(3), last_received_at=days_before(90)
            ),
            True,
        ),
        (TieFacts(user_id="gone", tie=Tie(override=0.9), last_mutual_at=days_before(1)), False),
    ],
    ids=[
        "medium tie",
        "weak tie",
        "met lately",
        "met long ago",
        "wrote in vain",
        "wrote both ways",
        "colleague left",
    ],
)
def test_engaged_is_contact_both_ways_of_late_or_a_medium_tie(tie_facts: TieFacts, *, engaged: bool) -> None:
    facts = deal(person("x", part("x", BuyingRole.END_USER), ties=(tie_facts,)))
    assert drawn(facts).person("x").engaged is engaged


def test_mail_to_one_and_from_another_of_us_is_not_both_ways() -> None:
    ties = (
        TieFacts(user_id="ana", tie=Tie(override=0.1), last_sent_at=days_before(3)),
        TieFacts(user_id="bo", tie=Tie(override=0.1), last_received_at=days_before(3)),
    )
    assert not drawn(deal(person("x", part("x"), ties=ties))).person("x").engaged


@pytest.mark.parametrize(
    ("strength", "level"),
    [
        (0.0, CoverageLevel.NO_CONTACT),
        (0.1, CoverageLevel.BRIEF_CONTACT),
        (0.2, CoverageLevel.BRIEF_CONTACT),
        (0.5, CoverageLevel.MULTIPLE_CONTACTS),
        (0.7, CoverageLevel.IN_DEPTH),
    ],
)
def test_coverage_of_a_person_follows_the_best_tie(strength: float, level: CoverageLevel) -> None:
    assert drawn(deal(person("x", ties=(tie("ana", strength),)))).person("x").coverage is level


def test_the_worked_threads() -> None:
    spread = threads_of({"a": 6, "b": 3, "c": 0.5, "d": 0.5})
    assert (spread.threads, spread.index) == pytest.approx((2.197802, 0.399267), abs=1e-6)
    assert not spread.single
    lopsided = threads_of({"a": 9, "b": 1})
    assert lopsided.threads == pytest.approx(1.219512, abs=1e-6)
    assert lopsided.single


def test_no_contact_is_no_thread() -> None:
    none = threads_of({})
    assert (none.threads, none.index, none.single) == (0.0, 0.0, True)
    assert none.sentence.read(Language.EN) == "No activity."
    assert threads_of({"a": 0.0}).single


def test_many_threads_count_no_more_than_four() -> None:
    assert threads_of({str(number): 1.0 for number in range(8)}).index == 1.0


def test_the_worked_champion() -> None:
    coverage = drawn(company()).role_coverage
    assert coverage is not None
    (champion,) = coverage.champions
    assert champion.contact_id == "cio"
    assert (champion.influence, champion.tie, champion.access) == pytest.approx((0.692087, 0.62, 0.6), abs=1e-6)
    assert champion.strength == pytest.approx(0.636162, abs=1e-6)
    assert champion.strength**3 == pytest.approx(champion.influence * champion.tie * champion.access, abs=1e-12)


def test_a_champion_without_access_to_the_money_is_rather_a_coach() -> None:
    facts = deal(
        person(
            "x", part("x", stance=Stance.CHAMPION, level=InfluenceLevel.HIGH, confidence=1.0), ties=(tie("ana", 0.8),)
        ),
        person("y", part("y", BuyingRole.ECONOMIC_BUYER)),
        links=(link(LinkKind.INFLUENCES, "y", "x", 0.9),),
    )
    coverage = drawn(facts).role_coverage
    assert coverage is not None
    assert coverage.champions[0].access == 0.1
    assert "a coach rather than a champion" in coverage.champions[0].sentence.read(Language.EN)


def test_a_seat_reached_through_one_colleague_alone_says_so() -> None:
    facts = deal(
        person("x", part("x", BuyingRole.END_USER), ties=(tie("ana", 0.8), tie("bo", 0.1))),
        person("y", part("y", BuyingRole.END_USER), ties=(tie("ana", 0.2),)),
    )
    coverage = drawn(facts).role_coverage
    assert coverage is not None
    seat = next(seat for seat in coverage.seats if seat.role is BuyingRole.END_USER)
    assert seat.only_through is not None
    assert seat.only_through.user_id == "ana"
    assert seat.sentence.read(Language.EN) == "X and Y – engaged, only through Ana"
    assert seat.sentence.read(Language.FR) == "X et Y – engagé, par Ana seulement"


def test_two_colleagues_of_one_team_who_want_to_be_asked_first_are_two() -> None:
    sales = TeamFacts(id="sales", name="Sales", active_members=5)
    users = tuple(UserFacts(id=one, name=one.title(), teams=(sales,)) for one in ("karim", "lena"))

    def sentence(*owners: str) -> str:
        people = [
            person(
                f"x{number}",
                part(f"x{number}", BuyingRole.END_USER),
                ties=(tie(owner, 0.8, visibility=TieVisibility.EXISTS_BUT_ASK, owner_id=owner),),
            )
            for number, owner in enumerate(owners)
        ]
        picture = drawn(deal(*people, users=users), viewer_id="anna")
        seat = next(seat for seat in picture.seats if seat.role is BuyingRole.END_USER)
        return seat.sentence.read(Language.EN)

    assert sentence("karim", "karim") == "X0 and X1 – engaged, only through a colleague in Sales"
    assert sentence("karim", "lena") == "X0 and X1 – engaged"
