"""How paths read: their sentences, their advice, and the picture in narrow, plain or hostile circumstances."""

from __future__ import annotations

import datetime as dt

import pytest

from graph_crm.language import Language
from graph_crm.paths.explanation import Names, Teller, explanation_of, sentence_of
from graph_crm.paths.search import warm_paths
from graph_crm.paths.text import Heading, paths_text
from graph_crm.paths.types import (
    PATH_BAND_LABELS,
    PATH_FROM_LABELS,
    PathBand,
    PathFrom,
    PathParameters,
    PathPerson,
    PathRequest,
    PathTie,
    Standing,
    WarmPaths,
)
from graph_crm.stakeholders.text import width_of
from graph_crm.stakeholders.types import Stance
from graph_crm.ties.strength import epoch_days
from graph_crm.ties.types import TieBasis, TieVisibility
from tests.paths.demo import demo, request
from tests.paths.worlds import LYON, World, person

NOON = epoch_days(dt.datetime(2026, 11, 22, 12, tzinfo=dt.UTC))
ANN = PathPerson(id="ann", name="Ann Lee", given_name="Ann", is_user=True)
IAN = PathPerson(id="ian", name="Ian Moss", given_name="Ian", is_user=True)
CAT = PathPerson(id="cat", name="Cat Ray", given_name="Cat")
ZOE = PathPerson(id="zoe", name="Zoe Fox", given_name="Zoe")


def answer(people: list[PathPerson], ties: list[PathTie], **more: object) -> WarmPaths:
    world = World({one.id: one for one in people}, ties, {"zoe": None})
    asked = PathRequest(**{"viewer_id": "ann", "as_of": NOON, "to_contact": "zoe", "start": PathFrom.ME, **more})
    return warm_paths(world.everything(), asked)


def told(result: WarmPaths, language: Language = Language.EN) -> str:
    return explanation_of(result.paths[0], NOON).read(language)


def advice(result: WarmPaths, position: int = 0) -> str:
    path = result.paths[position]
    return Teller(NOON, Names(path.people)).advice(path).read(Language.EN)


def with_standing(*standings: Standing, **more: object) -> PathPerson:
    return PathPerson(id="cat", name="Cat Ray", given_name="Cat", standings=standings, **more)


SUPPORTED = [
    PathTie("ann", "cat", 0.7, last_at=NOON - 12),
    PathTie("cat", "zoe", 0.6, TieBasis.STATED, stated_at=NOON - 3),
]


def test_a_supporter_who_knows_the_target_is_told_in_one_sentence() -> None:
    result = answer([ANN, with_standing(Standing(Stance.SUPPORTER)), ZOE], SUPPORTED, start=PathFrom.ANYONE)
    assert told(result) == (
        "Ask Ann: strong tie with Cat (0.70, 12 days ago). "
        "Cat, supporter, knows Zoe (0.60, medium, stated 3 days ago)."
    )
    assert told(result, Language.FR) == (
        "Demander à Ann : lien fort avec Cat (0,70, il y a 12 jours). "
        "Cat, favorable, connaît Zoe (0,60, moyen, déclaré il y a 3 jours)."
    )
    assert advice(result) == "Ask Ann for the introduction."


@pytest.mark.parametrize(
    ("somebody", "words"),
    [
        (with_standing(), "Cat knows Zoe"),
        (with_standing(Standing(Stance.NEUTRAL)), "Cat knows Zoe"),
        (with_standing(Standing(Stance.CHAMPION, account="Acme")), "Cat, champion at Acme, knows Zoe"),
        (
            with_standing(Standing(Stance.SUPPORTER, account="Acme", deal="Fleet")),
            "Cat, supporter of “Fleet” at Acme, knows Zoe",
        ),
        (with_standing(Standing(Stance.SKEPTIC, at_target=True)), "Cat, reserved, knows Zoe"),
        (with_standing(Standing(Stance.BLOCKER, account="Acme")), "Cat, against us at Acme, knows Zoe"),
        (with_standing(willing_to_introduce=0.9), "Cat, ready to introduce us, knows Zoe"),
        (with_standing(willing_to_introduce=0.2), "Cat, slow to introduce us, knows Zoe"),
    ],
)
def test_whoever_introduces_us_is_told_with_what_decides_it(somebody: PathPerson, words: str) -> None:
    assert f"{words} (0.60" in told(answer([ANN, somebody, ZOE], SUPPORTED))


