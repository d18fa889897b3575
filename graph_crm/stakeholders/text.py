"""A stakeholder map as text: for the terminal, and readable in a mail.

Words stand beside every symbol, so that nothing is lost in a proportional font, in grey, or read aloud.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from graph_crm.language import Language, Sentence, plain_characters, plain_spaces, say, say_in, say_plural, write
from graph_crm.stakeholders.answer import KnownBy, MapPerson, Placement, StakeholderMap
from graph_crm.stakeholders.facts import LinkFacts, ScopeFacts, ScopeKind
from graph_crm.stakeholders.people import folded
from graph_crm.stakeholders.status import BAND_WORDS
from graph_crm.stakeholders.types import (
    LIGHT_INFLUENCE,
    MEDIUM_INFLUENCE,
    STRONG_INFLUENCE,
    LinkKind,
    MapStatus,
    SeatState,
    Stance,
    Symbol,
)
from graph_crm.ties.types import TieBand

WIDTH: Final = 100
LEAST_LAST_COLUMN: Final = 18
LEAST_TIE_COLUMN: Final = 12
LEAST_NAME_COLUMN: Final = 20
LEAST_NAME: Final = 8
WIDEST_STEM: Final = 20
NAMES_BESIDE_BARS: Final = 3
SUPPORT_RESTS_ON_LITTLE: Final = 0.5

BANDS: Final = (TieBand.NONE, TieBand.FAINT, TieBand.WEAK, TieBand.MEDIUM, TieBand.STRONG)
BARS: Final = "▂▄▆█"
KEY_PLAYER: Final = Symbol("◆", "K")
MUST_AGREE: Final = Symbol("!", "!")

INFLUENCE_WORDS: Final = (
    (STRONG_INFLUENCE, say_in("influence", "strong")),
    (MEDIUM_INFLUENCE, say_in("influence", "medium")),
    (LIGHT_INFLUENCE, say_in("influence", "light")),
)

STANCE_COLOURS: Final[Mapping[Stance, str]] = {
    Stance.CHAMPION: "32",
    Stance.SUPPORTER: "34",
    Stance.NEUTRAL: "37",
    Stance.SKEPTIC: "33",
    Stance.BLOCKER: "31",
    Stance.UNKNOWN: "90",
}
STATUS_COLOURS: Final[Mapping[MapStatus, str]] = {MapStatus.RED: "31", MapStatus.AMBER: "33", MapStatus.GREEN: "32"}


def map_text(
    picture: StakeholderMap,
    language: Language = Language.EN,
    *,
    width: int = WIDTH,
    ascii_only: bool = False,
    colour: bool = False,
) -> str:
    """The whole map, one line per person, ending in a line break."""
    page = Page(picture, language, width=width, ascii_only=ascii_only, colour=colour)
    return "\n".join(line.rstrip() for line in page.lines()) + "\n"


def cleaned(text: str) -> str:
    """Data as it may be shown: without control characters and without marks that turn the direction of writing."""
    spaced = "".join(" " if letter in "\n\r\t" else letter for letter in text)
    return "".join(
        letter
        for letter in spaced
        # Joiners shape letters of many scripts; all other invisible marks go.
        if unicodedata.category(letter) not in {"Cc", "Cf", "Cs", "Zl", "Zp"} or letter in "\u200c\u200d"
    )


def width_of(text: str) -> int:
    """How many columns a text takes."""
    return sum(
        0
        if unicodedata.combining(letter) or unicodedata.category(letter) in {"Cf", "Mn"}
        else 2
        if unicodedata.east_asian_width(letter) in "WF" and letter != "⚡"
        else 1
        for letter in text
    )


def padded(text: str, width: int) -> str:
    return text + " " * (width - width_of(text))


def wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most `width` columns, cut between words; a longer word is cut where it must be."""
    lines: list[str] = []
    line = ""
    for word in text.split():
        if line and width_of(line) + 1 + width_of(word) <= width:
            line = f"{line} {word}"
            continue
        if line:
            lines.append(line)
        line = word
        while width_of(line) > width:
            head = fitting(line, width)
            lines.append(head)
            line = line[len(head) :]
    return [*lines, line] if line or not lines else lines


