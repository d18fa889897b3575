"""Warm paths and who knows whom through the API, on a real database."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from graph_crm.errors import ErrorCode
from graph_crm.graph.identity import new_id
from graph_crm.language import Language
from graph_crm.ties.strength import epoch_days
from graph_crm.viewer import PERMISSIONS, Permission, Role, Viewer
from tests.api import Api, a_user
from tests.behind import a_contact, a_private_organisation, a_team, an_account, an_opportunity, cypher, refreshed

NOW = dt.datetime.now(dt.UTC)

PATHS = """
query($to: PathTargetInput!, $from: PathFrom! = ANYONE, $teamId: ID, $maxHops: Int! = 3, $first: Int! = 5,
    $minStrength: Float! = 0.05, $diversify: Boolean! = true, $asOf: DateTime) {
  warmPaths(to: $to, from: $from, teamId: $teamId, maxHops: $maxHops, first: $first, minStrength: $minStrength,
      diversify: $diversify, asOf: $asOf) {
    exact parametersVersion sentence
    paths { rank score band hops alternatives explanation
      askUser { displayName } introducer { displayName } target { id displayName }
      weakestStep { strength }
      steps { strength contribution grade willingness from { __typename displayName } to { displayName } } } } }
"""

ONLY_PATHS = """
query($to: PathTargetInput!, $from: PathFrom! = ANYONE, $maxHops: Int! = 3, $first: Int! = 5, $asOf: DateTime) {
  warmPaths(to: $to, from: $from, maxHops: $maxHops, first: $first, asOf: $asOf) {
    exact sentence paths { score explanation steps { strength } } } }
