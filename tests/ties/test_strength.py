"""The worked numbers of a tie's strength, and what must hold for every tie."""

from __future__ import annotations

import datetime as dt
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from graph_crm.errors import Invalid
from graph_crm.language import Language
from graph_crm.ties.strength import (
    DEFAULT_PARAMETERS,
    TieParameters,
    accumulated,
    band_of,
    colleague_strength,
    epoch_days,
    faded,
    latent_strength,
    merged,
    moment_of,
    observed_strength,
    pairs_of,
    recomputed,
    refuse_too_many,
    stated_strength,
    strength_of,
    with_contact,
)
from graph_crm.ties.types import (
    Accumulators,
    InteractionFacts,
    InteractionStatus,
    InteractionType,
    PairContribution,
    Participant,
    ParticipantRole,
    Tie,
    TieBand,
    TieBasis,
    TieLevel,
)

EMAIL, CALL, MEETING = InteractionType.EMAIL, InteractionType.CALL, InteractionType.MEETING
VIDEO_MEETING = InteractionType.VIDEO_MEETING
SENDER, TO, CC, ATTENDEE = (
    ParticipantRole.SENDER,
    ParticipantRole.TO,
    ParticipantRole.CC,
    ParticipantRole.ATTENDEE,
)

Happening = tuple[InteractionFacts, list[Participant]]


def mail(at: float, sender: str, *to: str, copied: tuple[str, ...] = ()) -> Happening:
    participants = [Participant(sender, SENDER), *(Participant(person, TO) for person in to)]
    return InteractionFacts(EMAIL, at), [*participants, *(Participant(person, CC) for person in copied)]


def together(kind: InteractionType, at: float, *people: str) -> Happening:
    return InteractionFacts(kind, at), [Participant(person, ATTENDEE) for person in people]


def strength(happenings: list[Happening], as_of: float = 0.0) -> float:
    contact = recomputed(happenings, as_of).get(("u", "v"))
    return 0.0 if contact is None else observed_strength(contact.accumulators, as_of)


WORKED = [
    together(MEETING, -30, "u", "v", "w"),
    mail(-90, "u", "v"),
    mail(-90, "v", "u"),
    mail(0, "u", "a", "b", "c", copied=("v",)),
    mail(-1, "w", "u", "v"),
]


def test_the_worked_example_gives_its_three_sums_and_its_strength() -> None:
    contact = recomputed(WORKED, 0.0)["u", "v"]
    result = strength_of(with_contact(Tie(), contact), 0.0)
    assert result.outbound == pytest.approx(0.625, abs=1e-9)
    assert result.inbound == pytest.approx(0.5, abs=1e-9)
    assert result.mutual == pytest.approx(1.587401, abs=1e-6)
    assert result.exchange == pytest.approx(2.599901, abs=1e-6)
    assert result.strength == pytest.approx(0.405468, abs=1e-6)
    assert (result.band, result.basis) == (TieBand.MEDIUM, TieBasis.OBSERVED)
    assert (result.interaction_count, result.days_since_last_contact) == (4, 0.0)


@pytest.mark.parametrize(("days", "exchange", "expected"), [(90, 1.299951, 0.228941), (180, 0.649975, 0.121900)])
def test_the_worked_example_halves_every_ninety_days(days: int, exchange: float, expected: float) -> None:
    later = strength_of(with_contact(Tie(), recomputed(WORKED, 0.0)["u", "v"]), days)
    assert later.exchange == pytest.approx(exchange, abs=1e-6)
    assert later.strength == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(("count", "expected"), [(1, 0.019801), (20, 0.095163), (200, 0.095163)])
def test_mails_without_an_answer_never_make_more_than_a_faint_tie(count: int, expected: float) -> None:
    result = strength([mail(0, "u", "v")] * count)
    assert result == pytest.approx(expected, abs=1e-6)
    assert band_of(result) is TieBand.FAINT


@pytest.mark.parametrize(("out", "back", "expected"), [(1, 1, 0.329680), (10, 10, 0.981684), (15, 5, 0.877544)])
def test_mails_that_are_answered_count_twice(out: int, back: int, expected: float) -> None:
    result = strength([mail(0, "u", "v")] * out + [mail(0, "v", "u")] * back)
    assert result == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(("count", "expected"), [(1, 0.550671), (2, 0.798103), (3, 0.909282), (5, 0.981684)])
