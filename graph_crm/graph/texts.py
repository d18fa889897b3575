"""Text that people typed, before it is kept: one form, no hidden characters, a bounded length."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

from graph_crm.errors import Invalid

LONGEST_LINE: Final = 300
LONGEST_TEXT: Final = 100_000

INVISIBLE: Final = re.compile("[\u00ad\u200b\u2060\ufeff]")
"""Characters that show nothing and mean nothing."""

FORBIDDEN: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\uffff]")
"""Control characters, and those that turn the direction of what follows."""


def one_line(text: str, field: Sequence[str], *, longest: int = LONGEST_LINE) -> str:
    """A text of one line. Empty when nothing but blanks was given."""
    if len(text) > longest * 4 or FORBIDDEN.search(text):
        refuse(text, field, longest)
    cleaned = " ".join(unicodedata.normalize("NFC", INVISIBLE.sub("", text)).split())
    if len(cleaned) > longest:
        refuse(text, field, longest)
    return cleaned


def refuse(text: str, field: Sequence[str], longest: int) -> None:
    if FORBIDDEN.search(text):
        raise Invalid("This text holds control characters that cannot be shown.", field=field)
    raise Invalid("This text is longer than {limit} characters.", limit=longest, field=field)


def optional_line(text: str | None, field: Sequence[str], *, longest: int = LONGEST_LINE) -> str | None:
    """A text of one line, None when there is none."""
    return None if text is None else one_line(text, field, longest=longest) or None


def required_line(text: str, field: Sequence[str], *, longest: int = LONGEST_LINE) -> str:
    """A text of one line that must say something."""
    cleaned = one_line(text, field, longest=longest)
    if not any(character.isalnum() for character in cleaned):
        raise Invalid("Give a name with at least one letter or digit.", field=field)
    return cleaned


def optional_text(text: str | None, field: Sequence[str], *, longest: int = LONGEST_TEXT) -> str | None:
    """A text of any number of lines, None when it says nothing."""
    if text is None:
        return None
    if len(text) > longest * 4 or FORBIDDEN.search(text):
        refuse(text, field, longest)
    lines = (
        unicodedata.normalize("NFC", INVISIBLE.sub("", text)).replace("\r\n", "\n").replace("\r", "\n").split("\n")
    )
    cleaned = "\n".join(line.rstrip() for line in lines).strip()
    if len(cleaned) > longest:
        refuse(text, field, longest)
    return cleaned or None
