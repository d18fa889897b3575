"""The map as a Mermaid flowchart."""

import re

from graph_crm.language import Language
from graph_crm.stakeholders.mermaid import escaped, map_mermaid
from graph_crm.stakeholders.stakeholder_map import stakeholder_map
from graph_crm.stakeholders.types import BuyingRole
from tests.stakeholders.ferrand_lys import DAY_OF_LOADING, ferrand_lys
from tests.stakeholders.worked_example import deal, drawn, part, person


def demo(language: Language = Language.EN, *, judgements: bool = True) -> list[str]:
    facts = ferrand_lys()
    picture = stakeholder_map(facts, as_of=DAY_OF_LOADING, known_at=DAY_OF_LOADING, judgements=judgements)
    return map_mermaid(picture, language).splitlines()


def nodes(lines: list[str]) -> dict[str, str]:
    found = (re.fullmatch(r'\s+(p\d+)\["<b>(?:. )?(.+?)</b>.*"\]', line) for line in lines)
    return {match[1]: match[2] for match in found if match}


def edges(lines: list[str], sign: str) -> list[tuple[str, str]]:
    names = nodes(lines)
    found = (re.fullmatch(rf"  (p\d+) {re.escape(sign)} (p\d+)", line) for line in lines)
    return [(names[match[1]], names[match[2]]) for match in found if match]


def test_everybody_is_a_node_most_influential_first() -> None:
    names = nodes(demo())
    assert len(names) == 12
    assert [names[f"p{number}"] for number in (1, 2, 3, 4)] == [
        "Hélène Ferrand",
        "Bertrand Colas",
        "Julien Roche",
        "Nadia Benali",
    ]


def test_a_node_tells_what_a_card_tells() -> None:
    assert (
        '  p2["<b>■ Bertrand Colas</b><br/>DAF<br/>Approver<br/>Blocker · 0.92 ◆<br/>●●○○ Anna, Marc<br/>'
        '⚡ Nadia Benali"]'
    ) in demo()
    assert any("→ Bertrand Colas 0.60" in line for line in demo() if "Julien" in line)


def test_lines_are_those_of_the_map() -> None:
    lines = demo()
    assert set(edges(lines, "---")) == {
        ("Hélène Ferrand", "Nadia Benali"),
        ("Hélène Ferrand", "Bertrand Colas"),
        ("Hélène Ferrand", "Julien Roche"),
        ("Hélène Ferrand", "Mireille Faure"),
        ("Nadia Benali", "Samir Haddou"),
        ("Nadia Benali", "Émilie Tissot"),
        ("Nadia Benali", "Camille Weber"),
        ("Bertrand Colas", "Pauline Girard"),
        ("Bertrand Colas", "Luc Perrin"),
        ("Julien Roche", "Laurent Petit"),
    }
    assert edges(lines, "-.-") == [("Bertrand Colas", "Émilie Tissot")]
    assert set(edges(lines, "-->")) == {
        ("Samir Haddou", "Nadia Benali"),
        ("Nadia Benali", "Hélène Ferrand"),
        ("Julien Roche", "Hélène Ferrand"),
        ("Hélène Ferrand", "Bertrand Colas"),
        ("Étienne Marchal", "Bertrand Colas"),
        ("Pauline Girard", "Bertrand Colas"),
        ("Camille Weber", "Nadia Benali"),
    }


def test_each_line_has_one_style() -> None:
    lines = demo()
    count = sum(len(edges(lines, sign)) for sign in ("---", "-.-", "-->"))
    styled = [int(number) for line in lines if "linkStyle" in line for number in line.split()[1].split(",")]
    assert sorted(styled) == list(range(count))


def test_fill_and_words_are_coloured_together() -> None:
    for line in demo():
        if "classDef" in line and "fill:" in line:
            assert "color:" in line


def test_the_description_is_the_status_with_its_sentences() -> None:
    (line,) = [line for line in demo(Language.FR) if "accDescr" in line]
    assert line.startswith("  accDescr: ORANGE. Bertrand Colas (valideur, forte influence) bloque.")


def test_data_cannot_leave_its_label() -> None:
    assert escaped('O\'Brien & <Söhne> "Ltd" #1') == "O'Brien &amp; &lt;Söhne&gt; #quot;Ltd#quot; #35;1"
    name = 'Eve"]\nclick p1 "javascript:x"'
    lines = map_mermaid(drawn(deal(person("x", part("x", BuyingRole.END_USER), name=name)))).splitlines()
    assert not any(line.strip().startswith("click") for line in lines)


def test_without_judgements_no_stance_is_told() -> None:
    text = "\n".join(demo(judgements=False))
    for word in ("Blocker", "◆", "⚡", "-->", "class p1 champion", "AMBER", "★"):
        assert word not in text