def test_meetings_of_two_people_add_up(count: int, expected: float) -> None:
    assert strength([together(MEETING, 0, "u", "v")] * count) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize(("count", "expected"), [(1, 0.082144), (4, 0.290260)])
def test_a_call_of_eight_says_little_of_any_two_of_them(count: int, expected: float) -> None:
    calls = [together(VIDEO_MEETING, 0, "u", "v", *"abcdef")] * count
    assert strength(calls) == pytest.approx(expected, abs=1e-6)


def test_direction_is_stored_from_the_smaller_id() -> None:
    assert pairs_of(*mail(0, "u", "v")) == [PairContribution("u", "v", outbound=1.0)]
    assert pairs_of(*mail(0, "v", "u")) == [PairContribution("u", "v", inbound=1.0)]
    assert Accumulators(3.0, 1.0, 2.0, 9.0).reversed == Accumulators(1.0, 3.0, 2.0, 9.0)


def test_recipients_of_one_mail_gain_nothing_of_each_other() -> None:
    assert [(pair.first_id, pair.second_id) for pair in pairs_of(*mail(0, "w", "u", "v"))] == [
        ("u", "w"),
        ("v", "w"),
    ]


def test_everybody_in_a_meeting_gains_of_everybody_else() -> None:
    pairs = pairs_of(*together(MEETING, 0, "u", "v", "w"))
    assert [(pair.first_id, pair.second_id, pair.mutual) for pair in pairs] == [
        ("u", "v", 2.0),
        ("u", "w", 2.0),
        ("v", "w", 2.0),
    ]


def test_a_copy_counts_half() -> None:
    assert pairs_of(*mail(0, "u", copied=("v",))) == [PairContribution("u", "v", outbound=0.5)]


def test_a_mail_without_a_sender_was_written_by_ours() -> None:
    facts = InteractionFacts(EMAIL, 0)
    ours, theirs = Participant("z", TO, is_ours=True), Participant("a", TO)
    assert pairs_of(facts, [ours, theirs]) == [PairContribution("a", "z", inbound=1.0)]
    assert pairs_of(facts, [theirs, Participant("b", TO)]) == []


def test_somebody_who_stands_twice_in_a_mail_counts_once_and_in_full() -> None:
    facts = InteractionFacts(EMAIL, 0)
    people = [Participant("v", CC), Participant("u", SENDER), Participant("v", TO), Participant("u", CC)]
    assert pairs_of(facts, people) == [PairContribution("u", "v", outbound=1.0)]


@pytest.mark.parametrize(
    "kind", [InteractionType.WEBINAR_REGISTRATION, InteractionType.DOWNLOAD, InteractionType.OTHER]
)
def test_a_registration_or_a_download_is_no_contact(kind: InteractionType) -> None:
    assert pairs_of(*together(kind, 0, "u", "v")) == []


@pytest.mark.parametrize("status", [InteractionStatus.PLANNED, InteractionStatus.CANCELLED])
def test_only_what_was_held_counts(status: InteractionStatus) -> None:
    people = [Participant("u", ATTENDEE), Participant("v", ATTENDEE)]
    assert pairs_of(InteractionFacts(MEETING, 0, status), people) == []


def test_automated_mails_and_gatherings_of_more_than_fifty_count_for_nothing() -> None:
    people = [Participant("u", SENDER), Participant("v", TO)]
    assert pairs_of(InteractionFacts(EMAIL, 0, is_automated=True), people) == []
    crowd = [f"person {number:02}" for number in range(51)]
    assert pairs_of(*together(MEETING, 0, *crowd)) == []
    assert len(pairs_of(*together(MEETING, 0, *crowd[:50]))) == 50 * 49 // 2


def test_nobody_meets_alone() -> None:
    assert pairs_of(*together(MEETING, 0, "u", "u")) == []


def test_whoever_declined_was_not_there() -> None:
    people = [
        Participant("u", ATTENDEE),
        Participant("v", ATTENDEE),
        Participant("w", ATTENDEE, declined=True),
    ]
    assert pairs_of(InteractionFacts(MEETING, 0), people) == [PairContribution("u", "v", mutual=4.0)]