"""


async def knows(api: Api, one: str, other: str, strength: float | None = None, **more: Any) -> None:
    """A tie of that strength, set by hand, or with the properties given."""
    first, second = sorted((one, other))
    given = {"visibility": "SHARED", "count": 0, "override": strength, **more}
    await cypher(
        api.graph,
        """MATCH (first:Person {id: $first}), (second:Person {id: $second})
        CREATE (first)-[tie:KNOWS {id: $id, key: $first + ':' + $second}]->(second)
        SET tie += $given, first.degree = first.degree + 1, second.degree = second.degree + 1""",
        first=first,
        second=second,
        id=new_id(),
        given=given,
    )


async def stands(api: Api, scope: str, contact: str, stance: str, **part: Any) -> None:
    """The contact has a part in a deal or an account plan, with that stance since a year."""
    await cypher(
        api.graph,
        """MATCH (scope:Record {id: $scope}), (contact:Contact {id: $contact})
        CREATE (scope)-[:HAS_STAKEHOLDER]->(stakeholder:Record:Stakeholder {id: $id, key: $scope + ':' + $contact,
          version: 1, created_at: $since, updated_at: $since})
        CREATE (stakeholder)-[:IS]->(contact)
        SET stakeholder += $part
        CREATE (stakeholder)-[:ASSESSED]->(assessment:Record:Assessment {id: $id + ':1', roles: [], stance: $stance,
          influence_level: 'UNKNOWN', confidence: 0.5, is_primary: false, valid_from: $since, recorded_at: $since})
        CREATE (stakeholder)-[:CURRENT]->(assessment)""",
        scope=scope,
        contact=contact,
        id=new_id(),
        stance=stance,
        since=NOW - dt.timedelta(days=365),
        part=part,
    )


async def ranked(api: Api, contact: str, seniority: str) -> None:
    await cypher(
        api.graph,
        "MATCH (:Contact {id: $contact})-[job:WORKS_AT]->() SET job.seniority = $seniority",
        contact=contact,
        seniority=seniority,
    )


class Worked:
    """The worked graph of the documentation, as records: me, Ana, Bob, Cat, Dan, Eve and Zoe."""

    def __init__(self, api: Api, me: Viewer, people: dict[str, str], accounts: dict[str, str]) -> None:
        self.api, self.me, self.people, self.accounts = api, me, people, accounts

    async def paths(self, **given: Any) -> dict[str, Any]:
        viewer = given.pop("viewer", self.me)
        document = given.pop("document", PATHS)
        variables = {"to": {"contactId": self.people["Zoe"]}, "from": "ME", **given}
        return (await self.api.ask(document, variables, viewer=viewer))["warmPaths"]


TIES = {
    "me Ana": 0.9,
    "me Bob": 0.6,
    "Ana Cat": 0.7,
    "Bob Cat": 0.8,
    "Bob Dan": 0.5,
    "Ana Dan": 0.4,
    "Cat Zoe": 0.6,
    "Dan Zoe": 0.9,
    "me Eve": 0.9,
    "Eve Zoe": 0.95,
    "me Zoe": 0.1,
}

RANKS = {"Ana": "DIRECTOR", "Bob": "MANAGER", "Cat": "VP", "Dan": "INDIVIDUAL_CONTRIBUTOR", "Zoe": "C_LEVEL"}


@pytest.fixture
async def worked(api: Api) -> Worked:
    me = await a_user(api.graph, "Mia Me")
    elsewhere, target = await an_account(api.graph, "Elsewhere"), await an_account(api.graph, "Target")
    people = {name: await a_contact(api.graph, name, elsewhere) for name in ("Ana", "Bob", "Cat", "Dan", "Eve")}
    people |= {"Zoe": await a_contact(api.graph, "Zoe", target), "me": me.user_id}
    for pair, strength in TIES.items():
        one, other = pair.split()
        await knows(api, people[one], people[other], strength)
    for name, rank in RANKS.items():
        await ranked(api, people[name], rank)
    old_deal = await an_opportunity(api.graph, "Old deal", account_id=elsewhere)
    await stands(api, old_deal, people["Ana"], "CHAMPION")
    await stands(api, old_deal, people["Bob"], "NEUTRAL", willing_to_introduce=1.0)
    await stands(api, old_deal, people["Cat"], "SUPPORTER")
    await stands(api, target, people["Eve"], "BLOCKER")
    return Worked(api, me, people, {"elsewhere": elsewhere, "target": target})


def chains(found: dict[str, Any]) -> list[str]:
    """The people after whoever asks, path by path."""
    return ["-".join(step["to"]["displayName"] for step in path["steps"]) for path in found["paths"]]


def scores(found: dict[str, Any]) -> list[float]:
    return [path["score"] for path in found["paths"]]


async def test_the_worked_graph_gives_its_five_paths_to_six_decimals(worked: Worked) -> None:
    found = await worked.paths(diversify=False)
    assert chains(found) == ["Ana-Cat-Zoe", "Bob-Cat-Zoe", "Ana-Dan-Zoe", "Zoe", "Bob-Dan-Zoe"]
    assert scores(found) == pytest.approx([0.229824, 0.175104, 0.116122, 0.1, 0.096768], abs=1e-6)
    assert (found["exact"], found["sentence"], found["parametersVersion"]) == (True, None, "ties-1 paths-1")
    assert [path["band"] for path in found["paths"]] == ["LUKEWARM", "LUKEWARM", "COLD", "COLD", "COLD"]
    best = found["paths"][0]
    assert (best["introducer"]["displayName"], best["askUser"]) == ("Cat", None)
    assert best["weakestStep"]["strength"] == 0.6
    assert best["steps"][0]["from"] == {"__typename": "User", "displayName": "Mia Me"}
    assert "Cat, supporter of “Old deal” at Elsewhere, knows Zoe (0.60)" in best["explanation"]


async def test_unlike_paths_come_forward(worked: Worked) -> None:
    found = await worked.paths()
    assert chains(found) == ["Ana-Cat-Zoe", "Bob-Cat-Zoe", "Zoe", "Ana-Dan-Zoe", "Bob-Dan-Zoe"]


async def test_the_explanation_is_in_the_language_of_whoever_asks(worked: Worked) -> None:
    french = Viewer(worked.me.user_id, "Mia Me", Role.SELLER, PERMISSIONS[Role.SELLER], worked.me.groups, Language.FR)
    best = (await worked.paths(viewer=french))["paths"][0]
    assert "connaît Zoe (0,60)" in best["explanation"]


async def test_without_judgements_nobody_is_more_willing_and_nobody_is_left_out(worked: Worked) -> None:
    may = frozenset(PERMISSIONS[Role.SELLER] - {Permission.READ_JUDGEMENTS})
    blind = Viewer(worked.me.user_id, "Mia Me", Role.SELLER, may, worked.me.groups)
    found = await worked.paths(viewer=blind, diversify=False)
    assert chains(found)[0] == "Eve-Zoe"
    between = {step["willingness"] for path in found["paths"] for step in path["steps"][1:]}
    assert between == {0.8}


async def test_into_an_account_any_of_its_people_will_do(worked: Worked) -> None:
    found = await worked.paths(to={"accountId": worked.accounts["target"]}, diversify=False)
    assert chains(found)[0] == "Ana-Cat-Zoe"
    assert 0.5 * 0.229824 < found["paths"][0]["score"] < 0.229824
    await worked.paths(document=ONLY_PATHS, to={"accountId": worked.accounts["target"]})
    assert worked.api.queries == ["stakeholders/map", "paths/ends", "paths/middle", "paths/people"]


async def test_paths_take_few_statements(worked: Worked) -> None:
    await worked.paths(document=ONLY_PATHS)
    assert worked.api.queries == ["paths/ends", "paths/middle", "paths/people"]
    await worked.paths(document=ONLY_PATHS, maxHops=4)
    assert worked.api.queries == ["paths/ends", "paths/expansion", "paths/middle", "paths/people"]
    await worked.paths(document=ONLY_PATHS, **{"from": "ANYONE"})
    assert set(worked.api.queries) == {"paths/ends", "paths/expansion", "paths/people"}
    assert len(worked.api.queries) <= 7


async def test_what_is_hidden_changes_nothing(worked: Worked) -> None:
    api = worked.api
    async with a_private_organisation(api.graph):
        for contact in worked.people.values():
            await refreshed(api.graph, contact_ids=[contact])
        stranger = await a_user(api.graph, "Sam Stranger")
        groups = (*worked.me.groups, stranger.user_id)
        seer = Viewer(worked.me.user_id, "Mia Me", Role.SELLER, PERMISSIONS[Role.SELLER], groups)
        await cypher(
            api.graph,
            "MATCH (record:Record) WHERE record.readers IS NOT NULL SET record.readers = [$group]",
            group=stranger.user_id,
        )
        before = await worked.paths(viewer=seer, diversify=False)
        assert chains(before)[0] == "Ana-Cat-Zoe"
        secret = await an_account(api.graph, "Secret")
        hidden = await a_contact(api.graph, "Hidden", secret)
        await knows(api, worked.me.user_id, hidden, 1.0)
        await knows(api, hidden, worked.people["Zoe"], 1.0)
        await stands(api, secret, worked.people["Cat"], "BLOCKER")
        await cypher(
            api.graph,
            """MATCH (secret:Account {id: $secret}), (contact:Contact) WHERE contact.id IN $ids
            SET secret.is_competitor = true
            CREATE (contact)-[:WORKS_AT {id: randomUUID(), is_primary: true, seniority: 'C_LEVEL'}]->(secret)""",
            secret=secret,
            ids=[worked.people["Cat"], worked.people["Zoe"]],
        )
        after = await worked.paths(viewer=seer, diversify=False)
        assert after == before


async def test_a_target_that_is_hidden_or_missing_gives_null(worked: Worked) -> None:
    api = worked.api
    assert await worked.paths(to={"contactId": new_id()}) is None
    async with a_private_organisation(api.graph):
        await cypher(api.graph, "MATCH (zoe:Contact {id: $id}) SET zoe.readers = []", id=worked.people["Zoe"])
        assert await worked.paths() is None
        knowing = "query($id: ID!) { whoKnows(contactId: $id) { totalCount } }"
        assert (await api.ask(knowing, {"id": worked.people["Zoe"]}))["whoKnows"] is None


async def test_a_path_leaves_our_organisation_once(api: Api) -> None:
    me, ian = await a_user(api.graph, "Mia Me"), await a_user(api.graph, "Ian Ours")
    bo, zoe = await a_contact(api.graph, "Bo"), await a_contact(api.graph, "Zoe")
    await knows(api, me.user_id, bo, 0.9)
    await knows(api, bo, ian.user_id, 0.9)
    await knows(api, ian.user_id, zoe, 0.9)
    asked = {"to": {"contactId": zoe}, "from": "ME", "maxHops": 4}
    found = (await api.ask(PATHS, asked, viewer=me))["warmPaths"]
    assert chains(found) == ["Ian Ours-Zoe"]
    assert found["paths"][0]["score"] == pytest.approx(0.5 * 0.8 * 0.9)
    assert found["paths"][0]["askUser"]["displayName"] == "Ian Ours"
    anyone = (await api.ask(PATHS, asked | {"from": "ANYONE"}, viewer=me))["warmPaths"]
    assert [path["hops"] for path in anyone["paths"]] == [1]


async def test_whoever_wants_to_be_asked_first_is_not_named(api: Api) -> None:
    me = await a_user(api.graph, "Mia Me")
    karim, inez, olga = [await a_user(api.graph, name) for name in ("Karim Haddad", "Inez Two", "Olga Three")]
    await a_team(api.graph, "Direction", karim, inez, olga)
    zoe = await a_contact(api.graph, "Zoe")
    await knows(api, karim.user_id, zoe, 0.9, visibility="EXISTS_BUT_ASK", owner_id=karim.user_id)
    await knows(api, olga.user_id, zoe, 0.8, visibility="PRIVATE", owner_id=olga.user_id)
    result = await api.execute(PATHS, {"to": {"contactId": zoe}}, viewer=me)
    assert "Karim" not in str(result.data)
    assert karim.user_id not in str(result.data)
    (path,) = result.data["warmPaths"]["paths"]
    assert path["steps"][0]["from"] == {"__typename": "HiddenPerson", "displayName": "a colleague in Direction"}
    assert path["askUser"] is None
    assert path["explanation"] == "A colleague in Direction knows Zoe (strong) and prefers to be asked first."
    mine = (await api.ask(PATHS, {"to": {"contactId": zoe}}, viewer=karim))["warmPaths"]
    assert mine["paths"][0]["askUser"]["displayName"] == "Karim Haddad"
    hers = (await api.ask(PATHS, {"to": {"contactId": zoe}}, viewer=olga))["warmPaths"]
    assert len(hers["paths"]) == 2


async def test_from_a_team_only_its_members_start(api: Api) -> None:
    ian, jo = await a_user(api.graph, "Ian Ours"), await a_user(api.graph, "Jo Ours")
    lyon = await a_team(api.graph, "Lyon", ian)
    zoe = await a_contact(api.graph, "Zoe")
    await knows(api, ian.user_id, zoe, 0.5)
    await knows(api, jo.user_id, zoe, 0.9)
    asked = {"to": {"contactId": zoe}, "from": "TEAM", "teamId": lyon}
    found = (await api.ask(PATHS, asked))["warmPaths"]
    assert scores(found) == [0.5]


async def test_the_past_is_told_from_what_had_happened_by_then(api: Api) -> None:
    ian = await a_user(api.graph, "Ian Ours")
    zoe = await a_contact(api.graph, "Zoe")
    for days_ago in (100, 10):
        at = NOW - dt.timedelta(days=days_ago)
        await cypher(
            api.graph,
            """MATCH (ours:User {id: $ours}), (theirs:Contact {id: $theirs})
            CREATE (meeting:Record:Interaction {id: $id, type: 'MEETING', status: 'HELD', occurred_at: $at})
            CREATE (ours)-[:TOOK_PART_IN {role: 'ORGANIZER'}]->(meeting),
                   (theirs)-[:TOOK_PART_IN {role: 'ATTENDEE'}]->(meeting)""",
            ours=ian.user_id,
            theirs=zoe,
            id=new_id(),
            at=at,
        )
    fed = epoch_days(NOW - dt.timedelta(days=10))
    met = 4 + 4 * 2 ** (-1)
    await knows(api, ian.user_id, zoe, None, mutual=met, out=0.0, at=fed, last_at=fed, count=2, **{"in": 0.0})
    before = NOW - dt.timedelta(days=100 - 90)
    then = NOW - dt.timedelta(days=55)
    asked = {"to": {"contactId": zoe}}
    earlier = (await api.ask(PATHS, asked | {"asOf": then.isoformat()}))["warmPaths"]
    assert scores(earlier) == pytest.approx([1 - 2.718281828459045 ** (-4 * 2 ** (-45 / 90) / 5)], abs=1e-6)
    assert "45 days ago" in earlier["paths"][0]["explanation"]
    later = (await api.ask(PATHS, asked | {"asOf": before.isoformat()}))["warmPaths"]
    assert scores(later) == pytest.approx([1 - 2.718281828459045 ** (-met / 5)], abs=1e-6)
    never = (await api.ask(PATHS, asked | {"asOf": (NOW - dt.timedelta(days=300)).isoformat()}))["warmPaths"]
    assert never["paths"] == []


async def test_an_empty_answer_says_what_to_try(api: Api) -> None:
    me = await a_user(api.graph, "Mia Me")
    zoe = await a_contact(api.graph, "Zoe")
    found = (await api.ask(PATHS, {"to": {"contactId": zoe}, "from": "ME"}, viewer=me))["warmPaths"]
    assert (found["paths"], found["exact"]) == ([], True)
    assert found["sentence"] == (
        "No introduction to Zoe within 3 steps. Widen with --from anyone, or record who you know."
    )


async def test_a_cold_answer_names_the_day_to_ask_for(api: Api) -> None:
    ian = await a_user(api.graph, "Ian Ours")
    zoe = await a_contact(api.graph, "Zoe")
    await knows(api, ian.user_id, zoe, 0.1)
    day = NOW - dt.timedelta(days=200)
    await cypher(
        api.graph,
        """MATCH (zoe:Contact {id: $zoe})
        CREATE (:Record:Interaction {id: $id, type: 'CALL', status: 'HELD', occurred_at: $day})
          <-[:TOOK_PART_IN {role: 'ATTENDEE'}]-(zoe)""",
        zoe=zoe,
        id=new_id(),
        day=day,
    )
    found = (await api.ask(PATHS, {"to": {"contactId": zoe}}))["warmPaths"]
    assert f"(--as-of {day.date().isoformat()})" in found["sentence"]
    await api.ask(ONLY_PATHS, {"to": {"contactId": zoe}})
    assert api.queries == ["paths/ends", "paths/people"]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"maxHops": 0}, ErrorCode.INVALID),
        ({"maxHops": 5}, ErrorCode.INVALID),
        ({"first": 0}, ErrorCode.INVALID),
        ({"minStrength": 2.0}, ErrorCode.INVALID),
        ({"teamId": "01900000-0000-7000-8000-00000000dead"}, ErrorCode.INVALID),
        ({"from": "TEAM"}, ErrorCode.INVALID),
        ({"from": "TEAM", "teamId": "01900000-0000-7000-8000-00000000dead"}, ErrorCode.NOT_FOUND),
    ],
)
async def test_what_cannot_be_right_is_refused(api: Api, wrong: dict[str, Any], code: ErrorCode) -> None:
    refusal = await api.refusal(PATHS, {"to": {"contactId": new_id()}, **wrong})
    assert refusal.code is code


LEFT = """
query($id: ID!, $asOf: DateTime) {
  whoKnows(contactId: $id, asOf: $asOf) { totalCount }
  warmPaths(to: {contactId: $id}, asOf: $asOf) { paths { askUser { displayName } } } }
