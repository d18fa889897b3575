"""What changed, for whoever may see the record; sources; receipts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import pytest

from graph_crm.changes import service
from graph_crm.changes.sources import attach_source, record_of_source, sources_of_records
from graph_crm.changes.types import RecordType, SourceKey
from graph_crm.errors import Duplicate, Invalid, NotPermitted
from graph_crm.graph.client import Graph
from graph_crm.graph.lists import Span
from graph_crm.graph.write import Receipt, Write
from graph_crm.language import Language
from graph_crm.team import service as team
from graph_crm.team.types import Assignment, TeamFunction
from graph_crm.viewer import Role, Viewer
from tests.api import Api, a_user
from tests.behind import a_private_organisation, an_account, cypher

Values = Mapping[str, object]


async def changed(
    graph: Graph,
    viewer: Viewer,
    record_id: str,
    action: str,
    before: Mapping[str, object],
    after: Mapping[str, object],
) -> None:
    async def work(write: Write) -> None:
        write.changed(record_id, action, before=before, after=after)

    await graph.write(work, viewer, Receipt.of("test", [record_id, action, before, after]))


async def test_the_history_of_a_record_is_read_newest_first_page_by_page(api: Api) -> None:
    account = await an_account(api.graph, "Ferrand")
    for number in range(3):
        await changed(
            api.graph, api.viewer, account, "account.renamed", {"name": f"{number}"}, {"name": f"{number + 1}"}
        )
    page = await service.history(api.graph, api.viewer, account, Span(2))
    assert [change.after[0].text for change in page.rows if change.after] == ["3", "2"]
    assert page.has_next
    assert await page.count() == 3
    rest = await service.history(api.graph, api.viewer, account, Span(2, page.cursors[-1]))
    assert [change.before[0].text for change in rest.rows if change.before] == ["0"]
    assert not rest.has_next


async def test_a_change_says_who_made_it_and_its_labels_are_in_the_readers_language(api: Api) -> None:
    account = await an_account(api.graph, "Ferrand")
    anna = await a_user(api.graph, "Anna", language=Language.FR)
    await changed(api.graph, anna, account, "account.renamed", {"name": "Ferrand"}, {"name": "Ferrand-Lys"})
    change = (await service.history(api.graph, anna, account)).rows[0]
    answer = await api.ask(
        """query($id: ID!) { node(id: $id) { ... on ChangeEvent {
          sequence action recordId fields actor { displayName }
          before { key label text } after { label text } } } }""",
        {"id": change.id},
        viewer=anna,
    )
    assert answer["node"] == {
        "sequence": 1,
        "action": "account.renamed",
        "recordId": account,
        "fields": ["name"],
        "actor": {"displayName": "Anna"},
        "before": [{"key": "name", "label": "Nom", "text": "Ferrand"}],
        "after": [{"label": "Nom", "text": "Ferrand-Lys"}],
    }


async def test_a_hidden_record_has_the_history_of_a_missing_one(api: Api) -> None:
    async with a_private_organisation(api.graph):
        anna, daniel = await a_user(api.graph, "Anna"), await a_user(api.graph, "Daniel")
        hidden = await an_account(api.graph, "Ferrand", anna)
        await changed(api.graph, anna, hidden, "account.renamed", {}, {"name": "Ferrand-Lys"})
        change = (await service.history(api.graph, anna, hidden)).rows[0]
        for record in (hidden, "01900000-0000-7000-8000-00000000ffff"):
            page = await service.history(api.graph, daniel, record)
            assert (page.rows, page.has_next, await page.count()) == ([], False, 0)
        answer = await api.ask("query($id: ID!) { node(id: $id) { id } }", {"id": change.id}, viewer=daniel)
        assert answer == {"node": None}


async def test_judgements_are_left_out_and_not_counted_without_the_scope(api: Api) -> None:
    account = await an_account(api.graph, "Ferrand")
    reader = await a_user(api.graph, "Rita", Role.READER)
    await changed(api.graph, api.viewer, account, "stakeholder.assessed", {}, {"stance": "BLOCKER"})
    await changed(api.graph, api.viewer, account, "account.renamed", {}, {"name": "Ferrand-Lys"})
    seen = await service.history(api.graph, reader, account)
    assert [change.action for change in seen.rows] == ["account.renamed"]
    assert await seen.count() == 1
    assert await (await service.history(api.graph, api.viewer, account)).count() == 2


async def test_ids_of_hidden_records_are_left_out_of_values(api: Api) -> None:
    async with a_private_organisation(api.graph):
        anna, daniel = await a_user(api.graph, "Anna"), await a_user(api.graph, "Daniel")
        visible, hidden = await an_account(api.graph, "Visible", daniel), await an_account(api.graph, "Hidden", anna)
        await changed(
            api.graph,
            api.viewer,
            visible,
            "account.moved",
            {"parent_id": hidden},
            {"parent_id": visible, "child_ids": [hidden]},
        )
        change = (await service.history(api.graph, daniel, visible)).rows[0]
        assert change.before is not None
        assert change.after is not None
        assert [value.text for value in change.before] == [None]
        assert [value.text for value in change.after] == [None, visible]


async def test_erased_values_are_null_and_the_event_stays(api: Api) -> None:
    account = await an_account(api.graph, "Ferrand")
    await changed(api.graph, api.viewer, account, "account.renamed", {"name": "A"}, {"name": "B"})
    await cypher(api.graph, "MATCH (:ChangeEvent)-[:HAS_VALUES]->(kept) DETACH DELETE kept")
    change = (await service.history(api.graph, api.viewer, account)).rows[0]
    assert (change.fields, change.before, change.after) == (("name",), None, None)


async def test_history_needs_its_scope_and_a_cursor_of_its_own(api: Api) -> None:
    account = await an_account(api.graph, "Ferrand")
    anna = await a_user(api.graph, "Anna")
    narrow = await team.viewer_of_user(api.graph, user_id=anna.user_id, scopes=frozenset({"records:read"}))
    with pytest.raises(NotPermitted):
        await service.history(api.graph, narrow, account)
    with pytest.raises(Invalid, match="cursor"):
        await service.history(api.graph, api.viewer, account, Span(cursor="nonsense"))
    await changed(api.graph, api.viewer, account, "account.renamed", {"name": "A"}, {"name": "B"})
    users = await team.users(api.graph, api.viewer)
    history = await service.history(api.graph, api.viewer, account)
    other = await an_account(api.graph, "Other")
    with pytest.raises(Invalid, match="does not belong to this list"):
        await service.history(api.graph, api.viewer, account, Span(cursor=users.cursors[0]))
    with pytest.raises(Invalid, match="does not belong to this list"):
        await service.history(api.graph, api.viewer, other, Span(cursor=history.cursors[0]))
    with pytest.raises(Invalid, match="does not belong to this list"):
        await team.users(api.graph, api.viewer, Span(cursor=history.cursors[0]))
    with pytest.raises(Invalid, match="does not belong to this list"):
        await team.accounts_of_user(api.graph, api.viewer, api.viewer.user_id, Span(cursor=users.cursors[0]))


async def test_an_assignment_is_in_the_history_of_its_record(api: Api) -> None:
    account = await an_account(api.graph, "Ferrand")
    await team.assign(api.graph, api.viewer, Assignment(account, api.viewer.user_id, TeamFunction.ENGINEERING))
    change = (await service.history(api.graph, api.viewer, account)).rows[0]
    assert change.action == "team.assigned"
    assert change.after is not None
    assert {value.key: value.text for value in change.after} == {
        "function": "ENGINEERING", "user_id": api.viewer.user_id, "valid_from": None, "valid_to": None,
    }  # fmt: skip


async def test_one_key_of_another_system_stands_for_one_record(api: Api) -> None:
    one, other = await an_account(api.graph, "One"), await an_account(api.graph, "Other")
    key = SourceKey("zoho", RecordType.ACCOUNT, "4711")

    async def attached(record_id: str) -> None:
        async def work(write: Write) -> None:
            await attach_source(write, record_id, key)

        await api.graph.write(work, api.viewer, Receipt.of("attach", record_id))

    await attached(one)
    await api.graph.maintain(lambda write: attach_source(write, one, key), "again")
    with pytest.raises(Duplicate, match="zoho already calls another record 4711"):
        await attached(other)
    assert await record_of_source(api.graph, api.viewer, key) == one
    sources = await sources_of_records(api.graph, api.viewer, [one, other])
    assert {record: [(row.system, row.key) for row in rows] for record, rows in sources.items()} == {
        one: [("zoho", "4711")]
    }
    assert await api.count("SourceRecord") == 1


@pytest.mark.parametrize(("system", "key"), [("", "1"), ("a:b", "1"), ("zoho", ""), ("zoho", "x" * 501)])
def test_a_source_key_without_shape_is_refused(system: str, key: str) -> None:
    with pytest.raises(Invalid):
        SourceKey(system, RecordType.CONTACT, key)


async def test_receipts_are_forgotten_after_three_days(api: Api) -> None:
    await team.set_team(api.graph, api.viewer, "Lyon", [])
    assert await service.forget_receipts(api.graph) == 0
    await cypher(
        api.graph,
        "MATCH (receipt:Receipt) SET receipt.at = $long_ago",
        long_ago=api.graph.now() - dt.timedelta(hours=73),
    )
    assert await service.forget_receipts(api.graph) == 1
    assert await api.count("Receipt") == 0