def test_of_several_standings_the_one_that_decided_is_told() -> None:
    standings = (
        Standing(Stance.SUPPORTER, account="Acme", deal="Fleet"),
        Standing(Stance.CHAMPION, account="Old"),
        Standing(Stance.CHAMPION, account="New", deal="Pilot"),
    )
    assert "champion of “Pilot” at New" in told(answer([ANN, with_standing(*standings), ZOE], SUPPORTED))


def test_my_own_ties_are_told_to_me() -> None:
    direct = answer([ANN, ZOE], [PathTie("ann", "zoe", 0.8, last_at=NOON - 1)])
    assert told(direct) == "You have a strong tie with Zoe (0.80, 1 day ago)."
    assert advice(direct) == "Write to Zoe yourself."
    over_cat = answer([ANN, CAT, ZOE], SUPPORTED)
    assert told(over_cat) == "You have a strong tie with Cat (0.70, 12 days ago); Cat knows Zoe (0.60)."
    assert advice(over_cat) == "Ask Cat to introduce you to Zoe."
    unanswered = answer([ANN, ZOE], [PathTie("ann", "zoe", 0.1, unanswered_from="ann", interaction_count=1)])
    assert told(unanswered) == "You wrote to Zoe: 1 mail, no reply (0.10)."
    assert advice(unanswered) == "Stop writing; look for somebody who knows Zoe."


def test_a_hidden_colleague_is_told_to_me_by_group() -> None:
    ian = PathPerson(id="ian", name="Ian Moss", given_name="Ian", is_user=True, teams=(LYON,))
    tie = PathTie("cat", "ian", 0.9, visibility=TieVisibility.EXISTS_BUT_ASK, owner_id="ian")
    result = answer([ANN, ian, CAT, ZOE], [tie, PathTie("cat", "zoe", 0.9)])
    assert told(result) == (
        "A colleague in Lyon knows Cat (strong) and prefers to be asked first. Cat knows Zoe (0.90)."
    )
    assert advice(result) == "Ask Lyon; the name is given by the colleague, not by this list."
    text = paths_text(result, Heading(target="Zoe Fox", start="Ann"))
    assert "Ann → a colleague in Lyon → Cat Ray → Zoe Fox" in text
    assert "Ian" not in text


def test_a_hidden_colleague_without_a_group_is_just_a_colleague() -> None:
    tie = PathTie("ian", "zoe", 0.9, visibility=TieVisibility.EXISTS_BUT_ASK, owner_id="ian")
    result = answer([ANN, IAN, ZOE], [tie], start=PathFrom.ANYONE)
    assert told(result) == "A colleague knows Zoe (strong) and prefers to be asked first."
    assert told(result, Language.FR) == "Quelqu’un de l’équipe connaît Zoe (fort) et souhaite qu’on demande d’abord."
    assert advice(result) == "Ask your colleagues; the name is given by the colleague, not by this list."


def test_ties_of_other_kinds_say_where_they_come_from() -> None:
    latent = answer([ANN, ZOE], [PathTie("ann", "zoe", 0.2, TieBasis.LATENT)], start=PathFrom.ANYONE)
    assert told(latent) == "Ann knows Zoe (0.20, weak, former colleagues)."
    by_hand = answer([ANN, ZOE], [PathTie("ann", "zoe", 0.9, TieBasis.OVERRIDE)], start=PathFrom.ANYONE)
    assert told(by_hand) == "Ann knows Zoe (0.90, strong, set by hand)."
    today = answer([ANN, ZOE], [PathTie("ann", "zoe", 0.9, last_at=NOON)], start=PathFrom.ANYONE)
    assert told(today) == "Ann knows Zoe (0.90, strong, today)."
    assert advice(today) == "Ask Ann to make the contact."


