"""Users, teams, assignments and shares through the API."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from graph_crm.errors import Conflict, Invalid, NotFound, NotPermitted, Unauthenticated
from graph_crm.language import Language
from graph_crm.team import service
from graph_crm.team.keys import KEY, digest_of
from graph_crm.team.types import NewUser, PastEmployer
from graph_crm.viewer import Permission, Role, maintenance_viewer
from tests.api import Api, a_user
from tests.behind import (
    a_contact,
    a_private_organisation,
    a_team,
    an_account,
    cypher,
    owned,
    readers_of,
    refreshed,
    signed_in,
)

ANNA = {"email": "Anna.Kerr@Ours.example", "name": " Anna  Kerr ", "role": "seller"}


async def test_a_user_is_made_with_a_tidy_name_and_address(api: Api) -> None:
    made = await api.write("createUser", ANNA, "user { displayName email role active teams { name } }")
    assert made["user"] == {
        "displayName": "Anna Kerr", "email": "anna.kerr@ours.example", "role": "SELLER", "active": True, "teams": [],
    }  # fmt: skip


async def test_an_address_belongs_to_one_user(api: Api) -> None:
    await api.write("createUser", ANNA, "user { id }")
    refused = await api.attempt("createUser", {**ANNA, "name": "Another"})
    assert refused["userErrors"] == [
        {
            "code": "DUPLICATE",
            "message": "anna.kerr@ours.example is already the address of Anna Kerr.",
            "field": ["email"],
        }
    ]
    assert await api.count("User") == 2


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"email": "nobody"}, "nobody is not an e-mail address."),
        ({"name": "  "}, "A name has 1 to 200 characters."),
        ({"name": "x" * 201}, "A name has 1 to 200 characters."),
        (
            {"role": "boss"},
            f"There is no role boss. The roles are {', '.join([*Role][:-1])} and INTEGRATION.",
        ),
    ],
)
async def test_a_wrong_user_is_refused_and_nothing_is_written(api: Api, wrong: dict[str, str], message: str) -> None:
    refused = await api.attempt("createUser", {**ANNA, **wrong})
    assert refused["userErrors"][0]["message"] == message
    assert await api.count("User") == 1
    assert await api.count("ChangeEvent") == 0


async def test_a_repeated_creation_answers_the_same_user(api: Api) -> None:
    once = await api.write("createUser", {**ANNA, "idempotencyKey": "k"}, "user { id }")
    again = await api.write("createUser", {**ANNA, "idempotencyKey": "k"}, "user { id }")
    other = await api.attempt("createUser", {**ANNA, "name": "Other", "idempotencyKey": "k"})
    assert once == again
    assert other["userErrors"][0]["code"] == "CONFLICT"
    assert await api.count("User") == 2


async def test_sellers_make_no_users_and_operations_no_administrators(api: Api) -> None:
    seller = await a_user(api.graph, "Seller")
    operations = await a_user(api.graph, "Operations", Role.OPERATIONS)
    by_seller = await api.attempt("createUser", ANNA, viewer=seller)
    by_operations = await api.attempt("createUser", {**ANNA, "role": "ADMINISTRATOR"}, viewer=operations)
    assert [by_seller["userErrors"][0]["code"], by_operations["userErrors"][0]["code"]] == ["NOT_PERMITTED"] * 2
    assert await api.count("User") == 3


async def test_users_are_listed_by_name_page_by_page(api: Api) -> None:
    for name in ("Émile", "Daniel", "anna"):
        await api.write("createUser", {**ANNA, "email": f"{name}@ours.example", "name": name}, "user { id }")
    question = """query($after: String) { users(first: 3, after: $after) {
      totalCount pageInfo { hasNextPage endCursor } edges { node { displayName } } } }"""
    first = (await api.ask(question))["users"]
    assert [edge["node"]["displayName"] for edge in first["edges"]] == ["Ada Admin", "anna", "Daniel"]
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (4, True)
    rest = (await api.ask(question, {"after": first["pageInfo"]["endCursor"]}))["users"]
    assert [edge["node"]["displayName"] for edge in rest["edges"]] == ["Émile"]
    assert not rest["pageInfo"]["hasNextPage"]


async def test_a_list_of_users_asks_for_all_their_teams_at_once(api: Api) -> None:
    people = [await a_user(api.graph, name) for name in ("Anna", "Marc", "Sophie")]
    await a_team(api.graph, "Lyon", *people)
    answer = await api.ask("{ users { edges { node { displayName teams { name members { displayName } } } } } }")
    assert api.queries == ["team/users", "team/teams_of_users", "team/members_of_teams"]
    teams = {edge["node"]["displayName"]: edge["node"]["teams"] for edge in answer["users"]["edges"]}
    assert [member["displayName"] for member in teams["Marc"][0]["members"]] == ["Anna", "Marc", "Sophie"]
    assert teams["Ada Admin"] == []


async def test_whoever_asks_sees_themselves_and_what_they_may_do(api: Api) -> None:
    reader = await a_user(api.graph, "Rita", Role.READER)
    answer = await api.ask("{ viewer { user { displayName role } permissions } }", viewer=reader)
    assert answer["viewer"] == {
        "user": {"displayName": "Rita", "role": "READER"},
        "permissions": ["history:read", "records:read"],
    }


async def test_a_team_is_made_then_its_members_are_replaced(api: Api) -> None:
    anna, marc, sophie = [await a_user(api.graph, name) for name in ("Anna", "Marc", "Sophie")]
    made = await api.write(
        "setTeam", {"name": "Lyon", "memberIds": [anna.user_id, marc.user_id]}, "team { id members { displayName } }"
    )
    assert [member["displayName"] for member in made["team"]["members"]] == ["Anna", "Marc"]
    again = await api.write(
        "setTeam", {"name": "LYON", "memberIds": [sophie.user_id]}, "team { id name members { displayName } }"
    )
    assert again["team"] == {"id": made["team"]["id"], "name": "LYON", "members": [{"displayName": "Sophie"}]}
    assert await api.count("Team") == 1


async def test_a_team_covers_territories_that_stay_until_others_are_named(api: Api) -> None:
    anna = await a_user(api.graph, "Anna")
    team = await service.set_team(
        api.graph, api.viewer, "Lyon", [anna.user_id], territory_names=["Rhône-Alpes", "Bourgogne"]
    )
    await api.write("setTeam", {"name": "Lyon", "memberIds": [anna.user_id]}, "team { id }")
    question = "query($id: ID!) { node(id: $id) { ... on Team { territories { id name } } } }"
    territories = (await api.ask(question, {"id": team.id}))["node"]["territories"]
    assert [territory["name"] for territory in territories] == ["Bourgogne", "Rhône-Alpes"]
    one = [territories[0]["id"]]
    await api.write("setTeam", {"name": "Lyon", "memberIds": [anna.user_id], "territoryIds": one}, "team { id }")
    assert len((await api.ask(question, {"id": team.id}))["node"]["territories"]) == 1
    assert one[0] in (await signed_in(api.graph, anna)).groups


async def test_a_team_with_a_member_who_does_not_exist_is_refused_and_nothing_is_written(api: Api) -> None:
    refused = await api.attempt("setTeam", {"name": "Lyon", "memberIds": ["01900000-0000-7000-8000-00000000ffff"]})
    assert refused["userErrors"][0]["code"] == "NOT_FOUND"
    assert await api.count("Team") == 0


async def test_a_user_stays_active_through_a_last_day_that_is_yet_to_come(api: Api) -> None:
    marc, sophie = await a_user(api.graph, "Marc"), await a_user(api.graph, "Sophie")
    last_day = api.graph.now().date() + dt.timedelta(days=30)
    user = await service.deactivate_user(
        api.graph, api.viewer, marc.user_id, leaves_on=last_day, successor_id=sophie.user_id
    )
    assert (user.active, user.leaves_on, user.successor_id) == (True, last_day, sophie.user_id)
    answer = await api.ask(
        "query($id: ID!) { node(id: $id) { ... on User { active leavesOn successor { displayName } } } }",
        {"id": marc.user_id},
    )
    assert answer["node"] == {
        "active": True, "leavesOn": last_day.isoformat(), "successor": {"displayName": "Sophie"},
    }  # fmt: skip
    await signed_in(api.graph, marc)


async def test_after_the_last_day_nobody_signs_in_and_no_key_works(api: Api) -> None:
    marc = await a_user(api.graph, "Marc")
    key = await service.create_key(api.graph, api.viewer, "marc@ours.example")
    assert await service.find_key(api.graph, key.prefix) is not None
    await cypher(api.graph, "MATCH (user:User {name: 'Marc'}) SET user.leaves_on = date() - duration({days: 1})")
    assert await service.find_key(api.graph, key.prefix) is None
    with pytest.raises(Unauthenticated):
        await signed_in(api.graph, marc)
    assert await service.keep_up(api.graph) == 1
    assert (await cypher(api.graph, "MATCH (user:User {name: 'Marc'}) RETURN user.active AS active")) == [
        {"active": False}
    ]
    assert await changes_of(api, marc.user_id) == ["key.created", "user.deactivated", "key.revoked"]
    assert await service.keep_up(api.graph) == 0
    assert len(await changes_of(api, marc.user_id)) == 3


async def changes_of(api: Api, record_id: str) -> list[str]:
    rows = await cypher(
        api.graph,
        """MATCH (change:ChangeEvent {record_id: $id})
        RETURN change.action AS action ORDER BY change.sequence""",
        id=record_id,
    )
    return [row["action"] for row in rows]


async def test_the_keys_of_whoever_leaves_and_a_new_territory_are_told_as_changes(api: Api) -> None:
    marc = await a_user(api.graph, "Marc")
    await cypher(api.graph, "MATCH (user:User {name: 'Marc'}) SET user.active = false")
    key = await service.create_key(api.graph, api.viewer, "marc@ours.example")
    await service.deactivate_user(api.graph, api.viewer, marc.user_id)
    assert sorted(await changes_of(api, marc.user_id)) == ["key.created", "key.revoked", "user.deactivated"]
    told = await cypher(
        api.graph,
        """MATCH (change:ChangeEvent {record_id: $id})-[:HAS_VALUES]->(kept)
        RETURN kept.values AS told ORDER BY change.sequence""",
        id=marc.user_id,
    )
    assert '"active":true' in told[0]["told"]
    assert key.prefix in told[1]["told"]
    team = await service.set_team(api.graph, api.viewer, "Lyon", [], territory_names=["Bourgogne"])
    await service.set_team(api.graph, api.viewer, "Lyon", [], territory_names=["bourgogne"])
    territories = (await service.territories_of_teams(api.graph, api.viewer, [team.id]))[team.id]
    assert await changes_of(api, territories[0].id) == ["territory.created"]


async def test_somebody_who_left_comes_back_without_their_old_keys(api: Api) -> None:
    marc = await a_user(api.graph, "Marc")
    old = await service.create_key(api.graph, api.viewer, "marc@ours.example")
    await service.deactivate_user(api.graph, api.viewer, marc.user_id)
    with pytest.raises(Conflict, match="Marc left on"):
        await service.create_key(api.graph, api.viewer, "marc@ours.example")
    back = await service.create_user(
        api.graph, api.viewer, NewUser("marc@ours.example", "Marc Tessier", Role.READER, Language.FR)
    )
    assert (back.id, back.active, back.role, back.leaves_on) == (marc.user_id, True, Role.READER, None)
    assert await service.find_key(api.graph, old.prefix) is None


async def test_the_only_administrator_stays(api: Api) -> None:
    with pytest.raises(Conflict, match="Ada Admin is the only administrator"):
        await service.deactivate_user(api.graph, api.viewer, api.viewer.user_id)
    await signed_in(api.graph, api.viewer)
    await a_user(api.graph, "Second", Role.ADMINISTRATOR)
    assert not (await service.deactivate_user(api.graph, api.viewer, api.viewer.user_id)).active


async def test_a_successor_is_another_active_colleague(api: Api) -> None:
    marc = await a_user(api.graph, "Marc")
    with pytest.raises(Invalid, match="another active colleague"):
        await service.deactivate_user(api.graph, api.viewer, marc.user_id, successor_id=marc.user_id)
    await signed_in(api.graph, marc)


async def test_a_key_is_kept_as_a_digest_and_its_text_is_nowhere(api: Api) -> None:
    await a_user(api.graph, "Anna")
    key = await service.create_key(
        api.graph, api.viewer, "anna@ours.example", scopes=frozenset({"records:read"}),
    )  # fmt: skip
    found = KEY.fullmatch(key.text)
    assert found is not None
    record = await service.find_key(api.graph, found[1])
    assert record is not None
    assert (record.digest, record.scopes) == (digest_of(found[2]), frozenset({"records:read"}))
    everything = await cypher(api.graph, "MATCH (node) RETURN collect(properties(node)) AS all")
    assert found[2] not in str(everything)
    viewer = await service.viewer_of_user(api.graph, user_id=record.user_id, scopes=record.scopes)
    assert viewer.permissions == {Permission.READ_RECORDS}


async def test_a_revoked_key_is_found_no_more(api: Api) -> None:
    await a_user(api.graph, "Anna")
    key = await service.create_key(api.graph, api.viewer, "anna@ours.example")
    await service.revoke_key(api.graph, api.viewer, key.prefix)
    assert await service.find_key(api.graph, key.prefix) is None
    shown = await service.keys(api.graph, api.viewer)
    assert [(one.prefix, one.revoked_at is not None) for one in shown] == [(key.prefix, True)]


async def test_the_first_key_of_somebody_imported_makes_them_active(api: Api) -> None:
    user = await a_user(api.graph, "Imported")
    await cypher(api.graph, "MATCH (user:User {name: 'Imported'}) SET user.active = false")
    with pytest.raises(Unauthenticated):
        await signed_in(api.graph, user)
    await service.create_key(api.graph, api.viewer, "imported@ours.example")
    await signed_in(api.graph, user)


async def test_the_key_of_an_integration_says_what_it_may_do(api: Api) -> None:
    robot = await a_user(api.graph, "Robot", Role.INTEGRATION)
    with pytest.raises(Invalid, match="give its scopes"):
        await service.create_key(api.graph, api.viewer, "robot@ours.example")
    assert (await service.viewer_of_user(api.graph, user_id=robot.user_id)).permissions == frozenset()
    limited = await service.viewer_of_user(api.graph, user_id=robot.user_id, scopes=frozenset({"ties:write"}))
    assert limited.permissions == {Permission.STATE_TIES}


async def test_nobody_gives_a_key_that_may_do_more_than_they_may(api: Api) -> None:
    operations = await a_user(api.graph, "Operations", Role.OPERATIONS)
    with pytest.raises(NotPermitted):
        await service.create_key(api.graph, operations, "ada.admin@ours.example")
    assert await api.count("ApiKey") == 0


async def test_an_assignment_of_somebody_unknown_is_refused_and_nothing_is_written(api: Api) -> None:
    account = await an_account(api.graph, "Ferrand")
    refused = await api.attempt(
        "assign",
        {"recordId": account, "userId": "01900000-0000-7000-8000-00000000ffff", "function": "ACCOUNT_MANAGER"},
    )
    assert refused["userErrors"][0]["code"] == "NOT_FOUND"
    assert await cypher(api.graph, "MATCH ()-[own:OWNS|WORKS_ON]->() RETURN count(own) AS count") == [{"count": 0}]


async def test_a_seller_assigns_nobody_to_what_belongs_to_others(api: Api) -> None:
    anna, daniel = await a_user(api.graph, "Anna"), await a_user(api.graph, "Daniel")
    account = await an_account(api.graph, "Ferrand", anna)
    asked = {"recordId": account, "userId": daniel.user_id, "function": "ACCOUNT_MANAGER"}
    refused = await api.attempt("assign", asked, viewer=daniel)
    assert refused["userErrors"][0]["code"] == "NOT_PERMITTED"
    team = await service.team_of_records(api.graph, api.viewer, [account])
    assert [member.user.name for member in team[account]] == ["Anna"]
    await api.write("assign", asked, "clientMutationId", viewer=anna)
    team = await service.team_of_records(api.graph, api.viewer, [account])
    assert [(member.user.name, member.owns) for member in team[account]] == [("Daniel", True)]


async def test_the_team_of_a_record_has_a_past(api: Api) -> None:
    anna = await a_user(api.graph, "Anna")
    account = await an_account(api.graph, "Ferrand", anna)
    now = api.graph.now()
    before = await service.team_of_records(api.graph, api.viewer, [account], as_of=now - dt.timedelta(days=40))
    since = await service.team_of_records(api.graph, api.viewer, [account], as_of=now - dt.timedelta(days=20))
    assert before == {}
    assert [member.user.name for member in since[account]] == ["Anna"]


async def test_a_share_shows_a_private_record_and_ending_it_hides_it_again(api: Api) -> None:
    async with a_private_organisation(api.graph):
        anna, daniel = await a_user(api.graph, "Anna"), await a_user(api.graph, "Daniel")
        account = await an_account(api.graph, "Ferrand", anna)
        await service.share(api.graph, anna, account, [daniel.user_id])
        assert daniel.user_id in await readers_of(api.graph, account)
        refused = await api.attempt("share", {"recordId": account, "withIds": ["everyone"]}, viewer=anna)
        assert refused["userErrors"][0]["code"] == "NOT_FOUND"
        assert daniel.user_id in await readers_of(api.graph, account)
        await service.share(api.graph, anna, account, [])
        assert daniel.user_id not in await readers_of(api.graph, account)


async def test_the_teams_of_a_territory_see_its_accounts(api: Api) -> None:
    async with a_private_organisation(api.graph):
        anna, daniel = await a_user(api.graph, "Anna"), await a_user(api.graph, "Daniel")
        account = await an_account(api.graph, "Ferrand", anna)
        north = {"name": "North", "memberIds": [daniel.user_id], "territoryNames": ["Nord", "Île-de-France"]}
        made = await api.write("setTeam", north, "team { territories { id name } }")
        names = [territory["name"] for territory in made["team"]["territories"]]
        assert names == ["Île-de-France", "Nord"]

        async def seen() -> bool:
            asked = f'{{ account(by: {{id: "{account}"}}) {{ territories {{ name }} }} }}'
            found = (await api.ask(asked, viewer=await signed_in(api.graph, daniel)))["account"]
            assert found in (None, {"territories": [{"name": "Nord"}]})
            return found is not None

        placed = {"accountId": account, "territoryNames": ["NORD"], "idempotencyKey": "once"}
        selection = "record { ... on Account { version territories { name } } }"
        assert not await seen()
        for _ in range(2):
            answer = await api.write("setTerritories", placed, selection)
            assert answer["record"] == {"version": 2, "territories": [{"name": "Nord"}]}
        assert await seen()
        refused = await api.attempt("setTerritories", placed | {"idempotencyKey": None}, viewer=anna)
        assert refused["userErrors"][0]["code"] == "NOT_PERMITTED"
        nowhere = {"accountId": account, "territoryNames": []}
        assert (await api.write("setTerritories", nowhere, selection))["record"]["territories"] == []
        assert not await seen()
        contact = await a_contact(api.graph, "Vera")
        for wrong in (contact, "01900000-0000-7000-8000-00000000ffff"):
            refused = await api.attempt("setTerritories", placed | {"accountId": wrong, "idempotencyKey": None})
            assert refused["userErrors"][0]["code"] == "NOT_FOUND"


async def test_a_hidden_record_is_shared_and_assigned_like_a_missing_one(api: Api) -> None:
    missing = "01900000-0000-7000-8000-00000000ffff"
    async with a_private_organisation(api.graph):
        anna, daniel = await a_user(api.graph, "Anna"), await a_user(api.graph, "Daniel")
        hidden = await an_account(api.graph, "Ferrand", anna)
        for mutation, more in (
            ("share", {"withIds": [daniel.user_id]}),
            ("assign", {"userId": daniel.user_id, "function": "SUPPORT"}),
        ):
            answers = [
                await api.attempt(mutation, {"recordId": record, **more}, viewer=daniel)
                for record in (hidden, missing)
            ]
            assert answers[0] == answers[1]
            assert answers[0]["userErrors"][0]["code"] == "NOT_FOUND"
        assert daniel.user_id not in await readers_of(api.graph, hidden)


async def test_the_accounts_of_a_user_are_those_the_viewer_may_see(api: Api) -> None:
    async with a_private_organisation(api.graph):
        anna, daniel = await a_user(api.graph, "Anna"), await a_user(api.graph, "Daniel")
        hers = [await an_account(api.graph, name, anna) for name in ("Beta", "Alpha")]
        await owned(api.graph, hers[0], daniel)

        async def seen(viewer: str) -> list[str]:
            who = await service.viewer_of_user(api.graph, email=viewer)
            return (await service.accounts_of_user(api.graph, who, anna.user_id)).rows

        await refreshed(api.graph, account_ids=hers)
        assert await seen("anna@ours.example") == [hers[1], hers[0]]
        assert await seen("daniel@ours.example") == [hers[0]]


async def test_an_account_is_of_its_future_owner_from_their_first_day_on(api: Api) -> None:
    anna, daniel = await a_user(api.graph, "Anna"), await a_user(api.graph, "Daniel")
    account = await an_account(api.graph, "Ferrand", anna)
    pilot = {"name": "Pilot", "accountId": account, "ownerId": anna.user_id}
    deal = (await api.write("createOpportunity", pilot, "opportunity { id }"))["opportunity"]["id"]
    later = {"userId": daniel.user_id, "validFrom": (api.graph.now().date() + dt.timedelta(days=7)).isoformat()}
    await api.write("assign", later | {"recordId": account, "function": "ACCOUNT_MANAGER"}, "record { id }")
    await api.write("assign", later | {"recordId": deal, "function": "ACCOUNT_EXECUTIVE"}, "record { id }")
    of = """query($user: ID!) {
      accounts(where: {ownerId: {eq: $user}}) { totalCount }
      opportunities(where: {ownerId: {eq: $user}}) { totalCount edges { node { owner { displayName } } } }
      node(id: $user) { ... on User { accounts { totalCount edges { node { name } } } } } }"""
    assert await api.ask(of, {"user": daniel.user_id}) == {
        "accounts": {"totalCount": 0},
        "opportunities": {"totalCount": 0, "edges": []},
        "node": {"accounts": {"totalCount": 0, "edges": []}},
    }
    assert await api.ask(of, {"user": anna.user_id}) == {
        "accounts": {"totalCount": 1},
        "opportunities": {"totalCount": 1, "edges": [{"node": {"owner": {"displayName": "Anna"}}}]},
        "node": {"accounts": {"totalCount": 1, "edges": [{"node": {"name": "Ferrand"}}]}},
    }


async def test_the_machine_itself_owns_nothing(api: Api) -> None:
    viewer = maintenance_viewer()
    user = await service.create_user(api.graph, viewer, NewUser("first@ours.example", "First", Role.ADMINISTRATOR))
    assert user.role is Role.ADMINISTRATOR


async def test_the_viewers_accounts_come_with_the_cursors_of_their_list(api: Api) -> None:
    anna = await a_user(api.graph, "Anna")
    for name in ("Beta", "Alpha", "Gamma"):
        await an_account(api.graph, name, anna)
    question = """query($after: String) { viewer { accounts(first: 2, after: $after) {
      totalCount pageInfo { hasNextPage endCursor } edges { node { name } } } } }"""
    first = (await api.ask(question, viewer=anna))["viewer"]["accounts"]
    assert [edge["node"]["name"] for edge in first["edges"]] == ["Alpha", "Beta"]
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"]) == (3, True)
    rest = (await api.ask(question, {"after": first["pageInfo"]["endCursor"]}, viewer=anna))["viewer"]["accounts"]
    assert [edge["node"]["name"] for edge in rest["edges"]] == ["Gamma"]


async def test_an_assignment_answers_the_record_itself(api: Api) -> None:
    account = await an_account(api.graph, "Ferrand")
    answered = await api.write(
        "assign",
        {"recordId": account, "userId": api.viewer.user_id, "function": "ACCOUNT_MANAGER"},
        "record { id ... on Account { name } }",
    )
    assert answered["record"] == {"id": account, "name": "Ferrand"}


async def test_one_of_ours_has_past_employers_who_are_seen(api: Api) -> None:
    anna = await a_user(api.graph, "Anna")
    account = await an_account(api.graph, "Ferrand")
    past = PastEmployer(anna.user_id, account, dt.date(2015, 1, 1), dt.date(2019, 1, 1), title="Consultant")
    await service.add_past_employer(api.graph, api.viewer, past)
    found = await cypher(
        api.graph, "MATCH (user:User)-[past:WORKS_AT]->(:Account) RETURN user.name AS name, past.title AS title"
    )
    assert found == [{"name": "Anna", "title": "Consultant"}]
    with pytest.raises(NotFound):
        await service.add_past_employer(api.graph, api.viewer, dataclasses.replace(past, account_id="missing"))
    with pytest.raises(Invalid):
        await service.add_past_employer(
            api.graph, api.viewer, dataclasses.replace(past, valid_to=dt.date(2015, 1, 1))
        )
    found = await cypher(api.graph, "MATCH ()-[past:WORKS_AT]->() RETURN count(past) AS count")
    assert found == [{"count": 1}]