def fitting(word: str, width: int) -> str:
    """The longest beginning that fits, at least one letter."""
    length = 1
    while length < len(word) and width_of(word[: length + 1]) <= width:
        length += 1
    return word[:length]


def in_items(items: Sequence[str], separator: str, width: int) -> list[str]:
    """Items in lines that break between items only."""
    lines: list[str] = []
    line = ""
    for position, item in enumerate(items):
        ending = separator.rstrip() if position < len(items) - 1 else ""
        joined = f"{line}{separator_after(line, separator)}{item}"
        if line and width_of(joined + ending) > width:
            lines.append(line + separator.rstrip())
            line = item
        else:
            line = joined
    return [*lines, line]


def separator_after(line: str, separator: str) -> str:
    return separator if line else ""


@dataclass(frozen=True, slots=True)
class Row:
    """One person's line, before it is set in columns: the tree's lines go on beside what wraps."""

    stem: str
    stem_below: str
    person: MapPerson


class Page:
    """The words of one map, set for one width."""

    def __init__(
        self, picture: StakeholderMap, language: Language, *, width: int, ascii_only: bool, colour: bool
    ) -> None:
        self.picture = picture
        self.language = language
        self.width = width
        self.ascii_only = ascii_only
        self.colour = colour
        self.judged = picture.judgements
        self.names = {person.contact_id: self.data(person.name) for person in picture.people}
        self.weights = {person.contact_id: person.x or 0.0 for person in picture.people}

    def lines(self) -> Iterable[str]:
        yield from self.header()
        yield ""
        yield from self.status()
        yield from self.people()
        yield from self.links()
        yield from self.seats()
        yield ""
        yield from self.legend()

    # Words

    def read(self, sentence: Sentence) -> str:
        return self.data(sentence.read(self.language))

    def data(self, text: str) -> str:
        return self.plain(plain_spaces(cleaned(text)))

    def plain(self, text: str) -> str:
        return plain_characters(text) if self.ascii_only else text

    def mark(self, symbol: Symbol) -> str:
        return symbol.ascii if self.ascii_only else symbol.mark

    def painted(self, text: str, code: str | None) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and code is not None else text

    def number(self, value: float | None) -> str:
        return write(value, self.language) if value is not None else self.plain("–")

    def label(self, sentence: Sentence) -> str:
        """A word before a colon, as the language sets it."""
        return self.read(say("{word}:", word=sentence))

    # Header and status

    def header(self) -> Iterable[str]:
        scope = self.picture.scope
        names = [name for name in (scope.account_name, scope.opportunity_name) if name]
        yield from wrapped(self.data(" · ".join(names)), self.width)
        yield from in_items([self.data(part) for part in self.header_parts(scope)], self.plain(" · "), self.width)

    def header_parts(self, scope: ScopeFacts) -> Iterable[str]:
        if scope.price is not None:
            yield write(scope.price, self.language)
        if scope.stage_name:
            yield f"{scope.stage_name} ({scope.pipeline_name})" if scope.pipeline_name else scope.stage_name
        if scope.close_date is not None:
            yield self.read(say("closes {date}", date=scope.close_date))
        yield self.read(say("as of {date}", date=self.picture.as_of.date()))
        if self.picture.known_at_is_past:
            yield self.read(say("known on {date}", date=self.picture.known_at.date()))
        if self.picture.left_out:
            yield self.read(
                say_plural("{count} person not shown", "{count} people not shown", count=self.picture.left_out)
            )

    def status(self) -> Iterable[str]:
        status, consensus, coverage = self.picture.status, self.picture.consensus, self.picture.role_coverage
        if status is None or consensus is None or coverage is None:
            return
        support = self.number(consensus.support)
        if consensus.known_share is None or consensus.known_share < SUPPORT_RESTS_ON_LITTLE:
            support = f"({support})"
        figures = [
            f"{self.mark(status.symbol)} {self.read(status.label).upper()}",
            f"{self.read(say('Support'))} {support}",
            f"{self.read(say('Positions known'))} {self.number(consensus.known_share)}",
            f"{self.read(say('Blocker exposure'))} {self.number(consensus.blocker_exposure)}",
            f"{self.read(say('Role coverage'))} {self.number(coverage.score)}",
        ]
        first, *rest = in_items(figures, "   ", self.width)
        yield self.painted(figures[0], STATUS_COLOURS[status]) + first[len(figures[0]) :]
        yield from rest
        for finding in self.picture.reasons:
            start, *more = wrapped(self.read(finding.sentence), self.width - 4)
            yield f"  {self.mark(finding.part.symbol)} {start}"
            yield from (f"    {line}" for line in more)
        yield ""

    # People

    def people(self) -> Iterable[str]:
        placed = {placement: self.rows(placement) for placement in Placement}
        rows = [row for rows in placed.values() for row in rows]
        if not rows:
            return
        table = Table(self, rows)
        yield from table.head()
        yield self.plain("─") * self.width
        headings = {
            Placement.NO_LINE: say("No reporting line known"),
            Placement.OUTSIDE: say("Outside the company"),
        }
        for placement, some in placed.items():
            if some and placement in headings:
                yield self.read(headings[placement])
            for row in some:
                yield from table.lines(row)

    def rows(self, placement: Placement) -> list[Row]:
        people = [person for person in self.picture.people if person.placement is placement]
        if placement is not Placement.LINE:
            return [Row("  ", "  ", person) for person in people]
        return list(self.tree(people))

    def tree(self, people: Sequence[MapPerson]) -> Iterable[Row]:
        """People in reading order, each with the lines that lead to them."""
        below: dict[str, list[str]] = {}
        for person in people:
            if person.manager_id is not None:
                below.setdefault(person.manager_id, []).append(person.contact_id)
        going_on: dict[str, str] = {}
        for person in people:
            stem = stem_below = ""
            if person.manager_id is not None:
                last = below[person.manager_id][-1] == person.contact_id
                above = going_on[person.manager_id]
                stem, stem_below = above + ("└ " if last else "├ "), above + ("  " if last else "│ ")
            going_on[person.contact_id] = stem_below
            below_it = stem_below + ("│ " if person.contact_id in below else "  ")
            # Very deep lines keep their last levels: the table must fit the page.
            yield Row(self.plain(stem[-WIDEST_STEM:]), self.plain(below_it[-WIDEST_STEM - 2 :]), person)

    def part(self, person: MapPerson) -> str:
        """The part in the decision, and the title."""
        words = [self.read(role.label) for role in person.roles]
        if not person.has_part:
            here = self.picture.scope.kind is ScopeKind.ACCOUNT
            words = [self.read(say("No part yet") if here else say("No part in this deal"))]
        if person.veto:
            words.append(self.read(say("veto")))
        told = [", ".join(words), self.data(person.title or "")]
        return self.plain(" · ").join(part for part in told if part)

    def tie(self, person: MapPerson) -> str:
        level = BANDS.index(person.band)
        bars = str(level) if self.ascii_only else BARS[:level] + "·" * (len(BARS) - level)
        return f"{bars} {self.who(person)}"

    def who(self, person: MapPerson) -> str:
        """Who of ours knows somebody; who wants to be asked first stands under a team's name."""
        reached = person.reached_by
        if not person.known_by:
            return self.read(say("nobody"))
        if not reached:
            faint = say(
                "faint {who}", who=", ".join(self.ours(known) for known in person.known_by[:NAMES_BESIDE_BARS])
            )
            return self.read(faint)
        if len(reached) == 1 and not reached[0].hidden:
            return self.read(say("only {who}", who=self.ours(reached[0])))
        names = list(dict.fromkeys(self.ours(known) for known in reached))
        more = [f"+{len(names) - NAMES_BESIDE_BARS}"] if len(names) > NAMES_BESIDE_BARS else []
        return ", ".join(names[:NAMES_BESIDE_BARS] + more)

    def ours(self, known: KnownBy) -> str:
        if not known.hidden:
            return self.data(known.who or "")
        if known.who:
            return self.read(say("ask {team}", team=known.who))
        return self.read(say("ask a colleague"))

    # Links and seats

    def links(self) -> Iterable[str]:
        parts = [
            *self.influences(),
            *self.pairs(LinkKind.IN_CONFLICT_WITH, "⚡"),
            *self.pairs(LinkKind.DOTTED_LINE, "┄"),
        ]
        if parts:
            yield ""
            yield from parts

    def influences(self) -> Iterable[str]:
        links = sorted((link for link in self.picture.links if link.kind is LinkKind.INFLUENCES), key=self.order)
        if not links:
            return
        yield self.read(LinkKind.INFLUENCES.label)
        words = [self.read(word) for _, word in INFLUENCE_WORDS]
        column = max(9, *(width_of(word) + 2 for word in words))
        for (weight, _), word in zip(INFLUENCE_WORDS, words, strict=True):
            items = [self.arrow(link, "→") for link in links if nearest_weight(link) == weight]
            if items:
                first, *more = in_items(items, self.plain(" · "), self.width - 2 - column)
                yield f"  {padded(word, column)}{first}"
                yield from (" " * (2 + column) + line for line in more)

    def order(self, link: LinkFacts) -> tuple[str, float, str]:
        """By the one who is moved, then the weightiest who moves."""
        weight = self.weights.get(link.from_id, 0.0)
        return folded(self.names[link.to_id]), -weight, folded(self.names[link.from_id])

    def arrow(self, link: LinkFacts, sign: str) -> str:
        return f"{self.names[link.from_id]} {self.plain(sign)} {self.names[link.to_id]}"

    def pairs(self, kind: LinkKind, sign: str) -> Iterable[str]:
        links = [link for link in self.picture.links if link.kind is kind]
        if links:
            word = self.label(kind.label)
            items = [self.arrow(link, sign) for link in links]
            first, *more = in_items(items, self.plain(" · "), self.width - width_of(word) - 1)
            yield f"{word} {first}"
            yield from (" " * (width_of(word) + 1) + line for line in more)

    def seats(self) -> Iterable[str]:
        if not self.picture.seats:
            return
        yield ""
        yield self.read(say("Seats"))
        labels = [self.read(seat.label) for seat in self.picture.seats]
        column = max(width_of(label) for label in labels) + 2
        for seat, label in zip(self.picture.seats, labels, strict=True):
            told = self.read(seat.sentence)
            if seat.state is SeatState.MISSING:
                told = f"[ {told} ]"
            first, *more = wrapped(told, self.width - 4 - column)
            yield f"  {self.mark(seat.state.symbol)} {padded(label, column)}{first}"
            yield from (" " * (4 + column) + line for line in more)

    # Legend

    def legend(self) -> Iterable[str]:
        if self.judged:
            marks = [f"{self.mark(stance.symbol)} {self.read(stance.word)}" for stance in Stance]
            marks.append(f"{self.mark(KEY_PLAYER)} {self.read(say('key player'))}")
            marks.append(f"{self.mark(MUST_AGREE)} {self.read(say('must agree'))}")
            yield from in_items(marks, "  ", self.width)
        bands = [
            f"{str(level) if self.ascii_only else BARS[:level]} {self.read(BAND_WORDS[band])}"
            for level, band in enumerate(BANDS)
            if level
        ]
        bands[0] = f"{self.label(say('Our tie'))} {bands[0]}"
        if self.judged:
            bands.insert(0, self.read(say("Infl.: influence, 0 to 1.")))
        yield from in_items(bands, "  ", self.width)


