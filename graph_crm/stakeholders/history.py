"""The history of what we hold about somebody's part: nothing is overwritten.

Every version is true in the world for a while and known to us for a while. A change, a correction or an end
supersedes what it contradicts and appends what is held instead, so that "what did we believe then?" keeps its answer.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum, StrEnum

from graph_crm.errors import Invalid
from graph_crm.stakeholders.types import (
    Assessment,
    BuyingRole,
    EvidenceGrade,
    InfluenceLevel,
    MapChangeKind,
    Stance,
    default_confidence,
)


class LeftOut(Enum):
    """Stands where nothing was said: the value in force stays."""

    LEFT_OUT = "LEFT_OUT"


LEFT_OUT = LeftOut.LEFT_OUT


class JudgementKind(StrEnum):
    """Something became so, was wrongly recorded, or is over."""

    CHANGE = "CHANGE"
    CORRECTION = "CORRECTION"
    END = "END"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What somebody records about one part. `valid_from` left out means now; an END needs no other field.

    Without a `review_by`, what is newly held is looked at again on `else_review_by`: a day of our own, which alone is
    no change.
    """

    kind: JudgementKind = JudgementKind.CHANGE
    author_id: str | None = None
    valid_from: dt.datetime | None = None
    roles: frozenset[BuyingRole] | LeftOut = LEFT_OUT
    stance: Stance | LeftOut = LEFT_OUT
    influence_level: InfluenceLevel | LeftOut = LEFT_OUT
    is_primary: bool | LeftOut = LEFT_OUT
    confidence: float | LeftOut = LEFT_OUT
    note: str | LeftOut | None = LEFT_OUT
    basis: EvidenceGrade | LeftOut | None = LEFT_OUT
    review_by: dt.date | LeftOut | None = LEFT_OUT
    else_review_by: dt.date | None = None
    source_label: str | LeftOut | None = LEFT_OUT


@dataclass(frozen=True, slots=True)
class Recording:
    """What one judgement writes: rows to append, and the ids of rows that are superseded at `recorded_at`.

    `confirmed` is the id of the row that says the same already, when there is one.
    """

    recorded_at: dt.datetime
    append: tuple[Assessment, ...] = ()
    supersede: tuple[str, ...] = ()
    confirmed: str | None = None

    @property
    def changes_nothing(self) -> bool:
        return not self.append and not self.supersede


def recorded(
    rows: Sequence[Assessment],
    judgement: Judgement,
    *,
    stakeholder_id: str,
    now: dt.datetime,
    new_id: Callable[[], str],
) -> Recording:
    """Which rows a judgement appends and which it supersedes. Refused when it cannot be right."""
    valid_from = judgement.valid_from or now
    if valid_from > now:
        field = "validTo" if judgement.kind is JudgementKind.END else "validFrom"
        raise Invalid("That day has not come yet: record it once it is so.", field=[field])
    # The clock of another machine may be behind: what is recorded later is known later.
    recorded_at = max([now, *(row.recorded_at for row in rows)])
    held = known_rows(rows)
    in_force = next((row for row in held if row.holds(valid_from, recorded_at)), None)
    match judgement.kind:
        case JudgementKind.CHANGE:
            return changed(held, in_force, judgement, stakeholder_id, valid_from, recorded_at, new_id)
        case JudgementKind.CORRECTION:
            return corrected(in_force, judgement, recorded_at, new_id)
        case JudgementKind.END:
            return ended(held, in_force, valid_from, judgement.author_id, recorded_at, new_id)


def known_rows(rows: Iterable[Assessment], known_at: dt.datetime | None = None) -> list[Assessment]:
    """What was held at a moment (now, when none is given), from the first day on."""
    known = [
        row
        for row in rows
        if (row.superseded_at is None if known_at is None else row.recorded_at <= known_at)
        and (row.superseded_at is None or (known_at is not None and row.superseded_at > known_at))
    ]
    return sorted(known, key=lambda row: row.valid_from)


def changed(
    held: Sequence[Assessment],
    in_force: Assessment | None,
    judgement: Judgement,
    stakeholder_id: str,
    valid_from: dt.datetime,
    recorded_at: dt.datetime,
    new_id: Callable[[], str],
) -> Recording:
    if in_force is None:
        following = next((row.valid_from for row in held if row.valid_from > valid_from), None)
        first = Assessment(
            id=new_id(),
            stakeholder_id=stakeholder_id,
            roles=frozenset(),
            stance=Stance.UNKNOWN,
            influence_level=InfluenceLevel.UNKNOWN,
            is_primary=False,
            confidence=default_confidence(None),
            author_id=judgement.author_id,
            valid_from=valid_from,
            valid_to=following,
            recorded_at=recorded_at,
        )
        return Recording(recorded_at, (to_be_reviewed(with_judgement(first, judgement), judgement),))
    judged = with_judgement(in_force, judgement)
    if same_values(judged, in_force):
        return Recording(recorded_at, confirmed=in_force.id)
    begun = replace(to_be_reviewed(judged, judgement), id=new_id(), valid_from=valid_from, recorded_at=recorded_at)
    if in_force.valid_from == valid_from:
        return Recording(recorded_at, (begun,), (in_force.id,))
    return Recording(recorded_at, (shortened(in_force, valid_from, recorded_at, new_id), begun), (in_force.id,))