def test_an_old_word_is_worth_a_question_but_not_when_there_was_contact_since() -> None:
    old = PathTie("ann", "zoe", 0.2, TieBasis.STATED, stated_at=NOON - 400)
    alone = answer([ANN, ZOE], [old], start=PathFrom.ANYONE)
    assert told(alone) == "Ann knows Zoe (0.20, weak, stated 400 days ago; no contact recorded since)."
    assert advice(alone) == "Ask Ann whether this still holds."
    since = answer([ANN, ZOE], [old._replace(last_at=NOON - 30)], start=PathFrom.ANYONE)
    assert told(since) == "Ann knows Zoe (0.20, weak, stated 400 days ago)."


def test_somebody_who_left_already_is_not_announced_as_leaving() -> None:
    gone = PathPerson(id="ann", name="Ann Lee", given_name="Ann", is_user=True, leaves_on=dt.date(2026, 11, 21))
    assert advice(answer([gone, CAT, ZOE], SUPPORTED, start=PathFrom.ANYONE)) == "Ask Ann for the introduction."


def test_two_people_of_one_given_name_are_called_in_full() -> None:
    other_cat = PathPerson(id="cat 2", name="Cat Moore", given_name="Cat")
    result = answer(
        [ANN, CAT, other_cat, ZOE],
        [*SUPPORTED, PathTie("ann", "cat 2", 0.4), PathTie("cat 2", "zoe", 0.4)],
        start=PathFrom.ANYONE,
    )
    text = paths_text(result, Heading(target="Zoe Fox"))
    assert "strong tie with Cat Ray" in text
    assert "medium tie with Cat Moore" in text


def test_every_factor_below_one_has_a_name_in_the_receipt() -> None:
    people = [
        ANN,
        person("al", willing_to_introduce=0.9),
        person("bo", standings=(Standing(Stance.SKEPTIC, at_target=True),)),
        person("cy"),
        ZOE,
    ]
    ties = [PathTie("al", "ann", 1.0), PathTie("al", "bo", 1.0), PathTie("bo", "cy", 1.0), PathTie("cy", "zoe", 1.0)]
    text = paths_text(answer(people, ties, max_hops=4), Heading(target="Zoe Fox", start="Ann"), width=300)
    assert (
        "1.00 tie × 0.80 first introduction × 0.90 willingness × 1.00 tie × 0.80 second introduction "
        "× 0.30 against us × 1.00 tie × 0.80 third introduction × 0.80 neutral × 1.00 tie = 0.11"
    ) in text


# ------------------------------------------------------------------------------------------ nothing, or little


def test_an_empty_answer_says_what_to_try() -> None:
    nobody = answer([ANN, ZOE], [])
    sentence = sentence_of(nobody, "Zoe Fox")
    assert sentence is not None
    assert sentence.read(Language.EN) == (
        "No introduction to Zoe Fox within 3 steps. Widen with --from anyone, or record who you know."
    )
    assert sentence.read(Language.FR) == (
        "Aucune introduction vers Zoe Fox en 3 étapes. Élargissez avec --from anyone, ou notez qui vous connaissez."
    )
    from_anyone = sentence_of(answer([ANN, ZOE], [], start=PathFrom.ANYONE, max_hops=1), "Zoe Fox")
    assert from_anyone is not None
    assert from_anyone.read(Language.EN) == "No introduction to Zoe Fox within 1 step. Record who you know."


def test_an_answer_from_old_data_names_the_day_to_ask_for() -> None:
    sentence = sentence_of(answer([ANN, ZOE], []), "Zoe Fox", dt.date(2026, 2, 1))
    assert sentence is not None
    assert sentence.read(Language.EN) == (
        "No introduction to Zoe Fox within 3 steps. The newest interaction known here is of 1 February 2026, "
        "and ties fade: ask as of that day (--as-of 2026-02-01)."
    )


