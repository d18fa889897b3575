"""The demo's warm paths: the figures of its story, and how they read in the terminal in both languages."""

from __future__ import annotations

import pytest

from graph_crm.language import Language
from graph_crm.paths.frontier import answer, search
from graph_crm.paths.text import Heading, paths_text
from graph_crm.paths.types import PathBand, PathFrom, WarmPaths
from tests.paths.demo import demo, request

MARGARET = Heading(target="Margaret Pike", title="COO", account="Harrow & Pike Freight")
MARGARET_FROM_ANNA = Heading(target="Margaret Pike", start="Anna")
GEORGE = Heading(target="George Harrow", title="CEO", account="Harrow & Pike Freight")


def found(target: str, **more: object) -> WarmPaths:
    return answer(search(request(target, **more)), demo(target).ask)


def test_the_best_way_to_margaret_is_marc_over_rachel() -> None:
    best, second, *_ = found("margaret").paths
    assert best.ids == ("marc", "rachel", "margaret")
    assert [step.strength for step in best.steps] == pytest.approx([0.8157, 0.5932], abs=5e-5)
    assert best.score == pytest.approx(0.387, abs=5e-4)
    assert best.band is PathBand.WARM
    assert best.ask_user is not None
    assert best.ask_user.name == "Marc Tessier"
    assert second.ids == ("daniel", "margaret")
    assert second.score == pytest.approx(0.095163, abs=1e-6)


def test_anna_asks_marc_who_is_in_her_team() -> None:
    best, second, *_ = found("margaret", start=PathFrom.ME).paths
    assert best.ids == ("anna", "marc", "rachel", "margaret")
    assert best.score == pytest.approx(0.217, abs=5e-4)
    assert second.ids == ("anna", "daniel", "margaret")
    assert second.score == pytest.approx(0.0381, abs=5e-5)


def test_a_colleague_in_direction_knows_george_and_is_not_named() -> None:
    result = found("george")
    assert [path.score for path in result.paths] == pytest.approx([0.8831, 0.2052], abs=5e-5)
    for language in Language:
        text = paths_text(result, GEORGE, language)
        assert "Direction" in text
        assert "Karim" not in text
    assert paths_text(found("george", viewer_id="karim"), GEORGE).splitlines()[2].endswith("Karim → George Harrow")


def test_the_terminal_shows_the_way_to_margaret() -> None:
    assert paths_text(found("margaret"), MARGARET) == (
        """\
Warm paths to Margaret Pike, COO, Harrow & Pike Freight · from anyone · as of 22 November 2026

 1  0.39 ▂▄·· weak    Marc → Rachel Osei → Margaret Pike
      Ask Marc: strong tie with Rachel (0.82, 12 days ago). Rachel, champion of “Pilote entrepôt
      Lyon” at Ferrand-Lys Logistique, knows Margaret (0.59, medium, stated 12 days ago).
      0.82 tie × 0.80 one introduction × 1.00 champion × 0.59 tie = 0.39
    → Ask Marc for the introduction soon: Marc leaves on 22 December 2026.

 2  0.10 ▂··· faint   Daniel → Margaret Pike
      Daniel directly: 20 mails, no reply; the last 5 days ago.
    → Stop writing; mention path 1 to Daniel.

    One more chain goes through Rachel Osei (from Anna, 0.03).

Score = product of the steps, 0 to 1.  ▂ faint  ▂▄ weak  ▂▄▆ medium  ▂▄▆█ strong
"""
    )