def corrected(
    in_force: Assessment | None, judgement: Judgement, recorded_at: dt.datetime, new_id: Callable[[], str]
) -> Recording:
    if in_force is None:
        raise Invalid("Nothing was recorded for that day, so there is nothing to correct.", field=["validFrom"])
    judged = with_judgement(in_force, judgement)
    if same_values(judged, in_force):
        return Recording(recorded_at, confirmed=in_force.id)
    corrected_row = replace(to_be_reviewed(judged, judgement), id=new_id(), recorded_at=recorded_at)
    return Recording(recorded_at, (corrected_row,), (in_force.id,))


def ended(
    held: Sequence[Assessment],
    in_force: Assessment | None,
    valid_to: dt.datetime,
    author_id: str | None,
    recorded_at: dt.datetime,
    new_id: Callable[[], str],
) -> Recording:
    """The part is over from `valid_to` on: what was held for later days is no longer held.

    What was held last is recorded once more by whoever ends it. On or before its first day the part is taken back:
    nothing of it is held any more.
    """
    later = [row for row in held if row.valid_from >= valid_to]
    if in_force is None and not later:
        raise Invalid("This person has no part on that day.", field=["validTo"])
    append: tuple[Assessment, ...] = ()
    last = next((row for row in held if row.valid_from < valid_to and reaches(row, valid_to)), None)
    if last is not None and in_force is not None:
        append = (replace(shortened(last, valid_to, recorded_at, new_id), author_id=author_id),)
        later = [last, *later]
    return Recording(recorded_at, append, tuple(row.id for row in later))


def reaches(row: Assessment, moment: dt.datetime) -> bool:
    return row.valid_to is None or row.valid_to >= moment


def not_primary(
    row: Assessment,
    begins: dt.datetime,
    ends: dt.datetime | None,
    *,
    author_id: str | None,
    recorded_at: dt.datetime,
    new_id: Callable[[], str],
) -> Recording:
    """Somebody else is the primary one in those days: the row says so, and before and after them what it said."""
    begins = max(begins, row.valid_from)
    ends = min((day for day in (ends, row.valid_to) if day is not None), default=None)
    append: list[Assessment] = []
    if row.valid_from < begins:
        append.append(shortened(row, begins, recorded_at, new_id))
    if ends is not None and ends != row.valid_to:
        append.append(replace(row, id=new_id(), valid_from=ends, recorded_at=recorded_at))
    between = replace(row, id=new_id(), valid_from=begins, valid_to=ends, recorded_at=recorded_at)
    append.append(replace(between, is_primary=False, author_id=author_id))
    return Recording(recorded_at, tuple(append), (row.id,))


def shortened(
    row: Assessment, valid_to: dt.datetime, recorded_at: dt.datetime, new_id: Callable[[], str]
) -> Assessment:
    """The row once more, known from now on to end there."""
    return replace(row, id=new_id(), valid_to=valid_to, recorded_at=recorded_at, superseded_at=None)


def with_judgement(row: Assessment, judgement: Judgement) -> Assessment:
    """The row with what was said; a basis without a confidence brings its own."""
    basis = row.basis if isinstance(judgement.basis, LeftOut) else judgement.basis
    confidence = row.confidence
    if not isinstance(judgement.confidence, LeftOut):
        confidence = judgement.confidence
    elif basis is not row.basis:
        confidence = default_confidence(basis)
    if not 0 <= confidence <= 1:
        raise Invalid("A confidence lies between 0 and 1.", field=["confidence"])
    return replace(
        row,
        roles=row.roles if isinstance(judgement.roles, LeftOut) else judgement.roles,
        stance=row.stance if isinstance(judgement.stance, LeftOut) else judgement.stance,
        influence_level=(
            row.influence_level if isinstance(judgement.influence_level, LeftOut) else judgement.influence_level
        ),
        is_primary=row.is_primary if isinstance(judgement.is_primary, LeftOut) else judgement.is_primary,
        confidence=confidence,
        note=row.note if isinstance(judgement.note, LeftOut) else judgement.note,
        basis=basis,
        review_by=row.review_by if isinstance(judgement.review_by, LeftOut) else judgement.review_by,
        source_label=row.source_label if isinstance(judgement.source_label, LeftOut) else judgement.source_label,
        author_id=judgement.author_id,
        superseded_at=None,
    )


def to_be_reviewed(row: Assessment, judgement: Judgement) -> Assessment:
    """The row with a day to look at it again, when nobody named one."""
    if not isinstance(judgement.review_by, LeftOut) or judgement.else_review_by is None:
        return row
    return replace(row, review_by=judgement.else_review_by)


def same_values(row: Assessment, other: Assessment) -> bool:
    """Whether two rows say the same, whoever said it and whenever."""
    return said(row) == said(other)


