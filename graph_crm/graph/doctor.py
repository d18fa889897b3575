"""What must hold in the database and no constraint of it can hold: one statement for each, answering offenders."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final

from graph_crm.graph.client import Graph
from graph_crm.graph.query import Query, query
from graph_crm.language import Sentence, say

SECONDS: Final = 600.0


@dataclass(frozen=True, slots=True)
class Offenders:
    """How many break an invariant, and the ids of the first ten."""

    count: int
    first: list[str]


@dataclass(frozen=True, slots=True)
class Invariant:
    """What must hold, in words and as the question for what breaks it."""

    name: str
    sentence: Sentence
    offenders: Query[Offenders]


@dataclass(frozen=True, slots=True)
class Finding:
    invariant: Invariant
    offenders: Offenders

    @property
    def holds(self) -> bool:
        return self.offenders.count == 0


INVARIANTS: Final = (
    Invariant(
        "required-fields",
        say("Every record has the fields of its kind."),
        query("doctor/required_fields", Offenders),
    ),
    Invariant(
        "one-solid-manager",
        say("Nobody reports to two managers at the same time, dotted lines aside."),
        query("doctor/one_solid_manager", Offenders),
    ),
    Invariant(
        "no-circle-of-managers",
        say("Nobody is, in the end, their own manager."),
        query("doctor/no_circle_of_managers", Offenders),
    ),
    Invariant(
        "no-circle-of-accounts",
        say("No account is, in the end, a part of itself."),
        query("doctor/no_circle_of_accounts", Offenders),
    ),
    Invariant(
        "one-open-assessment",
        say("Every part in a deal has at most one open assessment, and CURRENT leads to it."),
        query("doctor/one_open_assessment", Offenders),
    ),
    Invariant(
        "one-contact-and-one-scope",
        say("Every part is one contact's, in one deal or account."),
        query("doctor/one_contact_and_one_scope", Offenders),
    ),
    Invariant(
        "key-of-tie",
        say("Every tie is stored once, under the key of its pair."),
        query("doctor/key_of_tie", Offenders),
    ),
    Invariant(
        "degree",
        say("Everybody's degree is the number of their ties."),
        query("doctor/degree", Offenders),
    ),
    Invariant(
        "ends-after-its-beginning",
        say("Everything dated ends after it begins."),
        query("doctor/ends_after_its_beginning", Offenders),
    ),
    Invariant(
        "readers-of-accounts",
        say("The readers of every account are those it derives."),
        query("doctor/readers_of_accounts", Offenders),
    ),
    Invariant(
        "readers-of-contacts",
        say("The readers of every contact are those it derives."),
        query("doctor/readers_of_contacts", Offenders),
    ),
    Invariant(
        "readers-of-opportunities",
        say("The readers of every opportunity are those it derives."),
        query("doctor/readers_of_opportunities", Offenders),
    ),
    Invariant(
        "gapless-sequence",
        say("The audit trail is numbered without a gap."),
        query("doctor/gapless_sequence", Offenders),
    ),
)


async def examine(graph: Graph) -> AsyncIterator[Finding]:
    """Each invariant with what breaks it, one after the other. Nothing is changed."""
    today = graph.now().date()
    for invariant in INVARIANTS:
        parameters = {"today": today} if "$today" in invariant.offenders.text else {}
        rows = await graph.read(invariant.offenders, seconds=SECONDS, **parameters)
        yield Finding(invariant, rows[0])
