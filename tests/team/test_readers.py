"""Who may see a record, and who may change it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from graph_crm.errors import NotFound, NotPermitted
from graph_crm.graph.client import Graph
from graph_crm.graph.doctor import examine
from graph_crm.graph.query import Nothing, Query
from graph_crm.graph.rows import decoder_of
from graph_crm.graph.write import Receipt, Write
from graph_crm.settings import OrganisationVisibility
from graph_crm.team import service
from graph_crm.team.readers import refresh_readers, require_writable
from graph_crm.team.types import Assignment, TeamFunction
from graph_crm.viewer import ALL_RECORDS, EVERYONE, Role, Viewer
from tests.api import Api, a_user
from tests.behind import (
    a_contact,
    a_private_organisation,
    a_team,
    an_account,
    an_opportunity,
    cypher,
    readers_of,
    refreshed,
    signed_in,
)


@pytest.fixture
async def private(api: Api) -> AsyncIterator[Graph]:
    async with a_private_organisation(api.graph):
        yield api.graph


# A statement of this test alone: a contact at an account, as a slice would make it.
A_CONTACT_AT = Query(
    "test/a_contact_at",
    """MATCH (account:Record:Account {id: $account_id})
    CREATE (contact:Record:Person:Contact {id: $id, display_name: $name, name_key: $name, readers: []})
    CREATE (contact)-[:WORKS_AT {id: $employment_id}]->(account)""",
    Nothing,
    decoder_of(Nothing),
)


async def writes(graph: Graph, viewer: Viewer, record_id: str) -> bool:
    """Whether the viewer may change the record."""

    async def work(write: Write) -> None:
        await require_writable(write, viewer, record_id)

    try:
        await graph.write(work, viewer, Receipt.of("try", record_id))
    except NotPermitted:
        return False
    return True


async def test_everybody_sees_the_records_of_an_open_organisation(api: Api) -> None:
    anna = await a_user(api.graph, "Anna")
    account = await an_account(api.graph, "Ferrand-Lys", anna)
    contact = await a_contact(api.graph, "Helene", account)
    alone = await a_contact(api.graph, "Etienne", creator=anna)
    deal = await an_opportunity(api.graph, "Suivi", account_id=account)
    assert [await readers_of(api.graph, record) for record in (account, contact, alone, deal)] == [[EVERYONE]] * 4


async def test_a_private_account_is_seen_by_its_people_their_teams_its_territory_and_whom_it_is_shared_with(
    private: Graph,
) -> None:
    anna, thomas, olivia = await a_user(private, "Anna"), await a_user(private, "Thomas"), await a_user(private, "O")
    lyon = await a_team(private, "Lyon", anna)
    account = await an_account(private, "Ferrand-Lys", anna)
    await cypher(
        private,
        """MATCH (account:Account {id: $account}), (thomas:User {id: $thomas}), (olivia:User {id: $olivia})
        CREATE (thomas)-[:WORKS_ON {id: 'w', function: 'ENGINEERING'}]->(account),
               (account)-[:IN]->(:Record:Territory {id: 'north', name: 'North', name_key: 'north'}),
               (account)-[:SHARED_WITH]->(olivia)""",
        account=account,
        thomas=thomas.user_id,
        olivia=olivia.user_id,
    )
    await refreshed(private, account_ids=[account])
    assert set(await readers_of(private, account)) == {
        ALL_RECORDS, anna.user_id, lyon, thomas.user_id, "north", olivia.user_id,
    }  # fmt: skip


async def test_contacts_and_deals_take_their_readers_from_the_account(private: Graph) -> None:
    anna, daniel = await a_user(private, "Anna"), await a_user(private, "Daniel")
    ferrand, harrow = await an_account(private, "Ferrand", anna), await an_account(private, "Harrow", daniel)
    rachel = await a_contact(private, "Rachel", ferrand, harrow)
    deal = await an_opportunity(private, "Pilot", account_id=harrow)
    assert set(await readers_of(private, rachel)) == {ALL_RECORDS, anna.user_id, daniel.user_id}
    assert set(await readers_of(private, deal)) == {ALL_RECORDS, daniel.user_id}


async def test_a_contact_without_an_account_is_its_creators_and_a_deal_without_one_its_contacts(
    private: Graph,
) -> None:
    anna, daniel = await a_user(private, "Anna"), await a_user(private, "Daniel")
    lyon = await a_team(private, "Lyon", anna)
    etienne = await a_contact(private, "Etienne", creator=anna)
    deal = await an_opportunity(private, "Advice", contact_id=etienne, owner=daniel)
    assert set(await readers_of(private, etienne)) == {ALL_RECORDS, anna.user_id, lyon}
    assert set(await readers_of(private, deal)) == {ALL_RECORDS, anna.user_id, lyon, daniel.user_id}


async def test_putting_somebody_on_an_account_shows_them_its_contacts_and_deals_at_once(
    api: Api, private: Graph
) -> None:
    anna, marc = await a_user(private, "Anna"), await a_user(private, "Marc")
    account = await an_account(private, "Ferrand", anna)
    contact = await a_contact(private, "Helene", account)
    deal = await an_opportunity(private, "Suivi", account_id=account)
    asked = Assignment(account, marc.user_id, TeamFunction.ENGINEERING)
    await service.assign(private, await signed_in(private, anna), asked)
    for record in (account, contact, deal):
        assert marc.user_id in await readers_of(private, record)
    ended = Assignment(account, marc.user_id, TeamFunction.ENGINEERING, valid_to=private.now().date())
    with pytest.raises(Exception, match="end after it begins"):
        await service.assign(private, anna, ended)
    await cypher(private, "MATCH ()-[part:WORKS_ON]->() SET part.valid_from = date('2020-01-01')")
    await service.assign(private, anna, ended)
    for record in (account, contact, deal):
        assert marc.user_id not in await readers_of(private, record)


async def test_a_new_team_member_sees_the_records_of_the_team_and_a_former_one_no_more(
    api: Api, private: Graph
) -> None:
    anna, sophie = await a_user(private, "Anna"), await a_user(private, "Sophie")
    account = await an_account(private, "Ferrand", anna)
    contact = await a_contact(private, "Etienne", creator=anna)
    team = await service.set_team(private, api.viewer, "Lyon", [anna.user_id, sophie.user_id])
    for record in (account, contact):
        assert set(await readers_of(private, record)) & set((await signed_in(private, sophie)).groups) == {team.id}
    await service.set_team(private, api.viewer, "Lyon", [sophie.user_id])
    for record in (account, contact):
        assert set(await readers_of(private, record)).isdisjoint((await signed_in(private, sophie)).groups)


async def test_administrators_operations_and_privacy_officers_see_private_records_readers_do_not(
    private: Graph,
) -> None:
    account = await an_account(private, "Ferrand", await a_user(private, "Anna"))
    sees = {
        role: not set(await readers_of(private, account)).isdisjoint((await a_user(private, role.value, role)).groups)
        for role in Role
    }
    assert {role for role, seen in sees.items() if seen} == {
        Role.ADMINISTRATOR, Role.OPERATIONS, Role.PRIVACY_OFFICER,
    }  # fmt: skip


async def test_the_setting_is_carried_through_at_the_start_and_back(api: Api) -> None:
    anna = await a_user(api.graph, "Anna")
    account = await an_account(api.graph, "Ferrand", anna)
    contact = await a_contact(api.graph, "Helene", account)
    deal = await an_opportunity(api.graph, "Suivi", account_id=account)
    try:
        assert await service.share_as(api.graph, OrganisationVisibility.PRIVATE) == 3
        assert await service.share_as(api.graph, OrganisationVisibility.PRIVATE) == 0
        for record in (account, contact, deal):
            assert set(await readers_of(api.graph, record)) == {ALL_RECORDS, anna.user_id}
    finally:
        assert await service.share_as(api.graph, OrganisationVisibility.OPEN) == 3
    assert await readers_of(api.graph, deal) == [EVERYONE]


async def test_a_rebuild_that_was_cut_off_is_done_again(api: Api) -> None:
    account = await an_account(api.graph, "Ferrand")
    await cypher(api.graph, "MATCH (ours:Organisation) SET ours.rebuilding = true")
    await cypher(api.graph, "MATCH (account:Account) SET account.readers = ['stale']")
    assert await service.share_as(api.graph, OrganisationVisibility.OPEN) == 1
    assert await readers_of(api.graph, account) == [EVERYONE]


async def test_an_assignment_that_has_ended_shows_no_records_any_more(private: Graph) -> None:
    anna = await a_user(private, "Anna")
    account = await an_account(private, "Ferrand", anna)
    contact = await a_contact(private, "Helene", account)
    await cypher(private, "MATCH ()-[own:OWNS]->() SET own.valid_to = date() - duration({days: 1})")
    assert anna.user_id in await readers_of(private, contact)
    assert await service.keep_up(private) == 2
    assert await readers_of(private, account) == [ALL_RECORDS]
    assert await readers_of(private, contact) == [ALL_RECORDS]
    assert await service.keep_up(private) == 0


async def test_a_seller_changes_what_is_theirs_or_their_teams_and_nothing_else(api: Api) -> None:
    anna, sophie, daniel = [await a_user(api.graph, name) for name in ("Anna", "Sophie", "Daniel")]
    await a_team(api.graph, "Lyon", anna, sophie)
    account = await an_account(api.graph, "Ferrand", anna)
    contact = await a_contact(api.graph, "Helene", account)
    deal = await an_opportunity(api.graph, "Suivi", account_id=account)
    for record in (account, contact, deal):
        able = [
            one.name
            for one in (anna, sophie, daniel)
            if await writes(api.graph, await signed_in(api.graph, one), record)
        ]
        assert able == ["Anna", "Sophie"]


async def test_what_nobody_active_holds_may_be_changed_by_whoever_sees_it(api: Api) -> None:
    anna, daniel = await a_user(api.graph, "Anna"), await a_user(api.graph, "Daniel")
    nobodys, annas = await an_account(api.graph, "Nobody"), await an_account(api.graph, "Ferrand", anna)
    assert await writes(api.graph, daniel, nobodys)
    assert not await writes(api.graph, daniel, annas)
    await cypher(api.graph, "MATCH (user:User {name: 'Anna'}) SET user.active = false")
    assert await writes(api.graph, daniel, annas)


async def test_administrators_operations_and_integrations_change_every_record_they_see(api: Api) -> None:
    account = await an_account(api.graph, "Ferrand", await a_user(api.graph, "Anna"))
    able = {role for role in Role if await writes(api.graph, await a_user(api.graph, role.value, role), account)}
    assert able == {Role.ADMINISTRATOR, Role.OPERATIONS, Role.INTEGRATION}


async def test_a_hidden_record_is_refused_like_a_missing_one(private: Graph) -> None:
    daniel = await a_user(private, "Daniel")
    hidden = await an_account(private, "Ferrand", await a_user(private, "Anna"))
    refusals: list[str] = []
    for record in (hidden, "01900000-0000-7000-8000-00000000ffff"):
        with pytest.raises(NotFound) as refused:
            await writes(private, daniel, record)
        refusals.append(str(refused.value))
    assert refusals[0] == refusals[1]


async def test_a_hidden_account_says_nothing_about_who_may_change_its_contact(private: Graph) -> None:
    anna, daniel = await a_user(private, "Anna"), await a_user(private, "Daniel")
    hidden, visible = await an_account(private, "Hidden", anna), await an_account(private, "Visible", daniel)
    contact = await a_contact(private, "Rachel", hidden, visible)
    assert await writes(private, daniel, contact)


async def test_readers_stay_right_while_shares_and_new_contacts_race(private: Graph) -> None:
    anna, daniel = await a_user(private, "Anna"), await a_user(private, "Daniel")
    account = await an_account(private, "Ferrand", anna)

    async def contact_made(number: int) -> None:
        async def work(write: Write) -> str:
            contact_id = write.new_id()
            await write.run(
                A_CONTACT_AT,
                id=contact_id,
                account_id=account,
                name=f"Contact {number}",
                employment_id=write.new_id(),
            )
            await refresh_readers(write, contact_ids=[contact_id])
            return contact_id

        await private.write(work, anna, Receipt.of("make", number))

    async def shared(number: int) -> None:
        await service.share(private, anna, account, [daniel.user_id] if number % 2 else [])

    for number in range(6):
        await asyncio.gather(shared(number), *(contact_made(10 * number + one) for one in range(3)))
    found = [finding async for finding in examine(private) if finding.invariant.name.startswith("readers")]
    assert all(finding.holds for finding in found)
    rows = await cypher(private, "MATCH (contact:Contact) RETURN count(contact) AS count")
    assert rows == [{"count": 18}]
