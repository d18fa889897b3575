"""Who stays and who ends when somebody is put on a record."""

from __future__ import annotations

import datetime as dt

import pytest

from graph_crm.changes.types import RecordType
from graph_crm.errors import Invalid
from graph_crm.team.assignments import Dated, Fresh, Held, reassigned
from graph_crm.team.types import Assignment, TeamFunction

TODAY = dt.date(2026, 3, 1)
JANUARY = dt.date(2026, 1, 1)
MANAGER, EXECUTIVE, ENGINEER = (
    TeamFunction.ACCOUNT_MANAGER,
    TeamFunction.ACCOUNT_EXECUTIVE,
    TeamFunction.ENGINEERING,
)


def held(name: str, function: TeamFunction, *, owns: bool, since: dt.date | None = JANUARY) -> Held:
    return Held(f"{name}'s", name, owns=owns, function=function, valid_from=since, valid_to=None)


def asked(
    name: str, function: TeamFunction, valid_from: dt.date | None = None, valid_to: dt.date | None = None
) -> Assignment:
    return Assignment("record", name, function, valid_from, valid_to)


def test_the_account_manager_owns_the_account_and_the_account_executive_the_opportunity() -> None:
    account = reassigned([], asked("anna", MANAGER), RecordType.ACCOUNT, TODAY)
    opportunity = reassigned([], asked("anna", EXECUTIVE), RecordType.OPPORTUNITY, TODAY)
    assert [account.fresh[0].owns, opportunity.fresh[0].owns] == [True, True]


def test_an_engineer_works_on_a_record_that_nobody_owns() -> None:
    steps = reassigned([], asked("thomas", ENGINEER), RecordType.ACCOUNT, TODAY)
    assert steps.fresh == [Fresh("thomas", owns=False, function=ENGINEER, valid_from=TODAY, valid_to=None)]


def test_an_account_executive_owns_an_account_that_has_no_owner_and_works_on_one_that_has() -> None:
    without = reassigned([], asked("anna", EXECUTIVE), RecordType.ACCOUNT, TODAY)
    beside = reassigned([held("marc", MANAGER, owns=True)], asked("anna", EXECUTIVE), RecordType.ACCOUNT, TODAY)
    assert without.fresh[0].owns
    assert not beside.fresh[0].owns
    assert beside.dated == []


def test_a_new_account_manager_takes_over_and_the_one_before_ends_on_that_day() -> None:
    monday = dt.date(2026, 3, 9)
    steps = reassigned(
        [held("marc", MANAGER, owns=True)], asked("sophie", MANAGER, monday), RecordType.ACCOUNT, TODAY
    )
    assert steps.dated == [Dated("marc's", JANUARY, monday)]
    assert steps.fresh == [Fresh("sophie", owns=True, function=MANAGER, valid_from=monday, valid_to=None)]


def test_an_owner_with_another_function_stays_on_the_record() -> None:
    steps = reassigned([held("anna", EXECUTIVE, owns=True)], asked("marc", MANAGER), RecordType.ACCOUNT, TODAY)
    assert steps.dated == [Dated("anna's", JANUARY, TODAY)]
    assert Fresh("anna", owns=False, function=EXECUTIVE, valid_from=TODAY, valid_to=None) in steps.fresh


def test_an_ownership_replaced_on_the_day_it_began_is_withdrawn() -> None:
    steps = reassigned(
        [held("marc", MANAGER, owns=True, since=TODAY)], asked("sophie", MANAGER), RecordType.ACCOUNT, TODAY
    )
    assert steps.withdrawn == ["marc's"]
    assert steps.dated == []


def test_asking_again_changes_the_dates_and_an_end_ends_it() -> None:
    steps = reassigned(
        [held("marc", MANAGER, owns=True)], asked("marc", MANAGER, None, TODAY), RecordType.ACCOUNT, TODAY
    )
    assert steps.dated == [Dated("marc's", JANUARY, TODAY)]
    assert steps.fresh == []


def test_an_assignment_of_the_past_leaves_the_owner_of_today_alone() -> None:
    past = asked("old", MANAGER, dt.date(2025, 1, 1), dt.date(2025, 6, 1))
    steps = reassigned([held("marc", MANAGER, owns=True)], past, RecordType.ACCOUNT, TODAY)
    assert steps.dated == []
    assert steps.fresh[0].valid_to == dt.date(2025, 6, 1)


@pytest.mark.parametrize("end", [TODAY, JANUARY])
def test_an_end_before_the_beginning_is_refused(end: dt.date) -> None:
    with pytest.raises(Invalid, match="end after it begins"):
        reassigned([], asked("marc", MANAGER, TODAY, end), RecordType.ACCOUNT, TODAY)


def test_a_contact_has_no_team_of_its_own() -> None:
    with pytest.raises(Invalid, match="a contact has its account's"):
        reassigned([], asked("marc", MANAGER), RecordType.CONTACT, TODAY)
