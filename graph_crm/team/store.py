"""Questions about our own side, one short function for each statement."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from graph_crm.changes.types import RecordType
from graph_crm.graph.client import Graph
from graph_crm.graph.folding import fold, search_folded, search_text
from graph_crm.graph.query import Nothing, Query, query
from graph_crm.graph.write import Write
from graph_crm.language import Language
from graph_crm.settings import OrganisationVisibility
from graph_crm.team.assignments import Dated, Fresh, Held
from graph_crm.team.keys import KeyRecord, NewKey
from graph_crm.team.types import NewUser, OurUser, PastEmployer, Seen, ShownKey, Team, TeamMember, Territory
from graph_crm.viewer import Groups, Role


@dataclass(frozen=True, slots=True)
class Made:
    id: str


@dataclass(frozen=True, slots=True)
class Counted:
    count: int


@dataclass(frozen=True, slots=True)
class SignedIn:
    user_id: str
    name: str
    role: Role
    language: Language
    team_ids: list[str]
    territory_ids: list[str]


@dataclass(frozen=True, slots=True)
class FormerTeam:
    id: str
    made: bool
    member_ids: list[str]
    territory_ids: list[str]


@dataclass(frozen=True, slots=True)
class TeamOfUser:
    user_id: str
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class MemberOfTeam:
    team_id: str
    user: OurUser


@dataclass(frozen=True, slots=True)
class TerritoryOfAccount:
    account_id: str
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class TerritoryOfTeam:
    team_id: str
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Shared:
    before: list[str]


@dataclass(frozen=True, slots=True)
class NamedAccount:
    id: str
    name_key: str


@dataclass(frozen=True, slots=True)
class HeldKey:
    id: str
    user_id: str
    role: Role
    revoked_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Sharing:
    """How records are shared, as the database has it."""

    visibility: str
    rebuilding: bool
    kept_up_to: dt.date | None

    def agrees_with(self, wanted: OrganisationVisibility) -> bool:
        """Whether nothing is left to do for records to be shared as wanted."""
        return not self.rebuilding and self.visibility == wanted.value.upper()


@dataclass(frozen=True, slots=True)
class SetVisibility:
    visibility: str


@dataclass(frozen=True, slots=True)
class RevokedKey:
    user_id: str
    prefix: str


@dataclass(frozen=True, slots=True)
class MergedTerritory:
    id: str
    name: str
    made: bool


@dataclass(frozen=True, slots=True)
class Lapsed:
    id: str
    is_account: bool


VIEWER = query("team/viewer", SignedIn)
ADD_PAST_EMPLOYER = query("team/add_past_employer", Made)
FIND_KEY = query("team/find_key", KeyRecord)
USER_OF_EMAIL = query("team/user_of_email", OurUser)
USERS_OF_IDS = query("team/users_of_ids", OurUser)
USERS = query("team/users", OurUser)
COUNT_OF_USERS = query("team/count_of_users", Counted)
ADMINISTRATORS = query("team/administrators", Made)
CREATE_USER = query("team/create_user", Made)
WELCOME_BACK = query("team/welcome_back", Made)
DEACTIVATE_USER = query("team/deactivate_user", Made)
REVOKE_KEYS_OF_USERS = query("team/revoke_keys_of_users", RevokedKey)
CLOSE_ACCOUNTS_OF_LEAVERS = query("team/close_accounts_of_leavers", Made)
MERGE_TEAM = query("team/merge_team", FormerTeam)
REPLACE_MEMBERS = query("team/replace_members", Counted)
REPLACE_TERRITORIES = query("team/replace_territories", Counted)
MERGE_TERRITORIES = query("team/merge_territories", MergedTerritory)
TEAMS_OF_IDS = query("team/teams_of_ids", Team)
TERRITORIES_OF_IDS = query("team/territories_of_ids", Territory)
TEAMS_OF_USERS = query("team/teams_of_users", TeamOfUser)
MEMBERS_OF_TEAMS = query("team/members_of_teams", MemberOfTeam)
TERRITORIES_OF_ACCOUNTS = query("team/territories_of_accounts", TerritoryOfAccount)
REPLACE_TERRITORIES_OF_ACCOUNT = query("team/replace_territories_of_account", Shared)
TERRITORIES_OF_TEAMS = query("team/territories_of_teams", TerritoryOfTeam)
ASSIGNMENTS_OF_RECORD = query("team/assignments_of_record", Held)
KIND_OF_RECORD = query("team/kind_of_record", Seen)
CREATE_OWNER = query("team/create_owner", Made)
CREATE_ASSIGNMENT = query("team/create_assignment", Made)
DATE_ASSIGNMENT = query("team/date_assignment", Made)
WITHDRAW_ASSIGNMENT = query("team/withdraw_assignment", Nothing)
TEAM_OF_RECORDS = query("team/team_of_records", TeamMember)
MEMBERS_OF_IDS = query("team/members_of_ids", TeamMember)
REPLACE_SHARES = query("team/replace_shares", Shared)
GROUPS_OF_IDS = query("team/groups_of_ids", Made)
ACCOUNTS_OF_USER = query("team/accounts_of_user", NamedAccount)
COUNT_OF_ACCOUNTS_OF_USER = query("team/count_of_accounts_of_user", Counted)
CREATE_KEY = query("team/create_key", Made)
KEYS = query("team/keys", ShownKey)
KEY_OF_PREFIX = query("team/key_of_prefix", HeldKey)
REVOKE_KEY = query("team/revoke_key", Made)
VISIBILITY = query("team/visibility", Sharing)
SET_VISIBILITY = query("team/set_visibility", SetVisibility)
VISIBILITY_IS_SETTLED = query("team/visibility_is_settled", Nothing)
RECORDS_AFTER = query("team/records_after", Made)
LAPSED_ASSIGNMENTS = query("team/lapsed_assignments", Lapsed)
KEPT_UP_TO = query("team/kept_up_to", Nothing)


# --------------------------------------------------------------- who is asking


async def signed_in(graph: Graph, user_id: str) -> SignedIn | None:
    return await graph.read_one(VIEWER, user_id=user_id, today=graph.now().date())


async def find_key(graph: Graph, prefix: str) -> KeyRecord | None:
    return await graph.read_one(FIND_KEY, prefix=prefix, today=graph.now().date())


# ----------------------------------------------------------------------- users


async def user_of_email(graph: Graph, email: str) -> OurUser | None:
    return await graph.read_one(USER_OF_EMAIL, email=email, today=graph.now().date())


async def users_of_ids(graph: Graph, ids: Iterable[str]) -> list[OurUser]:
    return await graph.read(USERS_OF_IDS, ids=list(ids), today=graph.now().date())


async def user_to_change(write: Write, user_id: str) -> OurUser | None:
    return await write.one(USERS_OF_IDS, ids=[user_id], today=write.now.date())


async def user_with_email(write: Write, email: str) -> OurUser | None:
    return await write.one(USER_OF_EMAIL, email=email, today=write.now.date())


async def users(graph: Graph, *, name_key: str, after_id: str, limit: int) -> list[OurUser]:
    return await graph.read(USERS, name_key=name_key, id=after_id, limit=limit, today=graph.now().date())


async def count_of_users(graph: Graph) -> int:
    return (await graph.read(COUNT_OF_USERS))[0].count


async def administrators(graph: Graph) -> list[str]:
    return [row.id for row in await graph.read(ADMINISTRATORS)]


async def lasting_administrators(write: Write) -> list[str]:
    return [row.id for row in await write.run(ADMINISTRATORS)]


async def create_user(write: Write, user_id: str, user: NewUser) -> None:
    await write.run(CREATE_USER, id=user_id, email=user.email, now=write.now, **described(user))


async def welcome_back(write: Write, user_id: str, user: NewUser) -> None:
    await write.run(WELCOME_BACK, id=user_id, **described(user))


def described(user: NewUser) -> dict[str, Any]:
    """The properties that follow from what an administrator says of a user."""
    return {
        "name": user.name,
        "name_key": fold(user.name),
        "role": user.role,
        "language": user.language,
        "search_text": search_text(user.name, user.email),
        "search_folded": search_folded(user.name, user.email),
    }


async def deactivate_user(
    write: Write, user_id: str, *, leaves_on: dt.date, active: bool, successor_id: str | None
) -> None:
    await write.run(DEACTIVATE_USER, id=user_id, leaves_on=leaves_on, active=active, successor_id=successor_id)


async def revoke_keys_of_users(write: Write, user_ids: Sequence[str]) -> list[RevokedKey]:
    return await write.run(REVOKE_KEYS_OF_USERS, user_ids=user_ids, now=write.now)


async def close_accounts_of_leavers(write: Write) -> list[str]:
    return [row.id for row in await write.run(CLOSE_ACCOUNTS_OF_LEAVERS, today=write.now.date())]


async def add_past_employer(write: Write, past: PastEmployer, *, groups: Groups) -> str | None:
    row = await write.one(
        ADD_PAST_EMPLOYER,
        id=write.new_id(),
        user_id=past.user_id,
        account_id=past.account_id,
        title=past.title,
        department=past.department,
        valid_from=past.valid_from,
        valid_to=past.valid_to,
        viewer_groups=groups,
    )
    return None if row is None else row.id


# ------------------------------------------------------- teams and territories


async def merge_team(write: Write, name: str) -> FormerTeam:
    rows = await write.run(MERGE_TEAM, id=write.new_id(), name=name, name_key=fold(name), now=write.now)
    return rows[0]


async def replace_members(write: Write, team_id: str, member_ids: Sequence[str]) -> int:
    return (await write.run(REPLACE_MEMBERS, team_id=team_id, member_ids=member_ids))[0].count


async def replace_territories(write: Write, team_id: str, territory_ids: Sequence[str]) -> int:
    return (await write.run(REPLACE_TERRITORIES, team_id=team_id, territory_ids=territory_ids))[0].count


async def merge_territories(write: Write, names: Iterable[str]) -> list[MergedTerritory]:
    given = [{"id": write.new_id(), "name": name, "name_key": fold(name)} for name in names]
    return await write.run(MERGE_TERRITORIES, territories=given, now=write.now)


async def teams_of_ids(graph: Graph, ids: Iterable[str]) -> list[Team]:
    return await graph.read(TEAMS_OF_IDS, ids=list(ids))


async def territories_of_ids(graph: Graph, ids: Iterable[str]) -> list[Territory]:
    return await graph.read(TERRITORIES_OF_IDS, ids=list(ids))


async def teams_of_users(graph: Graph, user_ids: Iterable[str]) -> dict[str, list[Team]]:
    found: dict[str, list[Team]] = defaultdict(list)
    for row in await graph.read(TEAMS_OF_USERS, user_ids=list(user_ids)):
        found[row.user_id].append(Team(row.id, row.name))
    return dict(found)


async def members_of_teams(graph: Graph, team_ids: Iterable[str]) -> dict[str, list[OurUser]]:
    found: dict[str, list[OurUser]] = defaultdict(list)
    for row in await graph.read(MEMBERS_OF_TEAMS, team_ids=list(team_ids), today=graph.now().date()):
        found[row.team_id].append(row.user)
    return dict(found)


async def territories_of_teams(graph: Graph, team_ids: Iterable[str]) -> dict[str, list[Territory]]:
    found: dict[str, list[Territory]] = defaultdict(list)
    for row in await graph.read(TERRITORIES_OF_TEAMS, team_ids=list(team_ids)):
        found[row.team_id].append(Territory(row.id, row.name))
    return dict(found)


async def territories_of_accounts(
    graph: Graph, account_ids: Iterable[str], *, groups: Groups
) -> dict[str, list[Territory]]:
    found: dict[str, list[Territory]] = defaultdict(list)
    rows = await graph.read(TERRITORIES_OF_ACCOUNTS, account_ids=list(account_ids), viewer_groups=groups)
    for row in rows:
        found[row.account_id].append(Territory(row.id, row.name))
    return dict(found)


async def replace_territories_of_account(
    write: Write, account_id: str, territory_ids: Sequence[str]
) -> list[str] | None:
    row = await write.one(REPLACE_TERRITORIES_OF_ACCOUNT, account_id=account_id, territory_ids=list(territory_ids))
    return None if row is None else row.before


# -------------------------------------------------------------- who works on what


async def kind_of_record(write: Write, record_id: str, *, groups: Groups) -> RecordType | None:
    row = await write.one(KIND_OF_RECORD, record_id=record_id, viewer_groups=groups)
    return None if row is None else row.record_type


async def assignments_of_record(write: Write, record_id: str) -> list[Held]:
    return await write.run(ASSIGNMENTS_OF_RECORD, record_id=record_id, today=write.now.date())


async def create_assignment(write: Write, record_id: str, fresh: Fresh) -> str:
    statement: Query[Made] = CREATE_OWNER if fresh.owns else CREATE_ASSIGNMENT
    rows = await write.run(
        statement,
        id=write.new_id(),
        record_id=record_id,
        user_id=fresh.user_id,
        function=fresh.function,
        valid_from=fresh.valid_from,
        valid_to=fresh.valid_to,
    )
    return rows[0].id


async def date_assignment(write: Write, record_id: str, dated: Dated) -> None:
    await write.run(
        DATE_ASSIGNMENT, record_id=record_id, id=dated.id, valid_from=dated.valid_from, valid_to=dated.valid_to
    )


async def withdraw_assignment(write: Write, record_id: str, assignment_id: str) -> None:
    await write.run(WITHDRAW_ASSIGNMENT, record_id=record_id, id=assignment_id)


async def team_of_records(
    graph: Graph, record_ids: Iterable[str], *, as_of: dt.date, groups: Groups
) -> dict[str, list[TeamMember]]:
    found: dict[str, list[TeamMember]] = defaultdict(list)
    rows = await graph.read(
        TEAM_OF_RECORDS,
        record_ids=list(record_ids),
        as_of=as_of,
        today=graph.now().date(),
        viewer_groups=groups,
    )
    for row in rows:
        found[row.record_id].append(row)
    return dict(found)


async def members_of_ids(graph: Graph, ids: Iterable[str], *, groups: Groups) -> list[TeamMember]:
    return await graph.read(MEMBERS_OF_IDS, ids=list(ids), today=graph.now().date(), viewer_groups=groups)


async def replace_shares(write: Write, record_id: str, with_ids: Sequence[str]) -> list[str]:
    return (await write.run(REPLACE_SHARES, record_id=record_id, with_ids=with_ids))[0].before


async def groups_of_ids(write: Write, ids: Sequence[str]) -> frozenset[str]:
    return frozenset(row.id for row in await write.run(GROUPS_OF_IDS, ids=ids))


async def accounts_of_user(
    graph: Graph, user_id: str, *, groups: Groups, name_key: str, after_id: str, limit: int
) -> list[NamedAccount]:
    return await graph.read(
        ACCOUNTS_OF_USER,
        user_id=user_id,
        name_key=name_key,
        id=after_id,
        limit=limit,
        today=graph.now().date(),
        viewer_groups=groups,
    )


async def count_of_accounts_of_user(graph: Graph, user_id: str, *, groups: Groups) -> int:
    rows = await graph.read(
        COUNT_OF_ACCOUNTS_OF_USER, user_id=user_id, today=graph.now().date(), viewer_groups=groups
    )
    return rows[0].count


# ------------------------------------------------------------------------ keys


async def create_key(
    write: Write, user_id: str, key: NewKey, *, scopes: frozenset[str] | None, expires_at: dt.datetime | None
) -> str:
    rows = await write.run(
        CREATE_KEY,
        id=write.new_id(),
        user_id=user_id,
        prefix=key.prefix,
        digest=key.digest,
        scopes=scopes,
        expires_at=expires_at,
        now=write.now,
    )
    return rows[0].id


async def keys(graph: Graph) -> list[ShownKey]:
    return await graph.read(KEYS)


async def key_of_prefix(write: Write, prefix: str) -> HeldKey | None:
    return await write.one(KEY_OF_PREFIX, prefix=prefix)


async def revoke_key(write: Write, key_id: str) -> None:
    await write.run(REVOKE_KEY, id=key_id, now=write.now)


# -------------------------------------------------------- how records are shared


async def sharing(graph: Graph) -> Sharing:
    return (await graph.read(VISIBILITY))[0]


async def set_visibility(write: Write, visibility: OrganisationVisibility) -> None:
    await write.run(SET_VISIBILITY, visibility=visibility.value.upper())


async def visibility_is_settled(write: Write) -> None:
    await write.run(VISIBILITY_IS_SETTLED)


async def records_after(graph: Graph, label: str, after: str, *, limit: int) -> list[str]:
    return [row.id for row in await graph.read(RECORDS_AFTER, label=label, after=after, limit=limit)]


async def lapsed_assignments(write: Write, *, since: dt.date) -> list[Lapsed]:
    return await write.run(LAPSED_ASSIGNMENTS, since=since, today=write.now.date())


async def kept_up_to(write: Write) -> None:
    await write.run(KEPT_UP_TO, today=write.now.date())
