"""Our own side on the wire: users, teams, who works on what, and with whom a record is shared."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from graph_crm.context import many_each
from graph_crm.graph.lists import Span
from graph_crm.team import service, types
from graph_crm.team.types import TeamFunction
from graph_crm.wire import (
    NODE_LOADERS,
    Connection,
    Edge,
    Info,
    Node,
    Person,
    UserError,
    answered,
    connection_of,
    node_kind,
    nodes_of,
    one_of_kind,
    page_info_of,
)

if TYPE_CHECKING:
    from graph_crm.accounts.graphql import Account

strawberry.enum(TeamFunction, description="What one of ours does for an account or a deal.")


@strawberry.type(description="One of ours.")
class User(Node, Person):
    id: strawberry.ID
    display_name: str
    email: str = strawberry.field(description="Empty only for somebody whom an import knew without one.")
    active: bool = strawberry.field(description="Whether they still work here; true through the last day.")
    role: str
    leaves_on: dt.date | None = strawberry.field(description="Their last day, when it is known.")
    successor_id: strawberry.Private[str | None]

    @strawberry.field(description="Who takes over when they leave.")
    async def successor(self, info: Info) -> User | None:
        return await one_of_kind(info, "User", self.successor_id)

    @strawberry.field
    async def teams(self, info: Info) -> list[Team]:
        async def load(ids: list[str]) -> Mapping[str, list[types.Team]]:
            return await service.teams_of_users(info.context.graph, info.context.viewer, ids)

        rows: list[types.Team] = await info.context.kept("teams of users", lambda: many_each(load)).load(self.id)
        return [Team.of(row) for row in rows]

    @strawberry.field(description="The accounts they own or work on, by name.")
    async def accounts(
        self, info: Info, first: int = 20, after: str | None = None
    ) -> Connection[Annotated[Account, strawberry.lazy("graph_crm.accounts.graphql")]]:
        return await accounts_of(info, self.id, first, after)

    @staticmethod
    def of(user: types.OurUser) -> User:
        return User(
            id=strawberry.ID(user.id),
            display_name=user.name,
            email=user.email or "",
            active=user.active,
            role=user.role.value,
            leaves_on=user.leaves_on,
            successor_id=user.successor_id,
        )


@strawberry.type(description="People of ours who work together; what one of them owns, all of them may change.")
class Team(Node):
    id: strawberry.ID
    name: str

    @strawberry.field
    async def members(self, info: Info) -> list[User]:
        async def load(ids: list[str]) -> Mapping[str, list[types.OurUser]]:
            return await service.members_of_teams(info.context.graph, info.context.viewer, ids)

        rows: list[types.OurUser] = await info.context.kept("members of teams", lambda: many_each(load)).load(self.id)
        return [User.of(row) for row in rows]

    @strawberry.field
    async def territories(self, info: Info) -> list[Territory]:
        async def load(ids: list[str]) -> Mapping[str, list[types.Territory]]:
            return await service.territories_of_teams(info.context.graph, info.context.viewer, ids)

        loader = info.context.kept("territories of teams", lambda: many_each(load))
        rows: list[types.Territory] = await loader.load(self.id)
        return [Territory.of(row) for row in rows]

    @staticmethod
    def of(team: types.Team) -> Team:
        return Team(id=strawberry.ID(team.id), name=team.name)


@strawberry.type(description="A part of the market that teams cover.")
class Territory(Node):
    id: strawberry.ID
    name: str

    @staticmethod
    def of(territory: types.Territory) -> Territory:
        return Territory(id=strawberry.ID(territory.id), name=territory.name)


@strawberry.type(description="One of ours on an account or an opportunity, from one day to before another.")
class TeamMember(Node):
    id: strawberry.ID
    user: User
    function: TeamFunction
    owner: bool = strawberry.field(description="Whether the record is theirs; others work on it.")
    valid_from: dt.date | None
    valid_to: dt.date | None

    @staticmethod
    def of(member: types.TeamMember) -> TeamMember:
        return TeamMember(
            id=strawberry.ID(member.id),
            user=User.of(member.user),
            function=member.function,
            owner=member.owns,
            valid_from=member.valid_from,
            valid_to=member.valid_to,
        )


@strawberry.type(description="Who is asking, and what they may do.")
class Viewer:
    @strawberry.field
    async def user(self, info: Info) -> User:
        found: User | None = await one_of_kind(info, "User", info.context.viewer.user_id)
        return found or User.of(service.stand_in(info.context.viewer))

    @strawberry.field(description="What the role, and the key, of whoever asks allows.")
    def permissions(self, info: Info) -> list[str]:
        return sorted(permission.value for permission in info.context.viewer.permissions)

    @strawberry.field(description="The accounts that whoever asks owns or works on, by name.")
    async def accounts(
        self, info: Info, first: int = 20, after: str | None = None
    ) -> Connection[Annotated[Account, strawberry.lazy("graph_crm.accounts.graphql")]]:
        return await accounts_of(info, info.context.viewer.user_id, first, after)


async def accounts_of(info: Info, user_id: str, first: int, after: str | None) -> Connection[Any]:
    page = await service.accounts_of_user(
        info.context.graph, info.context.viewer, user_id, Span.of(first=first, after=after)
    )
    found: Mapping[str, Any] = await NODE_LOADERS["Account"](info, page.rows) if page.rows else {}
    edges: list[Edge[Any]] = [
        Edge(cursor=cursor, node=found[account_id])
        for cursor, account_id in zip(page.cursors, page.rows, strict=True)
        if account_id in found
    ]
    return Connection(page_info=page_info_of(page), edges=edges, count=page.count)


async def team_of(info: Info, record_id: str, as_of: dt.datetime | None = None) -> list[TeamMember]:
    """Who of ours is on a record, the owner first, loaded together with those of its like."""

    async def load(ids: list[str]) -> Mapping[str, list[types.TeamMember]]:
        return await service.team_of_records(info.context.graph, info.context.viewer, ids, as_of=as_of)

    rows: list[types.TeamMember] = await info.context.kept(("team", as_of), lambda: many_each(load)).load(record_id)
    return [TeamMember.of(row) for row in rows]


async def territories_of(info: Info, account_id: str) -> list[Territory]:
    """Where an account lies, loaded together with those of its like."""

    async def load(ids: list[str]) -> Mapping[str, list[types.Territory]]:
        return await service.territories_of_accounts(info.context.graph, info.context.viewer, ids)

    rows: list[types.Territory]
    rows = await info.context.kept("territories of accounts", lambda: many_each(load)).load(account_id)
    return [Territory.of(row) for row in rows]


# ------------------------------------------------------------------ mutations


@strawberry.input(description="role: administrator, operations, seller, reader, privacy officer or integration.")
class CreateUserInput:
    email: str
    name: str
    role: str
    idempotency_key: str | None = None
    client_mutation_id: str | None = None


@strawberry.input(
    description="Says who belongs to the team and replaces who did; territories left out stay as they are."
)
class SetTeamInput:
    name: str
    member_ids: list[strawberry.ID]
    territory_ids: list[strawberry.ID] | None = None
    territory_names: list[str] | None = None
    idempotency_key: str | None = None
    client_mutation_id: str | None = None


@strawberry.input(
    description=(
        "Puts one of ours on an account or an opportunity, from today unless said otherwise. Asking again for the "
        "same function changes its dates; validTo ends it. The account manager owns an account, the account "
        "executive an opportunity: whoever takes that function takes the record over."
    )
)
class AssignInput:
    record_id: strawberry.ID
    user_id: strawberry.ID
    function: TeamFunction
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    idempotency_key: str | None = None
    client_mutation_id: str | None = None


@strawberry.input(
    description="Shares the record with exactly these users, teams and territories; an empty list ends all shares."
)
class ShareInput:
    record_id: strawberry.ID
    with_ids: list[strawberry.ID]
    idempotency_key: str | None = None
    client_mutation_id: str | None = None


@strawberry.input(
    description="Says in which territories an account lies and replaces where it lay; those of a new name are made."
)
class SetTerritoriesInput:
    account_id: strawberry.ID
    territory_names: list[str]
    idempotency_key: str | None = None
    client_mutation_id: str | None = None


@strawberry.type
class UserPayload:
    client_mutation_id: str | None
    user_errors: list[UserError]
    user: User | None = None


@strawberry.type
class TeamPayload:
    client_mutation_id: str | None
    user_errors: list[UserError]
    team: Team | None = None


@strawberry.type
class RecordPayload:
    client_mutation_id: str | None
    user_errors: list[UserError]
    record: Node | None = None


@strawberry.type
class TeamQuery:
    @strawberry.field(description="Who is asking, and what they may do.")
    async def viewer(self) -> Viewer:
        return Viewer()

    @strawberry.field(description="All of ours by name, those who left included.")
    async def users(self, info: Info, first: int = 20, after: str | None = None) -> Connection[User]:
        page = await service.users(info.context.graph, info.context.viewer, Span.of(first=first, after=after))
        return connection_of(page, User.of)


@strawberry.type
class TeamMutation:
    @strawberry.mutation(description="Makes one of ours, or brings back somebody inactive with that address.")
    async def create_user(self, info: Info, input: CreateUserInput) -> UserPayload:
        async def work() -> Mapping[str, Any]:
            new = types.NewUser(input.email, input.name, types.role_named(input.role), info.context.settings.language)
            user = await service.create_user(info.context.graph, info.context.viewer, new, key=input.idempotency_key)
            return {"user": User.of(user)}

        return await answered(info, UserPayload, input.client_mutation_id, work())

    @strawberry.mutation(description="Says who belongs to a team and what it covers.")
    async def set_team(self, info: Info, input: SetTeamInput) -> TeamPayload:
        async def work() -> Mapping[str, Any]:
            team = await service.set_team(
                info.context.graph,
                info.context.viewer,
                input.name,
                input.member_ids,
                territory_ids=input.territory_ids,
                territory_names=input.territory_names,
                key=input.idempotency_key,
            )
            return {"team": Team.of(team)}

        return await answered(info, TeamPayload, input.client_mutation_id, work())

    @strawberry.mutation(description="Places an account in territories: the teams that cover one see it.")
    async def set_territories(self, info: Info, input: SetTerritoriesInput) -> RecordPayload:
        async def work() -> Mapping[str, Any]:
            record_id = await service.set_territories(
                info.context.graph,
                info.context.viewer,
                input.account_id,
                input.territory_names,
                key=input.idempotency_key,
            )
            return {"record": (await nodes_of(info, [record_id]))[0]}

        return await answered(info, RecordPayload, input.client_mutation_id, work())

    @strawberry.mutation(description="Puts one of ours on an account or an opportunity.")
    async def assign(self, info: Info, input: AssignInput) -> RecordPayload:
        async def work() -> Mapping[str, Any]:
            asked = types.Assignment(input.record_id, input.user_id, input.function, input.valid_from, input.valid_to)
            record_id = await service.assign(
                info.context.graph, info.context.viewer, asked, key=input.idempotency_key
            )
            return {"record": (await nodes_of(info, [record_id]))[0]}

        return await answered(info, RecordPayload, input.client_mutation_id, work())

    @strawberry.mutation(description="Lets colleagues see a record who would not see it by themselves.")
    async def share(self, info: Info, input: ShareInput) -> RecordPayload:
        async def work() -> Mapping[str, Any]:
            record_id = await service.share(
                info.context.graph,
                info.context.viewer,
                input.record_id,
                input.with_ids,
                key=input.idempotency_key,
            )
            return {"record": (await nodes_of(info, [record_id]))[0]}

        return await answered(info, RecordPayload, input.client_mutation_id, work())


# ---------------------------------------------------------------------- nodes


@node_kind("User")
async def load_users(info: Info, ids: list[str]) -> Mapping[str, Any]:
    found = await service.users_of_ids(info.context.graph, info.context.viewer, ids)
    return {key: User.of(user) for key, user in found.items()}


@node_kind("Team")
async def load_teams(info: Info, ids: list[str]) -> Mapping[str, Any]:
    found = await service.teams_of_ids(info.context.graph, info.context.viewer, ids)
    return {key: Team.of(team) for key, team in found.items()}


@node_kind("Territory")
async def load_territories(info: Info, ids: list[str]) -> Mapping[str, Any]:
    found = await service.territories_of_ids(info.context.graph, info.context.viewer, ids)
    return {key: Territory.of(territory) for key, territory in found.items()}


@node_kind("OWNS")
@node_kind("WORKS_ON")
async def load_members(info: Info, ids: list[str]) -> Mapping[str, Any]:
    found = await service.members_of_ids(info.context.graph, info.context.viewer, ids)
    return {key: TeamMember.of(member) for key, member in found.items()}