def test_whoever_opted_out_was_there_but_gains_no_tie() -> None:
    people = [
        Participant("u", ATTENDEE),
        Participant("v", ATTENDEE),
        Participant("w", ATTENDEE, opted_out=True),
    ]
    assert pairs_of(InteractionFacts(MEETING, 0), people) == [PairContribution("u", "v", mutual=2.0)]
    sent = [Participant("u", SENDER, opted_out=True), Participant("v", TO)]
    assert pairs_of(InteractionFacts(EMAIL, 0), sent) == []


@pytest.mark.parametrize(
    ("level", "days", "expected"),
    [
        (TieLevel.STRONG, 0, 0.9),
        (TieLevel.STRONG, 730, 0.45),
        (TieLevel.MEDIUM, 12, 0.593202),
        (TieLevel.WEAK, 400, 0.205198),
    ],
)
def test_what_people_state_halves_every_two_years(level: TieLevel, days: int, expected: float) -> None:
    assert stated_strength(level, -days, 0.0) == pytest.approx(expected, abs=1e-6)


def test_nothing_is_stated_before_it_was_said() -> None:
    assert stated_strength(TieLevel.STRONG, 10.0, 9.0) is None


@pytest.mark.parametrize(
    ("months", "years", "expected"), [(24, 0, 0.25), (48, 5, 0.125), (12, 0, 0.125), (6, 10, 0.015625)]
)
def test_former_colleagues_keep_a_little(months: float, years: float, expected: float) -> None:
    assert latent_strength(months, -years * 365.25, 0.0) == pytest.approx(expected, abs=1e-9)


def test_an_overlap_of_less_than_six_months_or_one_that_still_lasts_is_no_latent_tie() -> None:
    assert latent_strength(5.9, -10.0, 0.0) is None
    assert latent_strength(24.0, 1.0, 0.0) is None


def test_the_greatest_of_the_three_counts_and_an_override_beats_them_all() -> None:
    tie = Tie(
        accumulators=Accumulators(0.0, 0.0, 4.0, 0.0),
        stated_level=TieLevel.MEDIUM,
        stated_at=0.0,
        latent_months=24.0,
        latent_until=0.0,
    )
    assert (strength_of(tie, 0.0).strength, strength_of(tie, 0.0).basis) == (0.6, TieBasis.STATED)
    overridden = Tie(accumulators=tie.accumulators, override=0.05)
    assert (strength_of(overridden, 0.0).strength, strength_of(overridden, 0.0).basis) == (
        0.05,
        TieBasis.OVERRIDE,
    )
    assert strength_of(Tie(), 0.0).basis is TieBasis.NONE


@pytest.mark.parametrize(
    ("value", "band"),
    [
        (1.0, TieBand.STRONG),
        (0.7, TieBand.STRONG),
        (0.699999, TieBand.MEDIUM),
        (0.4, TieBand.MEDIUM),
        (0.399999, TieBand.WEAK),
        (0.15, TieBand.WEAK),
        (0.149999, TieBand.FAINT),
        (1e-12, TieBand.FAINT),
        (0.0, TieBand.NONE),
    ],
)
def test_bands_begin_at_their_floor(value: float, band: TieBand) -> None:
    assert band_of(value) is band


def test_colleagues_know_each_other_by_membership() -> None:
    assert colleague_strength({"lyon"}, {"lyon", "direction"}) == (0.7, TieBasis.TEAM)
    assert colleague_strength({"lyon"}, {"london"}) == (0.5, TieBasis.ORGANISATION)
    assert colleague_strength(set(), set()) == (0.5, TieBasis.ORGANISATION)


def test_the_past_is_never_told_from_accumulators() -> None:
    with pytest.raises(ValueError, match="recompute the tie"):
        faded(Accumulators(1.0, 1.0, 1.0, 10.0), 9.0)


def test_the_past_is_told_from_the_interactions() -> None:
    before_the_last_mail = recomputed(WORKED, -0.5)["u", "v"]
    assert before_the_last_mail.interaction_count == 3
    assert before_the_last_mail.last_at == -30
    assert before_the_last_mail.accumulators.at == -30
    assert recomputed(WORKED, -91.0) == {}


