"""The whole map: status and reasons, the demo's figures, and what a viewer may not see."""

import datetime as dt
from dataclasses import replace

import pytest

from graph_crm.contacts.types import Seniority
from graph_crm.language import Language
from graph_crm.stakeholders.answer import Badge, Placement, StakeholderMap
from graph_crm.stakeholders.facts import ScopeKind, TeamFacts, UserFacts
from graph_crm.stakeholders.history import map_changes
from graph_crm.stakeholders.stakeholder_map import stakeholder_map
from graph_crm.stakeholders.types import (
    BuyingRole,
    FindingPart,
    InfluenceLevel,
    LinkKind,
    MapChangeKind,
    MapStatus,
    Stance,
)
from graph_crm.ties.types import TieBand, TieVisibility
from tests.stakeholders.ferrand_lys import (
    DAY_OF_LOADING,
    days_ago,
    ferrand_lys,
    ferrand_parts,
    harrow_and_pike,
    harrow_parts,
)
from tests.stakeholders.worked_example import company, deal, drawn, link, part, person, tie


def ferrand(moment: dt.datetime = DAY_OF_LOADING, known_at: dt.datetime = DAY_OF_LOADING) -> StakeholderMap:
    return stakeholder_map(ferrand_lys(moment, known_at), as_of=moment, known_at=known_at)


def told(picture: StakeholderMap, language: Language = Language.EN) -> list[str]:
    return [finding.sentence.read(language) for finding in picture.reasons]


# The demo


def test_the_demo_s_figures() -> None:
    picture = ferrand()
    assert picture.consensus is not None
    assert picture.role_coverage is not None
    assert picture.status is MapStatus.AMBER
    assert picture.consensus.support == pytest.approx(0.503334, abs=1e-6)
    assert picture.consensus.known_share == pytest.approx(0.956293, abs=1e-6)
    assert picture.consensus.blocker_exposure == pytest.approx(0.261071, abs=1e-6)
    assert picture.role_coverage.score == pytest.approx(0.954545, abs=1e-6)


def test_the_demo_s_influences() -> None:
    picture = ferrand()
    scores = {one.contact_id: round(one.x or 0, 2) for one in picture.people}
    assert scores == {
        "helene": 0.98,
        "bertrand": 0.92,
        "julien": 0.67,
        "nadia": 0.63,
        "samir": 0.35,
        "emilie": 0.31,
        "pauline": 0.29,
        "luc": 0.22,
        "etienne": 0.22,
        "mireille": 0.19,
        "camille": 0.19,
        "laurent": 0.17,
    }


def test_the_demo_s_agreement() -> None:
    consensus = ferrand().consensus
    assert consensus is not None
    (helene,) = consensus.people_to_win
    assert (helene.contact_id, helene.through) == ("helene", ("julien",))
    assert helene.score == pytest.approx(0.51, abs=0.005)
    assert helene.ask is not None
    assert helene.ask.who == "Marc"
    assert (consensus.agreed, consensus.missing, consensus.opposed) == (("nadia",), ("helene",), ("bertrand",))


def test_ninety_one_days_ago_the_demo_was_green() -> None:
    picture = ferrand(days_ago(91))
    assert picture.status is MapStatus.GREEN
    assert told(picture)[0] == "Nadia Benali (decision maker) supports us."
    assert not picture.person("camille").has_part


def test_before_the_block_was_recorded_the_demo_looked_green() -> None:
    assert ferrand(days_ago(36), days_ago(37)).status is MapStatus.GREEN
    assert ferrand(days_ago(36), days_ago(33)).status is MapStatus.AMBER


def test_the_demo_s_changes_are_exactly_four() -> None:
    rows = ferrand_parts().all_rows()
    changes = map_changes(rows, days_ago(91), DAY_OF_LOADING, DAY_OF_LOADING)
    assert [(change.stakeholder_id, change.kind, change.at, change.recorded_at) for change in changes] == [
        ("part-camille", MapChangeKind.JOINED, days_ago(90), days_ago(90)),
        ("part-nadia", MapChangeKind.STANCE_CHANGED, days_ago(75), days_ago(75)),
        ("part-laurent", MapChangeKind.STANCE_CHANGED, days_ago(60), days_ago(60)),
        ("part-bertrand", MapChangeKind.STANCE_CHANGED, days_ago(40), days_ago(33)),
    ]


