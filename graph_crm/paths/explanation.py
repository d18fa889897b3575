"""What a path says for itself: the evidence of each step, what to do, and what to try when nothing was found."""

from __future__ import annotations

import datetime as dt
import itertools
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from graph_crm.language import Sentence, say, say_in, say_plural
from graph_crm.paths.score import telling_standing
from graph_crm.paths.types import (
    DEFAULT_PATH_PARAMETERS,
    PathBand,
    PathFrom,
    PathParameters,
    PathPerson,
    PathStep,
    Standing,
    WarmPath,
    WarmPaths,
)
from graph_crm.stakeholders.types import Stance
from graph_crm.ties.strength import band_of, moment_of
from graph_crm.ties.types import TieBasis

OLD_AFTER_DAYS = 90
"""A statement or a last contact older than this is called old."""


class Names:
    """How people are called: by their given name, unless two of them share it; without a name by their group."""

    def __init__(self, people: Iterable[PathPerson], write: Callable[[str], str] = str) -> None:
        self._write = write
        self._short = Counter(short for _, short in {(person.id, person.short_name) for person in people})

    def short(self, person: PathPerson) -> Sentence | str:
        """In a sentence."""
        if person.hidden:
            return self.nobody(person)
        return self._write(person.short_name if self._short[person.short_name] <= 1 else person.name)

    def in_chain(self, person: PathPerson) -> Sentence | str:
        """In a chain: ours as we call them, theirs in full."""
        return self.short(person) if person.is_user else self._write(person.name)

    def nobody(self, person: PathPerson) -> Sentence:
        if person.group is None:
            return say_in("path", "a colleague")
        return say_in("path", "a colleague in {team}", team=self._write(person.group))

    def data(self, text: str) -> str:
        return self._write(text)


def names_of(paths: WarmPaths, write: Callable[[str], str] = str) -> Names:
    return Names(itertools.chain.from_iterable(path.people for path in paths.pool), write)


# --- small parts


def listed(parts: Sequence[Sentence]) -> Sentence:
    """ "0.59, medium, stated 12 days ago"."""
    first, *rest = parts
    for part in rest:
        first = say("{first}, {second}", first=first, second=part)
    return first


def number(value: float) -> Sentence:
    return say("{number}", number=value)


def ago(days: float) -> Sentence:
    if days < 1:
        return say("today")
    return say_plural("{count} day ago", "{count} days ago", count=int(days))


def stated_ago(days: float) -> Sentence:
    if days < 1:
        return say("stated today")
    return say_plural("stated {count} day ago", "stated {count} days ago", count=int(days))


