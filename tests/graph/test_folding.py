"""Text as people compare and search it."""

from __future__ import annotations

import pytest

from graph_crm.graph.folding import fold, full_text_query, search_folded, search_text, similar_text_query, words_of


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Lefèvre-D’Ormesson", "lefevre d ormesson"),
        ("O'Brien", "o brien"),
        ("  Łukasz\tSTRAßE  İstanbul ", "lukasz strasse istanbul"),
        ("Œuvre Ångström Guðmundsdóttir Þór", "oeuvre angstrom gudmundsdottir thor"),
        ("ﬁn² Ⅻ", "fin2 xii"),
        ("zero\u200bwidth \u202eover", "zerowidth over"),
        ("é", "e"),
        ("e\u0301", "e"),
        ("한국어", "한국어"),
        ("がか", "がか"),
    ],
)
def test_names_are_compared_without_case_accents_hyphens_and_apostrophes(written: str, folded: str) -> None:
    assert fold(written) == folded
    assert fold(folded) == folded


def test_a_search_is_all_words_and_the_last_one_as_a_prefix() -> None:
    assert full_text_query("Jean  DUPONT") == '"jean" AND dupont*'
    assert full_text_query("jean.dupont@example.com") == '"jean" AND "dupont" AND "example" AND com*'
    assert full_text_query("d'Aubigné") == '"d" AND aubigne*'
    assert full_text_query("山田") == '"山田"'
    assert similar_text_query("Jon Muler") == "jon~1 AND muler~1"


@pytest.mark.parametrize("text", ["", " ", "*", "*:*", "~", '"', "/.*/", "?", "\\", "\x00", "\u0301", "🙂", "((("])
def test_a_text_without_a_word_asks_nothing(text: str) -> None:
    assert full_text_query(text) is None
    assert similar_text_query(text) is None


def test_nothing_of_the_text_reaches_the_syntax_of_the_query() -> None:
    assert full_text_query('AC/DC OR name:x~9 ^2 "x') == (
        '"ac" AND "dc" AND "or" AND "name" AND "x" AND "9" AND "2" AND "x"'
    )


def test_a_long_text_is_cut_to_twelve_words_of_its_first_two_hundred_characters() -> None:
    assert (full_text_query("word " * 1_000) or "").count("AND") == 11
    assert len(full_text_query("w" * 1_000_000) or "") == 201


def test_the_index_reads_a_text_as_written_and_folded() -> None:
    assert search_text("Zoé", None, "d'Aubigné", "") == "Zoé d'Aubigné"
    assert search_folded("Zoé", None, "d'Aubigné", "zoe@example.com") == "zoe d aubigne zoe example com"
    assert words_of("हिन्दी भाषा") == ["हिन्दी", "भाषा"]
