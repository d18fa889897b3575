"""Text as people compare it and as they search it: without case, accents, hyphens and apostrophes."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

LONGEST_SEARCH: Final = 200
MOST_WORDS: Final = 12
SHORTEST_PREFIX: Final = 2
"""A single letter as a prefix would match nearly every record."""

SPELLED_OUT: Final = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i"}
)
"""Letters that no decomposition turns into plain ones."""

APOSTROPHES: Final = frozenset("'’‘‛ʼʹ`´′＇")
PLAIN_SIGNS: Final = str.maketrans("'`-", "   ")
PLAIN_WORD: Final = re.compile(r"[a-z0-9]+")
"""A short way for text in ASCII, which most is; imports fold tens of thousands."""

HYPHENS: Final = frozenset("-‐‑‒–—−－")

FIRST_ACCENT_CLASS: Final = 10
"""Combining classes below this are parts of letters (kana, Indic scripts), not accents on them."""


def fold(text: str) -> str:
    """The text as names are compared: "Lefèvre-D’Ormesson" is "lefevre d ormesson"."""
    if text.isascii() and text.isprintable():
        return " ".join(text.lower().translate(PLAIN_SIGNS).split())
    lowered = unicodedata.normalize("NFKD", text.lower().translate(SPELLED_OUT)).lower().translate(SPELLED_OUT)
    kept = "".join(folded_character(character) for character in lowered)
    return " ".join(unicodedata.normalize("NFC", kept).split())


def folded_character(character: str) -> str:
    if character in APOSTROPHES or character in HYPHENS:
        return " "
    if unicodedata.combining(character) >= FIRST_ACCENT_CLASS or unicodedata.category(character) in {"Cf", "Cs"}:
        return ""
    return " " if unicodedata.category(character) == "Cc" else character


def words_of(text: str) -> list[str]:
    """The folded words of a text; everything that is neither letter, mark nor digit parts them."""
    folded = fold(text)
    if folded.isascii():
        return PLAIN_WORD.findall(folded)
    spaced = "".join(c if c.isalnum() or unicodedata.category(c)[0] == "M" else " " for c in folded)
    return [word for word in spaced.split() if any(c.isalnum() for c in word)]


def search_text(*parts: str | None) -> str:
    """What the full-text index reads as it was written."""
    return " ".join(part for part in parts if part)


def search_folded(*parts: str | None) -> str:
    """What the full-text index reads after our own folding, so that "brien" finds "O'Brien"."""
    return " ".join(word for part in parts if part for word in words_of(part))


def full_text_query(text: str) -> str | None:
    """The words of a user's text as a query of the full-text index: all of them, the last one as a prefix.

    Nothing of the text reaches the query's own syntax. None when no word is left.
    """
    words = searched_words(text)
    if not words:
        return None
    return " AND ".join([*(exact(word) for word in words[:-1]), prefix(words[-1])])


def similar_text_query(text: str) -> str | None:
    """The same words, each allowed one wrong letter: for a text that found nothing."""
    words = searched_words(text)
    return " AND ".join(similar(word) for word in words) if words else None


def searched_words(text: str) -> list[str]:
    return words_of(text[:LONGEST_SEARCH])[:MOST_WORDS]


def exact(word: str) -> str:
    # Quoted, because the index cuts words of some scripts (Chinese, Thai) into several.
    return f'"{word}"'


def prefix(word: str) -> str:
    return f"{word}*" if len(word) >= SHORTEST_PREFIX and is_alphabetic(word) else exact(word)


def similar(word: str) -> str:
    return f"{word}~1" if len(word) > SHORTEST_PREFIX and is_alphabetic(word) else exact(word)


def is_alphabetic(word: str) -> bool:
    """Whether the index keeps the word whole: Latin, Greek and Cyrillic letters and digits."""
    return all(c.isascii() or "\u00c0" <= c <= "\u052f" for c in word)