"""


@pytest.mark.parametrize(
    ("active", "last_days_ago", "today"), [(False, 10, 0), (False, 0, 0), (True, 0, 1), (True, -5, 1)]
)
async def test_a_colleague_counts_until_the_last_day(api: Api, active: bool, last_days_ago: int, today: int) -> None:
    leaver = await a_user(api.graph, "Lea Leaver")
    zoe = await a_contact(api.graph, "Zoe")
    await knows(api, leaver.user_id, zoe, stated_level="STRONG", stated_at=epoch_days(NOW) - 100)
    await cypher(
        api.graph,
        "MATCH (user:User {id: $id}) SET user.active = $active, user.leaves_on = $last",
        id=leaver.user_id,
        active=active,
        last=(NOW - dt.timedelta(days=last_days_ago)).date(),
    )
    moments: list[tuple[dt.datetime | None, int]] = [(None, today), (NOW - dt.timedelta(days=20), 1)]
    if last_days_ago > 0:
        last = NOW - dt.timedelta(days=last_days_ago)
        moments += [(last, 1), (last + dt.timedelta(days=1), 0)]
    for moment, count in moments:
        found = await api.ask(LEFT, {"id": zoe, "asOf": moment and moment.isoformat()})
        assert found["whoKnows"]["totalCount"] == count
        assert [path["askUser"]["displayName"] for path in found["warmPaths"]["paths"]] == ["Lea Leaver"] * count


# ------------------------------------------------------------------------------------------ who knows whom

KNOWING = """
query($id: ID!, $from: PathFrom! = ANYONE, $first: Int! = 20, $after: String) {
  whoKnows(contactId: $id, from: $from, first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    edges { node { strength from { displayName } to { displayName } } } } }