def no_reply(count: int) -> Sentence:
    return say_plural("{count} mail, no reply", "{count} mails, no reply", count=count)


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells paths as they stood at one moment."""

    as_of: float
    names: Names
    parameters: PathParameters = DEFAULT_PATH_PARAMETERS

    def band(self, step: PathStep) -> Sentence:
        return band_of(step.strength, self.parameters.ties).word

    def when(self, step: PathStep) -> Sentence | None:
        """How we come to think so, and how long ago that was."""
        tie = step.tie
        match tie.basis:
            case TieBasis.STATED if tie.stated_at is not None:
                days = self.as_of - tie.stated_at
                told = stated_ago(days)
                if days > OLD_AFTER_DAYS and (tie.last_at is None or tie.last_at < tie.stated_at):
                    return say("{told}; no contact recorded since", told=told)
                return told
            case TieBasis.LATENT:
                return say("former colleagues")
            case TieBasis.OVERRIDE:
                return say("set by hand")
            case _:
                return None if tie.last_at is None else ago(self.as_of - tie.last_at)

    def details(self, step: PathStep, *, band: bool = False) -> Sentence:
        """What stands in brackets behind a tie."""
        parts = [number(step.strength)]
        if band:
            parts.append(self.band(step))
        if step.unanswered:
            parts.append(no_reply(step.tie.interaction_count))
        else:
            when = self.when(step)
            parts += [] if when is None else [when]
        return listed(parts)

    # --- from a team or anyone

    def opening(self, step: PathStep) -> Sentence:
        return say(
            "Ask {user}: {band} tie with {contact} ({details}).",
            user=self.names.short(step.start),
            band=self.band(step),
            contact=self.names.short(step.end),
            details=self.details(step),
        )

    def hidden(self, step: PathStep) -> Sentence:
        contact, band = self.names.short(step.end), self.band(step)
        if step.start.group is None:
            return say(
                "A colleague knows {contact} ({band}) and prefers to be asked first.", contact=contact, band=band
            )
        return say(
            "A colleague in {team} knows {contact} ({band}) and prefers to be asked first.",
            team=self.names.data(step.start.group),
            contact=contact,
            band=band,
        )

    def direct(self, step: PathStep) -> Sentence:
        if step.unanswered and step.tie.last_at is not None:
            return say(
                "{user} directly: {mails}; the last {when}.",
                user=self.names.short(step.start),
                mails=no_reply(step.tie.interaction_count),
                when=ago(self.as_of - step.tie.last_at),
            )
        return self.sentence(self.knows(step, band=True))

    def knows(self, step: PathStep, *, band: bool, brief: bool = False) -> Sentence:
        """ "Rachel, champion at Ferrand-Lys, knows Margaret (0.59, medium, stated 12 days ago)"."""
        details = number(step.strength) if brief else self.details(step, band=band)
        person, other = self.names.short(step.start), self.names.short(step.end)
        standing = None if step.start.is_user else self.standing(step.start)
        if standing is None:
            return say("{person} knows {other} ({details})", person=person, other=other, details=details)
        return say(
            "{person}, {standing}, knows {other} ({details})",
            person=person,
            standing=standing,
            other=other,
            details=details,
        )

    def standing(self, person: PathPerson) -> Sentence | None:
        """Why somebody would introduce us, or would not."""
        if person.willing_to_introduce is not None:
            return say("ready to introduce us") if person.willing_to_introduce >= 0.5 else say("slow to introduce us")
        standing = telling_standing(person)
        return None if standing is None else standing_words(standing, self.names)

    def sentence(self, clause: Sentence) -> Sentence:
        return say("{clause}.", clause=clause)

    def from_many(self, path: WarmPath) -> list[Sentence]:
        first, *rest = path.steps
        tell = self.hidden if first.start.hidden else self.opening if rest else self.direct
        return [tell(first), *(self.sentence(self.knows(step, band=True)) for step in rest)]

    # --- from whoever asks

    def from_asker(self, path: WarmPath) -> list[Sentence]:
        clauses = [self.own_clause(path.steps[0])] if not path.steps[0].end.hidden else []
        for step in path.steps[1:]:
            if step.start.hidden:
                # A whole sentence of its own: what follows goes on behind it.
                return [self.hidden(step), *self.clauses_as_sentence(path.steps[2:])]
            clauses.append(self.clause(step))
        return [self.sentence(joined(clauses))]

    def clauses_as_sentence(self, steps: Sequence[PathStep]) -> list[Sentence]:
        return [self.sentence(joined([self.clause(step) for step in steps]))] if steps else []

    def own_clause(self, step: PathStep) -> Sentence:
        """What joins whoever asks to the next person."""
        other = self.names.short(step.end)
        if step.tie.basis is TieBasis.TEAM:
            return say("You and {colleague} are on one team ({score})", colleague=other, score=step.strength)
        if step.tie.basis is TieBasis.ORGANISATION:
            return say("{colleague} is a colleague ({score})", colleague=other, score=step.strength)
        if step.unanswered:
            return say_plural(
                "You wrote to {contact}: {count} mail, no reply ({score})",
                "You wrote to {contact}: {count} mails, no reply ({score})",
                count=step.tie.interaction_count,
                contact=other,
                score=step.strength,
            )
        return say(
            "You have a {band} tie with {contact} ({details})",
            band=self.band(step),
            contact=other,
            details=self.details(step),
        )

    def clause(self, step: PathStep) -> Sentence:
        if step.unanswered:
            return say_plural(
                "{count} mail, no reply ({score})",
                "{count} mails, no reply ({score})",
                count=step.tie.interaction_count,
                score=step.strength,
            )
        if step.start.is_user:
            return say(
                "{user} has a {band} tie with {contact} ({score})",
                user=self.names.short(step.start),
                band=self.band(step),
                contact=self.names.short(step.end),
                score=step.strength,
            )
        return self.knows(step, band=False, brief=True)

    # --- what to do

    def advice(self, path: WarmPath) -> Sentence:
        """The one thing to do next."""
        return self.advice_to_asker(path) if path.start_is_asker else self.advice_to_many(path)

    def advice_to_many(self, path: WarmPath) -> Sentence:
        first = path.steps[0]
        if first.start.hidden:
            return self.ask_the_group(first.start)
        user = self.names.short(first.start)
        if path.hops > 1:
            leaves_on = self.leaving(first.start)
            if leaves_on is None:
                return say("Ask {user} for the introduction.", user=user)
            return say("Ask {user} for the introduction soon: {user} leaves on {date}.", user=user, date=leaves_on)
        if first.unanswered:
            if path.rank > 1:
                return say("Stop writing; mention path {rank} to {user}.", rank=1, user=user)
            return say("Stop writing; look for somebody who knows {target}.", target=self.names.short(first.end))
        if self.is_old_word(first):
            return say("Ask {user} whether this still holds.", user=user)
        return say("Ask {user} to make the contact.", user=user)

    def advice_to_asker(self, path: WarmPath) -> Sentence:
        first = path.steps[0]
        if first.end.hidden:
            return self.ask_the_group(first.end)
        if path.rank > 1 and path.band is PathBand.COLD:
            return say("Only if path {rank} fails.", rank=1)
        if path.hops == 1:
            target = self.names.short(first.end)
            if first.unanswered:
                return say("Stop writing; look for somebody who knows {target}.", target=target)
            return say("Write to {target} yourself.", target=target)
        introducer, next_one = self.names.short(first.end), self.names.short(path.steps[1].end)
        leaves_on = self.leaving(first.end)
        if leaves_on is None:
            return say("Ask {introducer} to introduce you to {next}.", introducer=introducer, next=next_one)
        return say(
            "Ask {introducer} to introduce you to {next} before {date}.",
            introducer=introducer,
            next=next_one,
            date=leaves_on,
        )

    def ask_the_group(self, nobody: PathPerson) -> Sentence:
        if nobody.group is None:
            return say("Ask your colleagues; the name is given by the colleague, not by this list.")
        return say(
            "Ask {team}; the name is given by the colleague, not by this list.", team=self.names.data(nobody.group)
        )

    def leaving(self, person: PathPerson) -> dt.date | None:
        """The day on which somebody of ours leaves, when it is still to come."""
        if person.leaves_on is None or person.leaves_on < moment_of(self.as_of).date():
            return None
        return person.leaves_on

    def is_old_word(self, step: PathStep) -> bool:
        tie = step.tie
        return (
            tie.basis is TieBasis.STATED
            and tie.stated_at is not None
            and self.as_of - tie.stated_at > OLD_AFTER_DAYS
            and (tie.last_at is None or tie.last_at < tie.stated_at)
        )

    # --- the receipt

    def factors(self, path: WarmPath) -> list[Sentence]:
        """Every factor of the score that a reader can check, each with its name; in the order of the path."""
        told: list[Sentence] = []
        introductions = path.hops - 1
        for position, step in enumerate(path.steps):
            if position:
                told.append(introduction_words(step.hop_penalty, position, introductions))
                told.append(self.willingness(step))
            told.append(say("{factor} tie", factor=step.strength))
            if step.seniority_factor != 1:
                told.append(say("{factor} step up in rank", factor=step.seniority_factor))
            if step.target_factor != 1:
                told.append(say("{factor} influence", factor=step.target_factor))
        return told

    def willingness(self, step: PathStep) -> Sentence:
        factor, person = step.willingness, step.start
        if person.is_user:
            return say("{factor} colleague", factor=factor)
        if person.willing_to_introduce is not None:
            return say("{factor} willingness", factor=factor)
        standing = telling_standing(person)
        match None if standing is None else standing.stance:
            case Stance.CHAMPION:
                return say("{factor} champion", factor=factor)
            case Stance.SUPPORTER:
                return say("{factor} supporter", factor=factor)
            case Stance.SKEPTIC | Stance.BLOCKER:
                return say("{factor} against us", factor=factor)
            case _:
                return say("{factor} neutral", factor=factor)


def introduction_words(factor: float, position: int, introductions: int) -> Sentence:
    if introductions == 1:
        return say("{factor} one introduction", factor=factor)
    if position == 1:
        return say("{factor} first introduction", factor=factor)
    if position == 2:
        return say("{factor} second introduction", factor=factor)
    return say("{factor} third introduction", factor=factor)


def standing_words(standing: Standing, names: Names) -> Sentence | None:
    """ "champion of “Pilot” at Ferrand-Lys", in words that fit a man and a woman."""
    deal = None if standing.deal is None else names.data(standing.deal)
    account = None if standing.account is None else names.data(standing.account)
    match standing.stance:
        case Stance.CHAMPION:
            if deal is not None and account is not None:
                return say("champion of “{deal}” at {account}", deal=deal, account=account)
            return say("champion") if account is None else say("champion at {account}", account=account)
        case Stance.SUPPORTER:
            if deal is not None and account is not None:
                return say("supporter of “{deal}” at {account}", deal=deal, account=account)
            return say("supporter") if account is None else say("supporter at {account}", account=account)
        case Stance.SKEPTIC:
            return say("reserved") if account is None else say("reserved at {account}", account=account)
        case Stance.BLOCKER:
            return say("against us") if account is None else say("against us at {account}", account=account)
        case _:
            return None


def joined(clauses: Sequence[Sentence]) -> Sentence:
    first, *rest = clauses
    for clause in rest:
        first = say("{first}; {second}", first=first, second=clause)
    return first


def in_a_row(sentences: Sequence[Sentence]) -> Sentence:
    first, *rest = sentences
    for sentence in rest:
        first = say("{first} {second}", first=first, second=sentence)
    return first


def explanation_of(path: WarmPath, as_of: float, names: Names | None = None) -> Sentence:
    """The evidence of a path, from its first step to its last."""
    teller = Teller(as_of, names or Names(path.people))
    return in_a_row(teller.from_asker(path) if path.start_is_asker else teller.from_many(path))


def sentence_of(paths: WarmPaths, target: str, newest_interaction: dt.date | None = None) -> Sentence | None:
    """What an empty or a cold answer says: why, and what to try. Nothing when there is a path worth walking."""
    if paths.paths and paths.paths[0].band is not PathBand.COLD:
        return None
    parts: list[Sentence] = []
    if not paths.paths:
        parts.append(
            say_plural(
                "No introduction to {target} within {count} step.",
                "No introduction to {target} within {count} steps.",
                count=paths.request.max_hops,
                target=target,
            )
        )
    today = moment_of(paths.request.as_of).date()
    if newest_interaction is not None and (today - newest_interaction).days > OLD_AFTER_DAYS:
        parts.append(
            say(
                "The newest interaction known here is of {date}, and ties fade: ask as of that day (--as-of {day}).",
                date=newest_interaction,
                day=newest_interaction.isoformat(),
            )
        )
    elif paths.paths:
        parts.append(say("Every path is cold: {score} at best.", score=paths.paths[0].score))
        parts.append(what_to_try(paths.request.start))
    else:
        parts.append(what_to_try(paths.request.start))
    return in_a_row(parts)


def what_to_try(start: PathFrom) -> Sentence:
    if start is PathFrom.ANYONE:
        return say("Record who you know.")
    return say("Widen with --from anyone, or record who you know.")