def test_a_tie_that_has_no_contact_left_keeps_what_was_stated() -> None:
    tie = Tie(accumulators=Accumulators(1.0, 1.0, 1.0, 5.0), last_at=5.0, interaction_count=3)
    assert with_contact(tie, None) == Tie()


def test_days_since_1970_need_an_offset_and_come_back_as_they_went() -> None:
    noon = dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC)
    assert epoch_days(noon) == 20779.5
    assert moment_of(20779.5) == noon
    assert epoch_days(dt.datetime(2026, 11, 22, 13, tzinfo=dt.timezone(dt.timedelta(hours=1)))) == 20779.5
    with pytest.raises(ValueError, match="offset"):
        epoch_days(noon.replace(tzinfo=None))


def test_a_tie_says_in_both_languages_why_it_is_as_strong_as_it_is() -> None:
    observed = strength_of(with_contact(Tie(), recomputed(WORKED, 0.0)["u", "v"]), 0.0).explanation
    assert observed.read(Language.EN) == (
        "Medium (0.41): 4 interactions, the last today: 1.59 from meetings and calls, 1.00 from mails answered and "
        "0.01 from mails unanswered; it halves every 90 days."
    )
    one_call = Tie(accumulators=Accumulators(0.0, 0.0, 2.0, -12.0), last_at=-12.0, interaction_count=1)
    assert strength_of(one_call, 0.0).explanation.read(Language.FR) == (
        "Faible (0,31) : 1 interaction, la dernière il y a 12 jours : 1,82 par les réunions et les appels ; "
        "ce total diminue de moitié tous les 90 jours."
    )
    stated = strength_of(Tie(stated_level=TieLevel.MEDIUM, stated_at=-12.0), 0.0).explanation
    assert stated.read(Language.EN) == "Medium (0.59): stated 12 days ago."
    assert stated.read(Language.FR) == "Moyen (0,59) : déclaré il y a 12 jours."
    latent = strength_of(Tie(latent_months=30.0, latent_until=0.0), 0.0).explanation
    assert latent.read(Language.EN) == "Weak (0.25): former colleagues for 30 months."
    by_hand = strength_of(Tie(override=0.8), 0.0).explanation
    assert by_hand.read(Language.FR) == "Fort (0,80) : fixé à la main."
    assert strength_of(Tie(), 0.0).explanation.read(Language.EN) == "They have no tie that is known here."


def test_the_defaults_do_not_change_without_a_new_version() -> None:
    assert DEFAULT_PARAMETERS.parameters_version == "ties-1"
    assert repr(TieParameters()).replace("mappingproxy", "") == repr(DEFAULT_PARAMETERS).replace("mappingproxy", "")
    assert (
        DEFAULT_PARAMETERS.half_life_days,
        DEFAULT_PARAMETERS.saturation,
        DEFAULT_PARAMETERS.stated_half_life_days,
        DEFAULT_PARAMETERS.latent_half_life_years,
    ) == (90.0, 5.0, 730.0, 5.0)
    assert list(DEFAULT_PARAMETERS.weights.values()) == [0.5, 1, 1, 2, 3, 4, 4, 0, 0, 0]


# ------------------------------------------------------------------- the demo's ties, told from its history


def days_ago(*days: float) -> list[float]:
    return [-day for day in days]


def test_marc_and_rachel_of_the_demo_are_strongly_tied() -> None:
    happenings = [together(MEETING, at, "u", "v") for at in days_ago(160, 175, 190)]
    happenings += [together(VIDEO_MEETING, at, "u", "v") for at in days_ago(12, 35)]
    happenings += [together(InteractionType.INTRODUCTION, -195, "anna", "helene", "u", "v")]
    assert strength(happenings) == pytest.approx(0.82, abs=0.005)


def test_daniel_who_wrote_twenty_times_without_an_answer_hardly_knows_margaret() -> None:
    assert strength([mail(at, "u", "v") for at in days_ago(*range(5, 101, 5))]) == pytest.approx(0.095163, abs=1e-6)


def test_marc_and_helene_of_the_demo_are_strongly_tied() -> None:
    happenings = [together(MEETING, at, "u", "v") for at in days_ago(18, 70, 130)]
    happenings += [together(InteractionType.INTRODUCTION, -195, "anna", "rachel", "u", "v")]
    assert band_of(strength(happenings)) is TieBand.STRONG