def test_a_cold_answer_says_so_and_a_lukewarm_one_says_nothing() -> None:
    cold = answer([ANN, ZOE], [PathTie("ann", "zoe", 0.1)])
    sentence = sentence_of(cold, "Zoe Fox", dt.date(2026, 11, 21))
    assert sentence is not None
    assert sentence.read(Language.EN) == (
        "Every path is cold: 0.10 at best. Widen with --from anyone, or record who you know."
    )
    assert sentence_of(answer([ANN, ZOE], [PathTie("ann", "zoe", 0.15)]), "Zoe Fox") is None


def test_an_empty_picture_is_a_heading_and_what_to_try() -> None:
    text = paths_text(answer([ANN, ZOE], []), Heading(target="Zoe Fox", start="Ann"))
    assert text == (
        "Warm paths to Zoe Fox · from Ann · as of 22 November 2026\n\n"
        "No introduction to Zoe Fox within 3 steps. Widen with --from anyone, or record who you know.\n"
    )


def test_an_answer_that_is_not_exact_says_so() -> None:
    world = World({one.id: one for one in (ANN, CAT, ZOE)}, SUPPORTED, {"zoe": None})
    asked = PathRequest(viewer_id="ann", as_of=NOON, to_contact="zoe")
    cut = warm_paths(world.everything(), asked, PathParameters(most_ties=1))
    assert "Not every tie could be looked at: a better path may exist." in paths_text(cut, Heading(target="Zoe"))


def test_paths_into_an_account_and_from_a_team_are_headed_so() -> None:
    world = World({one.id: one for one in (ANN, ZOE)}, [PathTie("ann", "zoe", 0.9)], {"zoe": 0.5})
    into = PathRequest(viewer_id="ann", as_of=NOON, to_account="a", start=PathFrom.TEAM, team_id="lyon")
    text = paths_text(warm_paths(world.everything(), into), Heading(account="Acme", start="Lyon"))
    assert text.startswith("Warm paths into Acme · from team Lyon · as of 22 November 2026\n")


# ------------------------------------------------------------------------------------------ the picture itself


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("width", [60, 80, 100])
def test_no_line_is_wider_than_the_page(language: Language, width: int) -> None:
    for target in ("margaret", "george"):
        result = warm_paths(demo(target).everything(), request(target))
        heading = Heading(target="Margaret Pike", title="COO", account="Harrow & Pike Freight")
        text = paths_text(result, heading, language, width=width)
        assert max(width_of(line) for line in text.splitlines()) <= width


@pytest.mark.parametrize("language", Language)
def test_ascii_draws_no_symbol(language: Language) -> None:
    result = warm_paths(demo("margaret").everything(), request("margaret"))
    text = paths_text(result, Heading(target="Margaret Pike"), language, ascii_only=True)
    assert text.isascii()
    assert " 1  0" in text
    assert " 2    " in text.splitlines()[2]
    assert "Marc -> Rachel Osei -> Margaret Pike" in text


def test_names_cannot_move_the_cursor_or_turn_the_line() -> None:
    evil = PathPerson(id="cat", name="Cat\x1b[31m\u202eRay\nMarc", given_name=None)
    text = paths_text(
        answer([ANN, evil, ZOE], SUPPORTED), Heading(target="Z\u2066oe\x07", account="A\u200fcme", start="A\x9bnn")
    )
    assert not {letter for letter in text if not letter.isprintable()} - {"\n"}
    assert "Cat[31mRay Marc" in text
    assert text.startswith("Warm paths to Zoe, Acme · from Ann")


# ------------------------------------------------------------------------------------------ words


def test_bands_and_starts_have_labels_in_both_languages() -> None:
    for language in Language:
        assert len({band.label.read(language) for band in PathBand}) == len(PATH_BAND_LABELS) == 3
        assert len({start.label.read(language) for start in PathFrom}) == len(PATH_FROM_LABELS) == 3
