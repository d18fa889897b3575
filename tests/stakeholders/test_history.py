"""The history of an assessment: what was so, and what we knew."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph_crm.errors import Invalid
from graph_crm.stakeholders.history import (
    Judgement,
    JudgementKind,
    applied,
    as_of,
    map_changes,
    not_primary,
    recorded,
    same_values,
)
from graph_crm.stakeholders.types import (
    Assessment,
    BuyingRole,
    EvidenceGrade,
    InfluenceLevel,
    MapChangeKind,
    Stance,
)

PERSON = "stakeholder-1"


def day(month: int, day_of_month: int) -> dt.datetime:
    return dt.datetime(2026, month, day_of_month, tzinfo=dt.UTC)


NOW = day(6, 1)


class Notebook:
    """A history that grows, as the service would let it grow."""

    def __init__(self) -> None:
        self.rows: list[Assessment] = []
        self.ids: Iterator[int] = count(1)

    def record(self, judgement: Judgement, now: dt.datetime) -> None:
        recording = recorded(
            self.rows, judgement, stakeholder_id=PERSON, now=now, new_id=lambda: f"assessment-{next(self.ids)}"
        )
        self.rows = applied(self.rows, recording)

    def change(self, valid_from: dt.datetime, stance: Stance, *, now: dt.datetime | None = None) -> None:
        self.record(Judgement(valid_from=valid_from, stance=stance, author_id="anna"), now or valid_from)

    def stance(self, moment: dt.datetime, known_at: dt.datetime = NOW) -> Stance | None:
        row = as_of(self.rows, moment, known_at)
        return row.stance if row is not None else None

    def changes(self, after: dt.datetime, until: dt.datetime, known_at: dt.datetime = NOW) -> list[MapChangeKind]:
        return [change.kind for change in map_changes(self.rows, after, until, known_at)]


def supporter_then_blocker() -> Notebook:
    notebook = Notebook()
    notebook.change(day(1, 1), Stance.SUPPORTER)
    notebook.change(day(3, 1), Stance.BLOCKER, now=day(3, 10))
    return notebook


def test_a_change_recorded_late_is_known_late() -> None:
    notebook = supporter_then_blocker()
    assert len(notebook.rows) == 3
    assert notebook.stance(day(3, 5)) is Stance.BLOCKER
    assert notebook.stance(day(3, 5), known_at=day(3, 6)) is Stance.SUPPORTER
    assert notebook.stance(day(3, 1)) is Stance.BLOCKER
    assert notebook.stance(day(2, 28)) is Stance.SUPPORTER
    assert notebook.stance(dt.datetime(2025, 12, 31, tzinfo=dt.UTC)) is None


def test_the_rows_of_a_late_change_are_exactly_these() -> None:
    rows = supporter_then_blocker().rows
    assert [(row.stance, row.valid_from, row.valid_to, row.recorded_at, row.superseded_at) for row in rows] == [
        (Stance.SUPPORTER, day(1, 1), None, day(1, 1), day(3, 10)),
        (Stance.SUPPORTER, day(1, 1), day(3, 1), day(3, 10), None),
        (Stance.BLOCKER, day(3, 1), None, day(3, 10), None),
    ]


def test_at_the_very_moment_of_recording_the_new_is_known() -> None:
    notebook = supporter_then_blocker()
    assert notebook.stance(day(3, 5), known_at=day(3, 10)) is Stance.BLOCKER


def test_a_back_dated_change_ends_at_the_next_known_change() -> None:
    notebook = supporter_then_blocker()
    notebook.change(day(2, 1), Stance.NEUTRAL, now=day(4, 1))
    assert [notebook.stance(day(month, 15)) for month in (1, 2, 3, 5)] == [
        Stance.SUPPORTER,
        Stance.NEUTRAL,
        Stance.BLOCKER,
        Stance.BLOCKER,
    ]
    assert notebook.stance(day(2, 15), known_at=day(3, 31)) is Stance.SUPPORTER


def test_a_change_before_the_first_day_ends_where_the_history_begins() -> None:
    notebook = supporter_then_blocker()
    notebook.change(dt.datetime(2025, 12, 1, tzinfo=dt.UTC), Stance.SKEPTIC, now=day(4, 1))
    assert notebook.stance(dt.datetime(2025, 12, 31, tzinfo=dt.UTC)) is Stance.SKEPTIC
    assert notebook.stance(day(1, 1)) is Stance.SUPPORTER


def test_a_correction_takes_the_place_of_what_was_wrong() -> None:
    notebook = supporter_then_blocker()
    notebook.record(
        Judgement(kind=JudgementKind.CORRECTION, valid_from=day(2, 1), stance=Stance.SKEPTIC), now=day(4, 1)
    )
    assert notebook.stance(day(1, 1)) is Stance.SKEPTIC
    assert notebook.stance(day(3, 1)) is Stance.BLOCKER
    assert notebook.stance(day(1, 15), known_at=day(3, 31)) is Stance.SUPPORTER
    assert notebook.changes(day(3, 31), day(5, 1)) == [MapChangeKind.CORRECTED]


def test_a_day_to_come_is_refused() -> None:
    notebook = supporter_then_blocker()
    before = list(notebook.rows)
    with pytest.raises(Invalid, match="has not come yet"):
        notebook.change(day(6, 2), Stance.CHAMPION, now=day(6, 1))
    assert notebook.rows == before


def test_there_is_nothing_to_correct_on_a_day_without_a_part() -> None:
    with pytest.raises(Invalid, match="nothing to correct"):
        Notebook().record(Judgement(kind=JudgementKind.CORRECTION, stance=Stance.NEUTRAL), now=NOW)


def test_fields_left_out_keep_the_value_in_force_on_that_day() -> None:
    notebook = Notebook()
    notebook.record(
        Judgement(
            valid_from=day(1, 1),
            roles=frozenset({BuyingRole.APPROVER}),
            stance=Stance.NEUTRAL,
            influence_level=InfluenceLevel.HIGH,
            is_primary=True,
            basis=EvidenceGrade.OBSERVED,
            note="Signs above 100,000",
        ),
        now=day(1, 1),
    )
    notebook.record(Judgement(valid_from=day(3, 1), roles=frozenset({BuyingRole.COACH})), now=day(3, 1))
    notebook.change(day(2, 1), Stance.SKEPTIC, now=day(4, 1))
    february, march = as_of(notebook.rows, day(2, 1), NOW), as_of(notebook.rows, day(3, 1), NOW)
    assert february is not None
    assert march is not None
    assert (february.roles, february.stance) == ({BuyingRole.APPROVER}, Stance.SKEPTIC)
    assert (february.influence_level, february.is_primary, february.confidence) == (InfluenceLevel.HIGH, True, 0.8)
    assert february.note == "Signs above 100,000"
    assert (march.roles, march.stance) == ({BuyingRole.COACH}, Stance.NEUTRAL)


def test_a_new_basis_brings_its_confidence_unless_one_is_given() -> None:
    notebook = Notebook()
    notebook.change(day(1, 1), Stance.NEUTRAL)
    assert notebook.rows[-1].confidence == 0.5
    notebook.record(Judgement(basis=EvidenceGrade.STATED), now=day(2, 1))
    assert notebook.rows[-1].confidence == 0.9
    notebook.record(Judgement(basis=EvidenceGrade.INFERRED, confidence=0.45), now=day(3, 1))
    assert notebook.rows[-1].confidence == 0.45


def test_a_confidence_beyond_one_is_refused() -> None:
    with pytest.raises(Invalid, match="between 0 and 1"):
        Notebook().record(Judgement(confidence=1.5), now=NOW)


def test_saying_the_same_again_writes_nothing() -> None:
    notebook = supporter_then_blocker()
    before = list(notebook.rows)
    notebook.change(day(4, 1), Stance.BLOCKER, now=day(4, 1))
    assert notebook.rows == before


def test_saying_the_same_on_another_day_writes_nothing() -> None:
    notebook = Notebook()
    notebook.record(Judgement(stance=Stance.BLOCKER, else_review_by=day(7, 1).date()), now=day(1, 1))
    assert [row.review_by for row in notebook.rows] == [day(7, 1).date()]
    before = list(notebook.rows)
    notebook.record(Judgement(stance=Stance.BLOCKER, else_review_by=day(8, 1).date()), now=day(2, 1))
    assert notebook.rows == before
    notebook.record(Judgement(stance=Stance.NEUTRAL, else_review_by=day(9, 1).date()), now=day(3, 1))
    assert notebook.rows[-1].review_by == day(9, 1).date()
    notebook.record(Judgement(stance=Stance.NEUTRAL, review_by=day(5, 1).date()), now=day(3, 2))
    assert notebook.rows[-1].review_by == day(5, 1).date()


def test_an_ended_part_has_no_open_row() -> None:
    notebook = supporter_then_blocker()
    notebook.record(Judgement(kind=JudgementKind.END, valid_from=day(4, 1)), now=day(4, 2))
    assert notebook.stance(day(3, 31)) is Stance.BLOCKER
    assert notebook.stance(day(4, 1)) is None
    assert not [row for row in notebook.rows if row.superseded_at is None and row.valid_to is None]
    assert notebook.changes(day(3, 15), NOW) == [MapChangeKind.LEFT]
    with pytest.raises(Invalid, match="no part on that day"):
        notebook.record(Judgement(kind=JudgementKind.END, valid_from=day(4, 1)), now=day(4, 3))


def test_an_end_before_a_known_change_takes_that_change_back() -> None:
    notebook = supporter_then_blocker()
    notebook.record(Judgement(kind=JudgementKind.END, valid_from=day(2, 1)), now=day(4, 2))
    assert notebook.stance(day(1, 31)) is Stance.SUPPORTER
    assert notebook.stance(day(3, 5)) is None
    assert notebook.stance(day(3, 5), known_at=day(4, 1)) is Stance.BLOCKER


def ends(notebook: Notebook) -> list[tuple[dt.datetime, dt.datetime, str | None]]:
    changes = map_changes(notebook.rows, day(1, 2), NOW, NOW)
    return [
        (change.at, change.recorded_at, change.recorded_by) for change in changes if change.kind is MapChangeKind.LEFT
    ]


@pytest.mark.parametrize("last_day", [day(3, 1), day(4, 1)], ids=["where a change began", "after it"])
def test_who_ended_a_part_is_told(last_day: dt.datetime) -> None:
    notebook = supporter_then_blocker()
    notebook.record(Judgement(kind=JudgementKind.END, valid_from=last_day, author_id="marc"), now=day(4, 2))
    assert ends(notebook) == [(last_day, day(4, 2), "marc")]
    corrected = Judgement(
        kind=JudgementKind.CORRECTION, valid_from=day(2, 28), stance=Stance.NEUTRAL, author_id="ines"
    )
    notebook.record(corrected, now=day(4, 3))
    assert ends(notebook) == [(last_day, day(4, 2), "marc")]
    changes = map_changes(notebook.rows, dt.datetime(2025, 12, 1, tzinfo=dt.UTC), NOW, NOW)
    assert changes[0].kind is MapChangeKind.JOINED


def test_an_end_on_the_first_day_takes_the_part_back() -> None:
    notebook = supporter_then_blocker()
    notebook.record(Judgement(kind=JudgementKind.END, valid_from=day(1, 1)), now=day(4, 2))
    assert [notebook.stance(day(month, 2)) for month in (1, 2, 3, 4)] == [None] * 4
    assert notebook.stance(day(3, 5), known_at=day(4, 1)) is Stance.BLOCKER
    assert len(notebook.rows) == 3


def test_somebody_is_not_the_primary_one_for_some_days_only() -> None:
    notebook = Notebook()
    notebook.record(Judgement(is_primary=True, stance=Stance.NEUTRAL, author_id="anna"), now=day(1, 1))

    def primary_through(begins: dt.datetime, ends: dt.datetime | None) -> list[bool | None]:
        recording = not_primary(
            notebook.rows[0],
            begins,
            ends,
            author_id="marc",
            recorded_at=day(5, 1),
            new_id=lambda: f"assessment-{next(notebook.ids)}",
        )
        rows = applied(notebook.rows, recording)
        assert rows[-1].author_id == "marc"
        held = [as_of(rows, day(month, 15), NOW) for month in (1, 2, 3, 4, 5)]
        return [row and row.is_primary for row in held]

    assert primary_through(day(2, 1), day(4, 1)) == [True, False, False, True, True]
    assert primary_through(day(2, 1), None) == [True, False, False, False, False]
    assert primary_through(dt.datetime(2025, 12, 1, tzinfo=dt.UTC), day(3, 1)) == [False, False, True, True, True]


def test_somebody_may_come_back_after_an_end() -> None:
    notebook = supporter_then_blocker()
    notebook.record(Judgement(kind=JudgementKind.END, valid_from=day(4, 1)), now=day(4, 1))
    notebook.change(day(5, 1), Stance.NEUTRAL)
    assert notebook.stance(day(4, 15)) is None
    assert notebook.stance(day(5, 1)) is Stance.NEUTRAL
    assert notebook.changes(day(3, 15), NOW) == [MapChangeKind.LEFT, MapChangeKind.JOINED]


def test_changes_between_two_dates_are_told_one_by_one() -> None:
    notebook = Notebook()
    notebook.change(day(1, 1), Stance.NEUTRAL)
    notebook.record(
        Judgement(
            stance=Stance.CHAMPION,
            roles=frozenset({BuyingRole.DECISION_MAKER}),
            influence_level=InfluenceLevel.HIGH,
            author_id="marc",
        ),
        now=day(2, 1),
    )
    changes = map_changes(notebook.rows, dt.datetime(2025, 1, 1, tzinfo=dt.UTC), NOW, NOW)
    assert [(change.kind, change.at, change.recorded_by) for change in changes] == [
        (MapChangeKind.JOINED, day(1, 1), "anna"),
        (MapChangeKind.ROLES_CHANGED, day(2, 1), "marc"),
        (MapChangeKind.STANCE_CHANGED, day(2, 1), "marc"),
        (MapChangeKind.INFLUENCE_CHANGED, day(2, 1), "marc"),
    ]
    assert [changes[2].before.stance, changes[2].after.stance] == [Stance.NEUTRAL, Stance.CHAMPION]


def test_a_change_on_the_first_date_belongs_to_the_map_of_that_date() -> None:
    notebook = supporter_then_blocker()
    assert notebook.changes(day(3, 1), NOW) == []
    assert notebook.changes(day(2, 28), day(3, 1)) == [MapChangeKind.STANCE_CHANGED]


def test_a_change_keeps_the_day_it_was_first_recorded() -> None:
    notebook = supporter_then_blocker()
    notebook.change(day(5, 1), Stance.NEUTRAL)
    changes = map_changes(notebook.rows, day(2, 1), NOW, NOW)
    assert [(change.at, change.recorded_at) for change in changes] == [
        (day(3, 1), day(3, 10)),
        (day(5, 1), day(5, 1)),
    ]


def test_what_was_not_known_yet_is_no_change() -> None:
    notebook = supporter_then_blocker()
    assert notebook.changes(day(2, 1), day(3, 5), known_at=day(3, 9)) == []
    assert notebook.changes(day(2, 1), day(3, 5)) == [MapChangeKind.STANCE_CHANGED]


def test_a_clock_that_runs_behind_cannot_record_before_what_is_recorded() -> None:
    notebook = supporter_then_blocker()
    notebook.change(day(2, 1), Stance.NEUTRAL, now=day(3, 9))
    assert notebook.rows[-1].recorded_at == day(3, 10)


JUDGEMENTS = st.lists(
    st.tuples(
        st.sampled_from(list(JudgementKind)),
        st.integers(0, 40),
        st.integers(0, 3),
        st.sampled_from(list(Stance)),
    ),
    max_size=14,
)
START = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


@given(JUDGEMENTS)
def test_at_any_moment_known_rows_never_overlap_and_recorded_rows_only_gain_an_end(
    judgements: list[tuple[JudgementKind, int, int, Stance]],
) -> None:
    notebook = Notebook()
    now = START
    for kind, since, later, stance in judgements:
        now += dt.timedelta(days=later)
        before = list(notebook.rows)
        valid_from = min(START + dt.timedelta(days=since), now)
        try:
            notebook.record(Judgement(kind=kind, valid_from=valid_from, stance=stance), now)
        except Invalid:
            assert notebook.rows == before
            continue
        for old, new in zip(before, notebook.rows, strict=False):
            assert replace(new, superseded_at=old.superseded_at) == old
            assert old.superseded_at in {None, new.superseded_at}
        held = as_of(notebook.rows, valid_from, now)
        assert (held is None) if kind is JudgementKind.END else (held is not None and held.stance is stance)
    moments = sorted({row.recorded_at for row in notebook.rows})
    for known_at in moments:
        for offset in range(-1, 45):
            moment = START + dt.timedelta(days=offset)
            assert sum(row.holds(moment, known_at) for row in notebook.rows) <= 1
    assert all(row.valid_to is None or row.valid_to > row.valid_from for row in notebook.rows)


@given(JUDGEMENTS)
def test_what_was_believed_then_never_changes(judgements: list[tuple[JudgementKind, int, int, Stance]]) -> None:
    notebook = Notebook()
    now = START
    remembered: dict[tuple[dt.datetime, dt.datetime], Assessment | None] = {}
    for kind, since, later, stance in judgements:
        now += dt.timedelta(days=later + 1)
        try:
            notebook.record(
                Judgement(kind=kind, valid_from=min(START + dt.timedelta(days=since), now), stance=stance), now
            )
        except Invalid:
            continue
        for offset in (0, 10, 20, 40):
            moment = START + dt.timedelta(days=offset)
            remembered[moment, now] = as_of(notebook.rows, moment, now)
    for (moment, known_at), row in remembered.items():
        found = as_of(notebook.rows, moment, known_at)
        assert (found is None) == (row is None)
        assert found is None or row is None or same_values(found, row)