def said(row: Assessment) -> tuple[object, ...]:
    return (
        row.roles,
        row.stance,
        row.influence_level,
        row.is_primary,
        row.confidence,
        row.note,
        row.basis,
        row.review_by,
        row.source_label,
    )


def shown(row: Assessment) -> tuple[object, ...]:
    """What a map shows of a row."""
    return (row.roles, row.stance, row.influence_level)


def as_of(rows: Iterable[Assessment], moment: dt.datetime, known_at: dt.datetime) -> Assessment | None:
    """What we believed at `known_at` about `moment`; nothing when the person had no part."""
    return next((row for row in rows if row.holds(moment, known_at)), None)


def applied(rows: Sequence[Assessment], recording: Recording) -> list[Assessment]:
    """The rows after a recording: some gain `superseded_at`, some are new, nothing else changes."""
    superseded = set(recording.supersede)
    return [
        *(replace(row, superseded_at=recording.recorded_at) if row.id in superseded else row for row in rows),
        *recording.append,
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class MapChange:
    """Something that happened to one part between two dates.

    `at` is when it happened; `recorded_at` and `recorded_by` tell who wrote it down first. A correction happened when
    it was recorded.
    """

    kind: MapChangeKind
    stakeholder_id: str
    before: Assessment | None
    after: Assessment | None
    at: dt.datetime
    recorded_at: dt.datetime
    recorded_by: str | None


def map_changes(
    rows: Iterable[Assessment], after: dt.datetime, until: dt.datetime, known_at: dt.datetime
) -> list[MapChange]:
    """What happened to the parts of a map after one date and until another, as known at `known_at`, oldest first."""
    by_stakeholder: dict[str, list[Assessment]] = {}
    for row in rows:
        if row.recorded_at <= known_at:
            by_stakeholder.setdefault(row.stakeholder_id, []).append(row)
    changes = [
        change
        for history in by_stakeholder.values()
        for change in (*turns(history, known_at), *corrections(history, known_at))
        if after < change.at <= until
    ]
    return sorted(
        changes, key=lambda change: (change.at, change.stakeholder_id, list(MapChangeKind).index(change.kind))
    )


def turns(history: Sequence[Assessment], known_at: dt.datetime) -> Iterator[MapChange]:
    """Every moment at which what we hold begins, ends or turns."""
    known = known_rows(history, known_at)
    begins = {row.valid_from: row for row in known}
    ends = {row.valid_to: row for row in known if row.valid_to is not None}
    for row in known:
        before = ends.get(row.valid_from)
        first = min(
            (one for one in history if one.valid_from == row.valid_from and shown(one) == shown(row)),
            key=lambda one: one.recorded_at,
        )
        for kind in kinds_of(before, row):
            yield MapChange(
                kind=kind,
                stakeholder_id=row.stakeholder_id,
                before=before,
                after=row,
                at=row.valid_from,
                recorded_at=first.recorded_at,
                recorded_by=first.author_id,
            )
    for valid_to, row in ends.items():
        if valid_to not in begins:
            first = first_end(history, row, valid_to)
            yield MapChange(
                kind=MapChangeKind.LEFT,
                stakeholder_id=row.stakeholder_id,
                before=row,
                after=None,
                at=valid_to,
                recorded_at=first.recorded_at,
                recorded_by=first.author_id,
            )


def first_end(history: Sequence[Assessment], last: Assessment, valid_to: dt.datetime) -> Assessment:
    """The row that first told that the part is over: the first since nothing follows any more."""
    followed_until = max(
        (one.superseded_at for one in history if one.valid_from == valid_to and one.superseded_at is not None),
        default=None,
    )
    ends = (
        one
        for one in history
        if one.valid_to == valid_to and (followed_until is None or one.recorded_at >= followed_until)
    )
    return min(ends, key=lambda one: one.recorded_at, default=last)


def kinds_of(before: Assessment | None, after: Assessment) -> list[MapChangeKind]:
    if before is None:
        return [MapChangeKind.JOINED]
    differing = {
        MapChangeKind.ROLES_CHANGED: before.roles != after.roles,
        MapChangeKind.STANCE_CHANGED: before.stance is not after.stance,
        MapChangeKind.INFLUENCE_CHANGED: before.influence_level is not after.influence_level,
    }
    return [kind for kind, differs in differing.items() if differs]


def corrections(history: Sequence[Assessment], known_at: dt.datetime) -> Iterator[MapChange]:
    """Rows that took another's place for the same days with another content."""
    for row in history:
        for earlier in history:
            if (
                earlier.superseded_at == row.recorded_at <= known_at
                and earlier is not row
                and (earlier.valid_from, earlier.valid_to) == (row.valid_from, row.valid_to)
                and shown(earlier) != shown(row)
            ):
                yield MapChange(
                    kind=MapChangeKind.CORRECTED,
                    stakeholder_id=row.stakeholder_id,
                    before=earlier,
                    after=row,
                    at=row.recorded_at,
                    recorded_at=row.recorded_at,
                    recorded_by=row.author_id,
                )