def test_recording_a_supporter_turns_the_second_deal_from_red_to_amber() -> None:
    parts = harrow_parts()
    before = stakeholder_map(harrow_and_pike(parts=parts), as_of=DAY_OF_LOADING, known_at=DAY_OF_LOADING)
    assert before.status is MapStatus.RED
    parts.note(
        "rachel",
        0,
        roles=[BuyingRole.EXECUTIVE_SPONSOR],
        stance=Stance.SUPPORTER,
        level=InfluenceLevel.HIGH,
        confidence=0.8,
    )
    after = stakeholder_map(harrow_and_pike(parts=parts), as_of=DAY_OF_LOADING, known_at=DAY_OF_LOADING)
    assert after.status is MapStatus.AMBER
    assert told(after)[0] == "No influential decider supports us yet."


def test_a_score_from_title_and_role_alone_makes_no_key_player() -> None:
    margaret = stakeholder_map(harrow_and_pike(), as_of=DAY_OF_LOADING, known_at=DAY_OF_LOADING).person("margaret")
    assert margaret.x == pytest.approx(1.0)
    assert margaret.influence is not None
    assert margaret.influence.low_evidence
    assert margaret.key_player is False


# Status and its sentences


def decider(stance: Stance, *, strength: float = 0.6, role: BuyingRole = BuyingRole.DECISION_MAKER) -> StakeholderMap:
    holder = part("x", role, stance=stance, level=InfluenceLevel.HIGH, confidence=1.0)
    return drawn(deal(person("x", holder, ties=(tie("ana", strength),))))


def test_green_needs_an_engaged_key_player_who_decides_and_supports() -> None:
    assert decider(Stance.SUPPORTER).status is MapStatus.GREEN
    assert decider(Stance.CHAMPION).status is MapStatus.GREEN
    assert decider(Stance.NEUTRAL).status is MapStatus.RED
    assert decider(Stance.SUPPORTER, role=BuyingRole.COACH).status is MapStatus.AMBER
    assert decider(Stance.SUPPORTER, strength=0.1).status is MapStatus.AMBER


def test_a_supporter_we_are_not_in_touch_with_is_said() -> None:
    sentences = told(decider(Stance.SUPPORTER, strength=0.1))
    assert sentences[0] == "X (decision maker) supports us, but we are not in touch."


def test_an_economic_buyer_we_are_not_in_touch_with_is_amber() -> None:
    strong = {"level": InfluenceLevel.HIGH, "confidence": 1.0}
    facts = deal(
        person("x", part("x", BuyingRole.APPROVER, stance=Stance.CHAMPION, **strong), ties=(tie("ana", 0.6),)),
        person("money", part("money", BuyingRole.ECONOMIC_BUYER, stance=Stance.NEUTRAL)),
    )
    picture = drawn(facts)
    assert picture.status is MapStatus.AMBER
    assert told(picture)[:3] == [
        "Money (economic buyer) is not in touch with us.",
        "X (approver) is our champion.",
        "Money (economic buyer) has not taken sides.",
    ]
    assert [finding.part for finding in picture.reasons[:3]] == [
        FindingPart.FAILS,
        FindingPart.HOLDS,
        FindingPart.FINDING,
    ]


def test_a_blocker_without_weight_does_not_turn_the_map() -> None:
    facts = deal(
        person(
            "x",
            part("x", BuyingRole.DECISION_MAKER, stance=Stance.SUPPORTER, level=InfluenceLevel.HIGH),
            ties=(tie("ana", 0.6),),
        ),
        person("y", part("y", BuyingRole.END_USER, stance=Stance.BLOCKER, level=InfluenceLevel.LOW)),
    )
    assert drawn(facts).status is MapStatus.GREEN


def test_an_empty_map_says_how_to_begin() -> None:
    picture = drawn(deal())
    assert picture.status is MapStatus.RED
    assert told(picture) == ["Nobody has a part here yet: add the first person with their role and position."]


def test_more_than_six_names_are_counted() -> None:
    people = [person(f"p{number}", part(f"p{number}", BuyingRole.END_USER)) for number in range(8)]
    sentences = told(drawn(deal(*people)))
    assert "No contact yet with P0, P1, P2, P3, P4, P5 and 2 other people." in sentences
    decider = part("p7", BuyingRole.DECISION_MAKER, level=InfluenceLevel.HIGH)
    sentences = told(drawn(deal(*people[:-1], person("p7", decider))))
    assert "No contact yet with P0, P1, P2, P3, P4, P7 and 2 other people." in sentences


