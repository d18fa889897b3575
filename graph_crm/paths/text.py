"""Warm paths as text: for the terminal, and readable in a mail."""

from __future__ import annotations

import re
from dataclasses import dataclass

from graph_crm.language import Language, Sentence, plain_characters, say, say_plural, write
from graph_crm.paths.explanation import Names, Teller, names_of, sentence_of
from graph_crm.paths.types import PathFrom, WarmPath, WarmPaths
from graph_crm.stakeholders.text import cleaned, padded, width_of, wrapped
from graph_crm.ties.strength import band_of, moment_of
from graph_crm.ties.types import TieBand

WIDTH = 100

BANDS = (TieBand.NONE, TieBand.FAINT, TieBand.WEAK, TieBand.MEDIUM, TieBand.STRONG)
BARS = "▂▄▆█"

# Stands for a space at which no line is cut; it never occurs in what is shown.
GLUE = "\ue000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """Whom the paths lead to and where they start. Without a target's name they lead into the account."""

    target: str | None = None
    title: str | None = None
    account: str | None = None
    start: str | None = None


def paths_text(
    paths: WarmPaths,
    heading: Heading,
    language: Language = Language.EN,
    *,
    width: int = WIDTH,
    ascii_only: bool = False,
    sentence: Sentence | None = None,
    legend: bool = True,
) -> str:
    """The whole answer, ending in a line break. `sentence` says what to try when it is empty or cold."""
    return Page(paths, heading, language, width=width, ascii_only=ascii_only).text(sentence, legend=legend)