def nearest_weight(link: LinkFacts) -> float:
    weight = link.weight if link.weight is not None else LIGHT_INFLUENCE
    return min((known for known, _ in INFLUENCE_WORDS), key=lambda known: abs(known - weight))


class Table:
    """The columns of the people: as wide as their longest word, within the page."""

    def __init__(self, page: Page, rows: Sequence[Row]) -> None:
        self.page = page
        read = page.read
        judged = page.judged
        self.heads = (
            read(say("People")),
            read(say("Position")) if judged else "",
            read(say("Infl.")) if judged else "",
            read(say("Our tie")),
            read(say("Part in the decision · title")),
        )
        names = [width_of(row.stem) + 2 * judged + width_of(page.names[row.person.contact_id]) + 2 for row in rows]
        stances = [width_of(self.stance(row.person)) + 3 for row in rows]
        self.name = max(width_of(self.heads[0]) + 2, *names)
        self.least_name = max(LEAST_NAME_COLUMN, *(width_of(row.stem) + LEAST_NAME + 4 for row in rows))
        self.position = max(width_of(self.heads[1]) + 2, *stances) if judged else 0
        self.weight = 8 if judged else 0
        self.tie = max(width_of(self.heads[3]) + 2, *(width_of(page.tie(row.person)) + 2 for row in rows))
        self.fit()

    def fit(self) -> None:
        """Gives the last column its room: first from the ties, then from the names."""
        fixed = self.position + self.weight
        lacking = LEAST_LAST_COLUMN - (self.page.width - self.name - fixed - self.tie)
        if lacking > 0:
            given = min(lacking, max(0, self.tie - LEAST_TIE_COLUMN))
            self.tie -= given
            lacking -= given
        if lacking > 0:
            self.name = max(min(self.name, self.least_name), self.name - lacking)
        self.last = max(LEAST_TIE_COLUMN, self.page.width - self.name - fixed - self.tie)

    def head(self) -> Iterable[str]:
        widths = (self.name, self.position, self.weight, self.tie)
        first, *more = wrapped(self.heads[-1], self.last)
        yield "".join(padded(head, width) for head, width in zip(self.heads, widths, strict=False)) + first
        yield from (" " * sum(widths) + line for line in more)

    def stance(self, person: MapPerson) -> str:
        return self.page.read(person.stance.label) if person.stance is not None else ""

    def lines(self, row: Row) -> Iterable[str]:
        """One person, on as many lines as the longest cell needs."""
        page, person = self.page, row.person
        code = STANCE_COLOURS[person.stance] if person.stance is not None else None
        symbol = page.mark(person.stance.symbol) if person.stance is not None else " "
        lead = f"{page.painted(symbol, code)} " if page.judged else ""
        lead_width = 2 if page.judged else 0
        room = self.name - 2 - width_of(row.stem) - lead_width
        names = wrapped(page.names[person.contact_id], max(1, room))
        ties = wrapped_hanging(page.tie(person), self.tie - 2)
        parts = wrapped(page.part(person), self.last)
        for position in range(max(len(names), len(ties), len(parts))):
            name = names[position] if position < len(names) else ""
            stem = row.stem if position == 0 else row.stem_below
            front = lead if position == 0 else " " * max(0, width_of(row.stem) + lead_width - width_of(stem))
            taken = max(width_of(row.stem) + lead_width, width_of(stem)) + width_of(name)
            word = self.stance(person) if position == 0 else ""
            yield (
                stem
                + front
                + name
                + " " * (self.name - taken)
                + page.painted(word, code)
                + " " * (self.position - width_of(word))
                + padded(self.weight_cell(person) if position == 0 else "", self.weight)
                + padded(ties[position] if position < len(ties) else "", self.tie)
                + (parts[position] if position < len(parts) else "")
            )

    def weight_cell(self, person: MapPerson) -> str:
        """Influence, then the marks of a key player and of somebody who must agree."""
        if not self.page.judged or not person.has_part:
            return ""
        marks = self.page.mark(KEY_PLAYER) if person.key_player else " " if person.must_agree else ""
        marks += self.page.mark(MUST_AGREE) if person.must_agree else ""
        return f"{self.page.number(person.x)} {marks}"


def wrapped_hanging(text: str, width: int) -> list[str]:
    """Bars and names: what wraps stands under the names."""
    bars, _, names = text.partition(" ")
    indent = width_of(bars) + 1
    first, *more = wrapped(names, max(1, width - indent))
    return [f"{bars} {first}", *(" " * indent + line for line in more)]
