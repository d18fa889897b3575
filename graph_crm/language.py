"""Every word a user reads, in English and in French.

The English text is written in the code; its French sits in a gettext catalogue beside it (`fr.po` of the
package or of one slice). A text is translated when it leaves the service, never before, so that one refusal
can be read in the language of whoever asks.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any, LiteralString, cast

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.lists import format_list
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from babel.numbers import format_currency, format_decimal


class Language(StrEnum):
    EN = "EN"
    FR = "FR"

    @property
    def label(self) -> Sentence:
        return LANGUAGE_LABELS[self]

    @property
    def locale(self) -> Locale:
        return Locale(self.value.lower())


@dataclass(frozen=True, slots=True)
class Sentence:
    """A text with its values, translated only when somebody reads it."""

    text: str
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])
    plural: str | None = None
    context: str | None = None

    def read(self, language: Language) -> str:
        """The sentence in the reader's language, each value written as that language writes it."""
        template = translated(self, language)
        written = {name: write(value, language) for name, value in self.values.items()}
        return template.format_map(written)


def say(text: LiteralString, **values: Any) -> Sentence:
    """A sentence whose French is in a catalogue. Values are written when it is read."""
    return Sentence(text, values)


def say_in(context: LiteralString, text: LiteralString, **values: Any) -> Sentence:
    """A sentence whose French depends on what it is about: a "strong" tie is fort, a "strong" influence forte."""
    return Sentence(text, values, context=context)


def say_plural(one: LiteralString, many: LiteralString, *, count: int, **values: Any) -> Sentence:
    """A sentence that depends on `count`: "1 day" or "12 days"."""
    return Sentence(one, {"count": count, **values}, plural=many)


LANGUAGE_LABELS = {Language.EN: say("English"), Language.FR: say("French")}


@dataclass(frozen=True, slots=True)
class Price:
    """An amount as people write it: "EUR 240,000" or "240 000 EUR"."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Precise:
    """A number with a fixed count of decimals. A plain float is read with two."""

    value: float
    decimals: int = 6


def write(value: Any, language: Language) -> str:
    """One value as its language writes it: 0.51 or 0,51; a date in words; a list with "and" or "et"."""
    match value:
        case Sentence():
            return value.read(language)
        case Price(amount=amount, currency=currency):
            places = "#,##0" if amount == amount.to_integral_value() else "#,##0.00"
            form = f"¤¤\u00a0{places}" if language is Language.EN else f"{places}\u00a0¤¤"
            return plain_spaces(
                format_currency(amount, currency, form, locale=language.locale, currency_digits=False)
            )
        case Precise(value=number, decimals=decimals):
            return format_decimal(number, "0." + "0" * decimals, locale=language.locale)
        case bool():
            return str(value)
        case float():
            return format_decimal(value, "0.00", locale=language.locale)
        case int():
            return plain_spaces(format_decimal(value, "#,##0", locale=language.locale))
        case dt.datetime():
            return format_datetime(value, "d MMMM y HH:mm 'UTC'", locale=language.locale)
        case dt.date():
            return format_date(value, "d MMMM y", locale=language.locale)
        case list() | tuple():
            return joined(cast("list[Any]", value), language)
        case _:
            return str(value)


def joined(values: Iterable[Any], language: Language) -> str:
    """ "A, B and C", without the comma before "and"."""
    words = [write(value, language) for value in values]
    return format_list(words, locale="en_GB" if language is Language.EN else "fr")


def plain_spaces(text: str) -> str:
    """Narrow no-break spaces become ordinary ones: terminals and mails cut them to boxes."""
    return text.replace("\u202f", " ").replace("\u00a0", " ")


def plain_characters(text: str) -> str:
    """The text for where only ASCII can be written: letters without their accents, marks as people type them.

    What has no such form, such as Greek or Chinese, stays as it is.
    """
    decomposed = unicodedata.normalize("NFKD", text.translate(TYPED))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


TYPED = str.maketrans(
    {
        "→": "->", "×": "x", "⚡": "x", "┄": "..", "─": "-", "│": "|", "├": "|", "└": "`", "·": "-",
        "–": "-", "—": "-", "’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"',
        "œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d",
        "€": "EUR", "£": "GBP",
    }
)  # fmt: skip


def translated(sentence: Sentence, language: Language) -> str:
    count = sentence.values.get("count")
    if language is Language.EN:
        return sentence.plural if sentence.plural is not None and count != 1 else sentence.text
    message = french().get(sentence.text, sentence.context)
    if message is None:
        return sentence.plural if sentence.plural is not None and count != 1 else sentence.text
    # French counts zero and one alike.
    form = 1 if isinstance(count, int) and count > 1 else 0
    french_text = message.string if isinstance(message.string, str) else cast("tuple[str, ...]", message.string)[form]
    return french_text or sentence.text


@cache
def french() -> Catalog:
    """All French catalogues joined: the package's own and one for each slice that speaks."""
    joined_catalog = Catalog(locale="fr")
    root = resources.files("graph_crm")
    folders = [
        root,
        *sorted((entry for entry in root.iterdir() if entry.is_dir()), key=lambda entry: entry.name),
    ]
    for folder in folders:
        file = folder.joinpath("fr.po")
        if file.is_file():
            with file.open("rb") as stream:
                for message in read_po(stream, locale="fr"):
                    if message.id:
                        joined_catalog[message.id if isinstance(message.id, str) else message.id[0]] = message
    return joined_catalog