def test_when_all_agree_the_next_step_is_the_heaviest_seat_that_lacks() -> None:
    holder = part("x", BuyingRole.DECISION_MAKER, stance=Stance.CHAMPION, level=InfluenceLevel.HIGH)
    picture = drawn(deal(person("x", holder, ties=(tie("ana", 0.9),))))
    assert told(picture)[-1] == "Next: find out who is economic buyer."


def test_the_way_through_others_is_named() -> None:
    stances = {"ceo": Stance.SUPPORTER, "cfo": Stance.BLOCKER, "cio": Stance.CHAMPION}
    assert told(drawn(company(stances=stances, ties={"cio": 0.62})))[-1] == (
        "Next: win Cfo through Cio, by way of Ceo (0.33): ask Ana."
    )


def test_every_sentence_has_its_french() -> None:
    assert told(ferrand(), Language.FR) == [
        "Bertrand Colas (valideur, forte influence) bloque.",
        "Nadia Benali (décideur) porte notre projet (champion).",
        "Hélène Ferrand (acheteur économique) n’a pas pris parti.",
        "Seul lien avec Hélène Ferrand : Marc (fort, 18 jours).",
        (
            "Accord : 2 sur 3 nécessaires ; Nadia Benali accepte, Hélène Ferrand hésite, Bertrand Colas s’oppose, "
            "veto : Émilie Tissot (neutre)."
        ),
        "Pas encore de contact avec Mireille Faure, Étienne Marchal et Luc Perrin.",
        "À faire : gagner Hélène Ferrand par Julien Roche (0,51) : demander à Marc.",
    ]


# Where people stand


def test_people_are_read_down_the_lines_then_those_on_none_then_those_outside() -> None:
    facts = deal(
        person("boss"),
        person("deputy", part("deputy", BuyingRole.APPROVER)),
        person("clerk"),
        person("alone"),
        person("adviser", part("adviser", BuyingRole.INFLUENCER), here=False),
        links=(link(LinkKind.REPORTS_TO, "deputy", "boss"), link(LinkKind.REPORTS_TO, "clerk", "deputy")),
    )
    picture = drawn(facts)
    assert [(one.contact_id, one.placement, one.depth) for one in picture.people] == [
        ("boss", Placement.LINE, 0),
        ("deputy", Placement.LINE, 1),
        ("clerk", Placement.LINE, 2),
        ("alone", Placement.NO_LINE, 0),
        ("adviser", Placement.OUTSIDE, 0),
    ]
    assert picture.person("adviser").external
    assert Badge.NO_PART in picture.person("boss").badges
    assert picture.person("boss").id == "boss"
    assert picture.person("deputy").id == "part-deputy-deal"


def test_the_order_of_the_facts_does_not_matter() -> None:
    facts = ferrand_lys()
    turned = replace(facts, people=facts.people[::-1], links=facts.links[::-1], users=facts.users[::-1])
    assert stakeholder_map(turned, as_of=DAY_OF_LOADING, known_at=DAY_OF_LOADING) == ferrand()


def test_a_very_large_map_keeps_those_with_a_part_and_says_how_many_it_leaves_out() -> None:
    people = [person(f"c{number:03}") for number in range(130)]
    people[129] = person("c129", part("c129", BuyingRole.END_USER))
    picture = drawn(replace(deal(*people), people_in_all=400))
    assert len(picture.people) == 120
    assert picture.person("c129").has_part
    assert (picture.truncated, picture.left_out) == (True, 280)


# An account's map


def test_an_account_s_map_joins_the_parts_of_its_open_deals() -> None:
    june, may = dt.datetime(2026, 6, 1, tzinfo=dt.UTC), dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
    parts = (
        part("x", BuyingRole.END_USER, stance=Stance.SKEPTIC, scope_id="deal-1", since=may),
        part("x", BuyingRole.APPROVER, stance=Stance.SUPPORTER, scope_id="deal-2", since=june),
    )
    joined = drawn(deal(person("x", *parts), kind=ScopeKind.ACCOUNT)).person("x")
    assert joined.roles == (BuyingRole.APPROVER, BuyingRole.END_USER)
    assert joined.stance is Stance.SUPPORTER
    plan = part("x", stance=Stance.BLOCKER, scope_id="company", scope_kind=ScopeKind.ACCOUNT, since=may)
    planned = drawn(deal(person("x", *parts, plan), kind=ScopeKind.ACCOUNT)).person("x")
    assert planned.stance is Stance.BLOCKER
    assert planned.roles == joined.roles


# What a viewer may not see