"""


async def test_who_knows_a_contact_strongest_first(api: Api) -> None:
    me, ian, jo, gone = [await a_user(api.graph, name) for name in ("Mia Me", "Ian Ours", "Jo Ours", "Gone Away")]
    await cypher(api.graph, "MATCH (user:User {id: $id}) SET user.active = false", id=gone.user_id)
    zoe, other = await a_contact(api.graph, "Zoe"), await a_contact(api.graph, "Other")
    await knows(api, me.user_id, zoe, 0.5, last_at=10.0)
    await knows(api, ian.user_id, zoe, 0.5, last_at=20.0)
    await knows(api, jo.user_id, zoe, 0.9)
    await knows(api, gone.user_id, zoe, 1.0)
    await knows(api, other, zoe, 1.0)

    async def names(**given: Any) -> list[str]:
        found = (await api.ask(KNOWING, {"id": zoe, **given}, viewer=me))["whoKnows"]
        return [edge["node"]["from"]["displayName"] for edge in found["edges"]]

    assert await names() == ["Jo Ours", "Ian Ours", "Mia Me"]
    assert await names(**{"from": "ME"}) == ["Mia Me"]
    assert await names(**{"from": "TEAM"}) == []
    await a_team(api.graph, "Lyon", me, jo)
    assert await names(**{"from": "TEAM"}) == ["Jo Ours", "Mia Me"]
    page = (await api.ask(KNOWING, {"id": zoe, "first": 2}, viewer=me))["whoKnows"]
    assert (page["totalCount"], page["pageInfo"]["hasNextPage"]) == (3, True)
    assert await names(first=2, after=page["pageInfo"]["endCursor"]) == ["Mia Me"]
