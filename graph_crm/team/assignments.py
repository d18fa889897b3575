"""What changes among the people of a record when somebody is put on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from graph_crm.changes.types import RecordType
from graph_crm.errors import Invalid
from graph_crm.team.types import Assignment, TeamFunction

OWNING: Final[Mapping[RecordType, TeamFunction]] = {
    RecordType.ACCOUNT: TeamFunction.ACCOUNT_MANAGER,
    RecordType.OPPORTUNITY: TeamFunction.ACCOUNT_EXECUTIVE,
}
"""The function whose holder owns a record of that kind."""

LEADING: Final = frozenset(OWNING.values())
"""The functions that make somebody the owner of a record that has none."""


@dataclass(frozen=True, slots=True)
class Held:
    """An assignment that lasts today or begins later."""

    id: str
    user_id: str
    owns: bool
    function: TeamFunction
    valid_from: dt.date | None
    valid_to: dt.date | None


@dataclass(frozen=True, slots=True)
class Fresh:
    """An assignment to be made."""

    user_id: str
    owns: bool
    function: TeamFunction
    valid_from: dt.date
    valid_to: dt.date | None


@dataclass(frozen=True, slots=True)
class Dated:
    """An assignment that keeps its place and gets these dates."""

    id: str
    valid_from: dt.date | None
    valid_to: dt.date | None


@dataclass(frozen=True, slots=True)
class Steps:
    """What to write, in this order."""

    withdrawn: list[str] = field(default_factory=list[str])
    dated: list[Dated] = field(default_factory=list[Dated])
    fresh: list[Fresh] = field(default_factory=list[Fresh])


def reassigned(held: Sequence[Held], asked: Assignment, record_type: RecordType, today: dt.date) -> Steps:
    """The steps that put somebody on a record.

    Asking again for what somebody already does changes its dates; `valid_to` ends it. Whoever takes the owning
    function takes the record over: the owner before ends on that day, and stays on it when their own function
    is another one.
    """
    if record_type not in OWNING:
        raise Invalid("People are assigned to accounts and opportunities; a contact has its account's.")
    same = next((one for one in held if (one.user_id, one.function) == (asked.user_id, asked.function)), None)
    if same is not None:
        valid_from = asked.valid_from or same.valid_from
        refuse_inverted(valid_from, asked.valid_to)
        return Steps(dated=[Dated(same.id, valid_from, asked.valid_to)])
    valid_from = asked.valid_from or today
    refuse_inverted(valid_from, asked.valid_to)
    past = asked.valid_to is not None and asked.valid_to <= today
    owners = [one for one in held if one.owns]
    owns = asked.function is OWNING[record_type] or (not owners and not past and asked.function in LEADING)
    steps = Steps(fresh=[Fresh(asked.user_id, owns, asked.function, valid_from, asked.valid_to)])
    if owns and not past:
        for owner in owners:
            hand_over(steps, owner, valid_from, record_type)
    return steps


def hand_over(steps: Steps, owner: Held, on: dt.date, record_type: RecordType) -> None:
    """End what somebody owned; without a day of its own it is as if it had never been."""
    if owner.valid_from is not None and owner.valid_from >= on:
        steps.withdrawn.append(owner.id)
    elif owner.valid_to is None or owner.valid_to > on:
        steps.dated.append(Dated(owner.id, owner.valid_from, on))
    if owner.function is not OWNING[record_type]:
        start = max(owner.valid_from or on, on)
        steps.fresh.append(
            Fresh(owner.user_id, owns=False, function=owner.function, valid_from=start, valid_to=owner.valid_to)
        )


def refuse_inverted(valid_from: dt.date | None, valid_to: dt.date | None) -> None:
    if valid_from is not None and valid_to is not None and valid_to <= valid_from:
        raise Invalid("It has to end after it begins, on {day}.", day=valid_from, field=("validTo",))