def test_without_judgements_nothing_tells_what_is_hidden() -> None:
    picture = stakeholder_map(ferrand_lys(), as_of=DAY_OF_LOADING, known_at=DAY_OF_LOADING, judgements=False)
    assert picture.status is picture.consensus is picture.role_coverage is None
    assert picture.reasons == ()
    for one in picture.people:
        assert one.stance is one.influence is one.influence_level is one.confidence is one.x is one.y is None
        assert one.key_player is None
        assert one.to_win is None
        assert not {Badge.KEY_PLAYER, Badge.TO_WIN} & set(one.badges)
    assert {link.kind for link in picture.links} == {LinkKind.REPORTS_TO, LinkKind.DOTTED_LINE}
    assert not any(seat.seat.needs_champion for seat in picture.seats)
    below_helene = [one.name for one in picture.people if one.manager_id == "helene"]
    assert below_helene == ["Bertrand Colas", "Julien Roche", "Mireille Faure", "Nadia Benali"]


def test_without_judgements_two_maps_that_differ_in_them_alone_are_equal() -> None:
    facts = company()
    others = replace(company(stances={"usr": Stance.BLOCKER, "ceo": Stance.CHAMPION}), links=facts.links[:4])
    pictures = [drawn(one, judgements=False) for one in (facts, others)]
    assert pictures[0] == pictures[1]


def test_without_judgements_it_is_not_told_when_one_changed() -> None:
    june, may = dt.datetime(2026, 6, 1, tzinfo=dt.UTC), dt.datetime(2026, 5, 1, tzinfo=dt.UTC)

    def seen(first: dt.datetime, second: dt.datetime) -> StakeholderMap:
        parts = (
            part("x", BuyingRole.END_USER, scope_id="deal-1", since=first),
            part("x", BuyingRole.APPROVER, scope_id="deal-2", since=second),
        )
        return drawn(deal(person("x", *parts), kind=ScopeKind.ACCOUNT), judgements=False)

    assert seen(may, june) == seen(june, may)


DIRECTION = TeamFacts(id="direction", name="Direction", active_members=3)
PAIR = TeamFacts(id="pair", name="Pair", active_members=2)


def asked(viewer_id: str | None, *teams: TeamFacts) -> StakeholderMap:
    facts = deal(
        person(
            "x",
            part("x", BuyingRole.ECONOMIC_BUYER),
            ties=(tie("karim", 0.9, visibility=TieVisibility.EXISTS_BUT_ASK, owner_id="karim"),),
        ),
        users=(UserFacts(id="karim", name="Karim Haddad", teams=teams),),
    )
    return drawn(facts, viewer_id=viewer_id)


def test_who_wants_to_be_asked_first_stands_under_a_team() -> None:
    picture = asked("anna", DIRECTION)
    known = picture.person("x").known_by[0]
    assert (known.user_id, known.who, known.hidden, known.tie, known.last_at) == (None, "Direction", True, None, None)
    assert known.band is TieBand.STRONG
    assert "X is known only by a colleague in Direction (strong)." in told(picture)
    assert "karim" not in repr(picture).casefold()


def test_a_small_team_would_name_its_member() -> None:
    assert asked("anna", PAIR).person("x").known_by[0].who is None
    assert "X is known only by a colleague (strong)." in told(asked("anna", PAIR))


def test_the_owner_sees_the_own_name() -> None:
    assert asked("karim", DIRECTION).person("x").known_by[0].who == "Karim"


def test_somebody_else_s_private_tie_is_not_there() -> None:
    secret = tie("ana", 0.9, visibility=TieVisibility.PRIVATE, owner_id="ana")
    facts = deal(person("x", part("x"), ties=(secret,)))
    assert drawn(facts, viewer_id="bo") == drawn(deal(person("x", part("x"))), viewer_id="bo")
    assert drawn(facts, viewer_id="ana").person("x").known_by[0].who == "Ana"


def test_two_of_ours_with_one_first_name_are_called_in_full() -> None:
    users = (UserFacts(id="ana", name="Ana Lopez"), UserFacts(id="other", name="Ana Diaz"))
    facts = deal(person("x", part("x"), ties=(tie("ana", 0.5), tie("other", 0.3))), users=users)
    assert [known.who for known in drawn(facts).person("x").known_by] == ["Ana Lopez", "Ana Diaz"]


def test_the_employment_here_gives_title_and_rank() -> None:
    facts = ferrand_lys()
    etienne = stakeholder_map(facts, as_of=DAY_OF_LOADING, known_at=DAY_OF_LOADING).person("etienne")
    assert (etienne.title, etienne.seniority, etienne.external) == ("consultant", Seniority.UNKNOWN, True)