def test_the_terminal_shows_anna_her_own_way() -> None:
    assert paths_text(found("margaret", start=PathFrom.ME), MARGARET_FROM_ANNA, legend=False) == (
        """\
Warm paths to Margaret Pike · from Anna · as of 22 November 2026

 1  0.22 ▂▄·· weak    Anna → Marc → Rachel Osei → Margaret Pike
      You and Marc are on one team (0.70); Marc has a strong tie with Rachel (0.82); Rachel,
      champion of “Pilote entrepôt Lyon” at Ferrand-Lys Logistique, knows Margaret (0.59).
      0.70 tie × 0.80 first introduction × 1.00 colleague × 0.82 tie × 0.80 second introduction
      × 1.00 champion × 0.59 tie = 0.22
    → Ask Marc to introduce you to Rachel before 22 December 2026.

 2  0.04 ▂··· faint   Anna → Daniel → Margaret Pike
      Daniel is a colleague (0.50); 20 mails, no reply (0.10).
    → Only if path 1 fails.

    One more chain goes through Rachel Osei (0.03).
"""
    )


def test_the_terminal_shows_whom_to_ask_about_george() -> None:
    assert paths_text(found("george"), GEORGE, legend=False) == (
        """\
Warm paths to George Harrow, CEO, Harrow & Pike Freight · from anyone · as of 22 November 2026

 1  0.88 ▂▄▆█ strong  a colleague in Direction → George Harrow
      A colleague in Direction knows George (strong) and prefers to be asked first.
    → Ask Direction; the name is given by the colleague, not by this list.

 2  0.21 ▂▄·· weak    Olivia → George Harrow
      Olivia knows George (0.21, weak, stated 400 days ago; no contact recorded since).
    → Ask Olivia whether this still holds.
"""
    )


def test_the_terminal_shows_the_way_to_margaret_in_french() -> None:
    assert paths_text(found("margaret"), MARGARET, Language.FR) == (
        """\
Chemins d’introduction vers Margaret Pike, COO, Harrow & Pike Freight
de toute l’équipe · au 22 novembre 2026

 1  0,39 ▂▄·· faible  Marc → Rachel Osei → Margaret Pike
      Demander à Marc : lien fort avec Rachel (0,82, il y a 12 jours). Rachel, champion de « Pilote
      entrepôt Lyon » chez Ferrand-Lys Logistique, connaît Margaret (0,59, moyen, déclaré il y a
      12 jours).
      0,82 lien × 0,80 une introduction × 1,00 champion × 0,59 lien = 0,39
    → Demander l’introduction à Marc sans tarder : Marc part le 22 décembre 2026.

 2  0,10 ▂··· ténu    Daniel → Margaret Pike
      Daniel directement : 20 courriels, aucune réponse ; le dernier il y a 5 jours.
    → Cesser d’écrire ; signaler le chemin 1 à Daniel.

    Une autre chaîne passe par Rachel Osei (depuis Anna, 0,03).

Note = produit des étapes, de 0 à 1.  ▂ ténu  ▂▄ faible  ▂▄▆ moyen  ▂▄▆█ fort
"""
    )


def test_the_terminal_shows_george_and_anna_in_french() -> None:
    anna = paths_text(found("margaret", start=PathFrom.ME), MARGARET_FROM_ANNA, Language.FR, legend=False)
    assert anna.splitlines()[:5] == [
        "Chemins d’introduction vers Margaret Pike · depuis Anna · au 22 novembre 2026",
        "",
        " 1  0,22 ▂▄·· faible  Anna → Marc → Rachel Osei → Margaret Pike",
        "      Vous et Marc êtes de la même équipe (0,70) ; Marc a un lien fort avec Rachel (0,82) ; Rachel,",
        "      champion de « Pilote entrepôt Lyon » chez Ferrand-Lys Logistique, connaît Margaret (0,59).",
    ]
    george = paths_text(found("george"), GEORGE, Language.FR, legend=False)
    assert george.splitlines()[3:6] == [
        " 1  0,88 ▂▄▆█ fort    quelqu’un de l’équipe Direction → George Harrow",
        "      Quelqu’un de l’équipe Direction connaît George (fort) et souhaite qu’on demande d’abord.",
        "    → S’adresser à l’équipe Direction ; cette liste ne donne pas le nom.",
    ]
    assert "il y a 400 jours ; aucun contact noté depuis)." in george
