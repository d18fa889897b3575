"""An import that was cut off anywhere comes to the same as one that ran through."""

from __future__ import annotations

import pytest

from graph_crm.imports import service
from graph_crm.imports.service import import_sheets
from graph_crm.imports.types import Sheet
from tests.api import Api
from tests.imports.exports import ACTIVITIES, CONTACTS, DEALS, sheets, whole_export
from tests.imports.running import DOLLARS, emptied, imported, one, state
from tests.small_graph import run

MORE_CONTACTS = """Di,Dahl,di@cobalt.example,,Buyer,,tom@ours.example,Cobalt
Ed,Eco,ed@delta.example,,Buyer,,susan@ours.example,Delta
Flo,Fall,,,Buyer,,vic@ours.example,Aster
Gus,Grey,,,Buyer,,vic@ours.example,Echo
"""
MORE_DEALS = """Echo deal,Old,Lead,,2025-12-01,,Open,will@ours.example,Echo,Gus Grey
Delta deal,New,Closed Won,10,2025-12-01,2026-01-05,Won,tom@ours.example,Delta,Ed Eco
"""


class CutOff(Exception):
    """The process ends here."""


async def cut_off(api: Api, files: list[Sheet], batches: int) -> bool:
    """Import until so many batches are done. Whether there was more to do."""
    reached = 0

    def advance(_: int, __: int) -> None:
        nonlocal reached
        reached += 1
        if reached > batches:
            raise CutOff

    try:
        await import_sheets(api.graph, api.viewer, files, DOLLARS, advance=advance)
    except CutOff:
        return True
    return False


def accounts_and_users_only_named() -> list[Sheet]:
    """Files that name accounts and users which no file describes."""
    return sheets(contacts=CONTACTS + MORE_CONTACTS, deals=DEALS + MORE_DEALS, activities=ACTIVITIES)


async def test_an_import_that_was_cut_off_after_any_batch_goes_on_where_it_stopped(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "ROWS_PER_BATCH", 2)
    await imported(api, accounts_and_users_only_named())
    whole = await state(api)
    await emptied(api)
    batches = 1
    while await cut_off(api, accounts_and_users_only_named(), batches):
        assert await one(api, "MATCH (job:ImportJob) RETURN job.status AS value") == "RUNNING"
        report = await imported(api, accounts_and_users_only_named())
        assert report.resumed
        assert await state(api) == whole, f"cut off after {batches} batches"
        jobs = await run(api.graph, "MATCH (job:ImportJob) RETURN job.status AS status, job.number AS number")
        assert jobs == [{"status": "DONE", "number": 1}]
        assert (await imported(api, accounts_and_users_only_named())).all_unchanged
        await emptied(api)
        batches += 1
    assert batches > 8


async def test_a_record_that_other_files_changed_in_between_is_written_all_the_same(
    api: Api, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "ROWS_PER_BATCH", 2)
    await imported(api, whole_export())
    retitled = whole_export(contacts=CONTACTS.replace("VP of Quality", "Director"))
    assert await cut_off(api, retitled, 5)
    title = "MATCH (:Contact {name: 'Ana Silva'})-[job:WORKS_AT]->() RETURN job.title AS value"
    assert await one(api, title) == "Director"
    await imported(api, sheets(contacts=CONTACTS))
    assert await one(api, title) == "VP of Quality"
    assert (await imported(api, retitled)).resumed
    assert await one(api, title) == "Director"