# ----------------------------------------------------------------------------- what holds for every history

moments = some.floats(min_value=-2000, max_value=0, allow_nan=False)
people = some.sampled_from(["a", "b", "c", "d", "e"])
participants = some.lists(
    some.builds(
        Participant,
        person_id=people,
        role=some.sampled_from(ParticipantRole),
        is_ours=some.booleans(),
        declined=some.booleans(),
        opted_out=some.just(value=False),
    ),
    min_size=2,
    max_size=6,
)
histories = some.lists(
    some.tuples(some.builds(InteractionFacts, some.sampled_from(InteractionType), moments), participants),
    max_size=25,
)


def same(left: Accumulators, right: Accumulators) -> None:
    at = max(left.at, right.at)
    for one, other in zip(values(faded(left, at)), values(faded(right, at)), strict=True):
        assert one == pytest.approx(other, rel=1e-9, abs=1e-9)


def values(accumulators: Accumulators) -> tuple[float, float, float]:
    return accumulators.outbound, accumulators.inbound, accumulators.mutual


@settings(deadline=None)
@given(history=histories, order=some.randoms(use_true_random=False))
def test_interactions_in_any_order_make_the_same_ties_as_a_rebuild(history: list[Happening], order) -> None:
    shuffled = list(history)
    order.shuffle(shuffled)
    incremental: dict[tuple[str, str], Accumulators] = {}
    for facts, who in shuffled:
        for one in pairs_of(facts, who):
            pair = (one.first_id, one.second_id)
            incremental[pair] = accumulated(incremental.get(pair), one, facts.at)
    rebuilt = recomputed(sorted(history, key=lambda happening: happening[0].at), 0.0)
    assert incremental.keys() == rebuilt.keys()
    for pair, accumulators in incremental.items():
        same(accumulators, rebuilt[pair].accumulators)
        assert accumulators.at == rebuilt[pair].last_at


@settings(deadline=None)
@given(history=histories, later=some.floats(min_value=0, max_value=2000))
def test_fading_the_sum_equals_summing_what_has_faded(history: list[Happening], later: float) -> None:
    for pair, contact in recomputed(history, 0.0).items():
        mutual = math.fsum(
            one.mutual * 2 ** (-(later - facts.at) / 90)
            for facts, who in history
            for one in pairs_of(facts, who)
            if (one.first_id, one.second_id) == pair
        )
        assert faded(contact.accumulators, later).mutual == pytest.approx(mutual, rel=1e-9, abs=1e-12)


@settings(deadline=None)
@given(history=histories)
def test_every_strength_recomposes_from_the_terms_it_returns(history: list[Happening]) -> None:
    for contact in recomputed(history, 0.0).values():
        result = strength_of(with_contact(Tie(), contact), 0.0)
        assert result.exchange == pytest.approx(result.together + result.both_ways + result.one_way, abs=1e-12)
        assert result.observed == pytest.approx(1 - math.exp(-result.exchange / 5), abs=1e-12)
        assert result.strength == result.observed
        assert 0 <= result.strength < 1 or result.exchange > 150
        assert result.both_ways == pytest.approx(2 * min(result.outbound, result.inbound))


@given(
    left=some.builds(Accumulators, *[some.floats(0, 100)] * 3, some.floats(-500, 500)),
    right=some.builds(Accumulators, *[some.floats(0, 100)] * 3, some.floats(-500, 500)),
)
def test_two_records_of_one_person_merge_in_either_order(left: Accumulators, right: Accumulators) -> None:
    same(merged(left, right), merged(right, left))
    assert merged(left, right).reversed == merged(left.reversed, right.reversed)


def test_no_more_ties_are_retold_than_one_answer_may() -> None:
    fed = {(f"a{number}", f"b{number}"): float(number) for number in range(5_001)}
    with pytest.raises(Invalid) as refused:
        refuse_too_many(fed)
    # From the moment on at which the oldest was fed, only five thousand are left.
    assert refused.value.sentence.values["moment"] == moment_of(0.0)
    refuse_too_many({pair: at for pair, at in fed.items() if at > 0.0})