class Page:
    """The words of one answer, set for one width."""

    def __init__(
        self, paths: WarmPaths, heading: Heading, language: Language, *, width: int, ascii_only: bool
    ) -> None:
        self.paths = paths
        self.heading = heading
        self.language = language
        self.width = width
        self.ascii_only = ascii_only
        self.names: Names = names_of(paths, cleaned)
        self.teller = Teller(paths.request.as_of, self.names)

    def text(self, sentence: Sentence | None, *, legend: bool) -> str:
        lines = [*self.title(), ""]
        shown = self.shown()
        for path in shown:
            lines += [*self.path(path), ""]
        more = self.more(shown)
        if more:
            lines += [*more, ""]
        hint = sentence or sentence_of(self.paths, self.whereto())
        if hint is not None:
            lines += [*self.set(hint.read(self.language), 0), ""]
        if not self.paths.exact:
            incomplete = say("Not every tie could be looked at: a better path may exist.")
            lines += [*self.set(incomplete.read(self.language), 0), ""]
        if legend and shown:
            lines += [*self.legend(), ""]
        return "\n".join(self.finished(line) for line in lines[:-1]) + "\n"

    # --- lines

    def title(self) -> list[str]:
        parts = [self.whither().read(self.language), *(part.read(self.language) for part in self.whence())]
        line = " · ".join(parts)
        if width_of(line) <= self.width:
            return [line]
        return [*self.set(parts[0], 0), *self.set(" · ".join(parts[1:]), 0)]

    def whereto(self) -> str:
        return cleaned(self.heading.target or self.heading.account or "")

    def whither(self) -> Sentence:
        heading = self.heading
        if heading.target is None:
            return say("Warm paths into {account}", account=self.whereto())
        known = [cleaned(part) for part in (heading.target, heading.title, heading.account) if part]
        return say("Warm paths to {target}", target=", ".join(known))

    def whence(self) -> list[Sentence]:
        as_of = say("as of {date}", date=moment_of(self.paths.request.as_of).date())
        start = cleaned(self.heading.start or "")
        match self.paths.request.start:
            case PathFrom.ME if start:
                return [say("from {person}", person=start), as_of]
            case PathFrom.TEAM if start:
                return [say("from team {team}", team=start), as_of]
            case PathFrom.ANYONE:
                return [say("from anyone"), as_of]
            case _:
                return [as_of]

    def path(self, path: WarmPath) -> list[str]:
        band = band_of(path.score)
        head = f"{path.rank:>2}  {write(path.score, self.language)} {self.bars(band)} "
        head += padded(band.word.read(self.language), 8)
        people = [write(self.names.in_chain(person), self.language) for person in path.people]
        chain = " → ".join(person.replace(" ", GLUE) for person in people)
        first, *rest = self.set(chain, width_of(head))
        lines = [head + first[width_of(head) :], *rest]
        told = self.teller.from_asker(path) if path.start_is_asker else self.teller.from_many(path)
        lines += self.set(" ".join(sentence.read(self.language) for sentence in told), 6)
        if path.rank == 1 and path.hops > 1:
            lines += self.set(self.product(path), 6)
        advice = self.set(self.teller.advice(path).read(self.language), 6)
        return [*lines, "    → " + advice[0][6:], *advice[1:]]

    def product(self, path: WarmPath) -> str:
        factors = [factor.read(self.language).replace(" ", GLUE) for factor in self.teller.factors(path)]
        return f"{' × '.join(factors)} = {write(path.score, self.language)}".replace(" × ", " ×" + GLUE)

    def bars(self, band: TieBand) -> str:
        level = BANDS.index(band)
        return padded(str(level), 4) if self.ascii_only else BARS[:level] + "·" * (4 - level)

    def legend(self) -> list[str]:
        score = say("Score = product of the steps, 0 to 1.").read(self.language)
        bands = [
            f"{level if self.ascii_only else BARS[:level]}{GLUE}{BANDS[level].word.read(self.language)}"
            for level in range(1, 5)
        ]
        line = "  ".join([score, *bands]).replace(GLUE, " ")
        return [line] if width_of(line) <= self.width else [*self.set(score, 0), *self.set(" ".join(bands), 0)]

    # --- which paths

    def shown(self) -> list[WarmPath]:
        """One path for each person who makes the last introduction: the first, which is the best."""
        first: dict[tuple[str | None, str], WarmPath] = {}
        for path in self.paths.paths:
            first.setdefault(last_pair(path), path)
        return list(first.values())

    def more(self, shown: list[WarmPath]) -> list[str]:
        """One line for each introducer to whom other chains lead than the one that is shown."""
        lines: list[str] = []
        for path in shown:
            others = others_through(path, self.paths.pool)
            if path.introducer is None or not others:
                continue
            best = others[0]
            sentence = self.more_sentence(path, best, len(others))
            lines += self.set(sentence.read(self.language), 4)
        return lines

    def more_sentence(self, path: WarmPath, best: WarmPath, count: int) -> Sentence:
        introducer = "" if path.introducer is None else self.names.in_chain(path.introducer)
        if path.start_is_asker:
            return say_plural(
                "One more chain goes through {person} ({score}).",
                "{count} more chains go through {person} (the best {score}).",
                count=count,
                person=introducer,
                score=best.score,
            )
        return say_plural(
            "One more chain goes through {person} (from {start}, {score}).",
            "{count} more chains go through {person} (the best from {start}, {score}).",
            count=count,
            person=introducer,
            start=self.names.short(best.people[0]),
            score=best.score,
        )

    # --- setting

    def set(self, text: str, indent: int) -> list[str]:
        """Lines that fit the width, all at one indent; a mark stays with its word, a number with its unit."""
        glued = re.sub(r"(?<=\d) (?=\w)", GLUE, text)
        for mark in (":", ";", "»", "?", "!"):
            glued = glued.replace(f" {mark}", GLUE + mark)
        glued = glued.replace("« ", "«" + GLUE)
        lines = wrapped(glued, max(self.width - indent, 20))
        return [" " * indent + line.replace(GLUE, " ") for line in lines]

    def finished(self, line: str) -> str:
        if self.ascii_only:
            line = plain_characters(line.replace("« ", "«").replace(" »", "»"))
        return line.rstrip()


def last_pair(path: WarmPath) -> tuple[str | None, str]:
    return None if path.introducer is None else path.introducer.id, path.target.id


def others_through(path: WarmPath, pool: tuple[WarmPath, ...]) -> list[WarmPath]:
    """Other paths over the same last introducer, best first; a path that only adds people to a better one is none."""
    kept = [path]
    for other in pool:
        if other.ids == path.ids or last_pair(other) != last_pair(path):
            continue
        if not any(is_detour(other, better) for better in kept):
            kept.append(other)
    return kept[1:]


def is_detour(path: WarmPath, better: WarmPath) -> bool:
    return path.ids[0] == better.ids[0] and set(better.ids) < set(path.ids)
