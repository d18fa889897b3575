"""Accounts on the wire."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from graph_crm.accounts import service, types
from graph_crm.accounts.types import LifecycleStage
from graph_crm.changes.graphql import ChangeEvent, SourceRecord, history_of, sources_of
from graph_crm.changes.types import RecordType
from graph_crm.context import many_each, one_each
from graph_crm.filters import (
    DateTimeFilter,
    IdFilter,
    IntFilter,
    LifecycleFilter,
    RecordBy,
    SourceKeyInput,
    StringFilter,
    came_from,
    named_by,
    source_of,
    wanted_of,
)
from graph_crm.graph.lists import Direction
from graph_crm.graph.pages import Page
from graph_crm.team.graphql import TeamMember, Territory, team_of, territories_of
from graph_crm.wire import (
    Connection,
    Info,
    Money,
    Node,
    UserError,
    along,
    answered,
    connection_of,
    node_kind,
    one_of_kind,
)

if TYPE_CHECKING:
    from graph_crm.activities.graphql import Interaction, InteractionType, Note, NoteKind
    from graph_crm.contacts.graphql import EmploymentConnection
    from graph_crm.opportunities.graphql import Opportunity, OpportunityWhere
    from graph_crm.stakeholders.graphql import StakeholderMap


@strawberry.type(description="Where somebody gets letters, as it was given.")
class PostalAddress:
    kind: str | None
    street: str | None
    city: str | None
    region: str | None
    postal_code: str | None
    country: str | None

    @staticmethod
    def of(address: types.PostalAddress) -> PostalAddress:
        return PostalAddress(
            kind=address.kind,
            street=address.street,
            city=address.city,
            region=address.region,
            postal_code=address.postal_code,
            country=address.country,
        )


async def addresses_of(info: Info, record_id: str) -> list[PostalAddress]:
    """The postal addresses of an account or a contact, loaded together with those of its like."""

    async def load(ids: list[str]) -> Mapping[str, list[types.PostalAddress]]:
        return await service.postal_addresses(info.context.graph, info.context.viewer, ids)

    found: list[types.PostalAddress]
    found = await info.context.kept("postal addresses", lambda: many_each(load)).load(record_id)
    return [PostalAddress.of(address) for address in found]


@strawberry.type(description="A company, or one person who buys for themselves.")
class Account(Node):
    id: strawberry.ID
    version: int
    created_at: dt.datetime
    updated_at: dt.datetime
    name: str
    legal_name: str | None
    is_person: bool = strawberry.field(description="Whether the account is one person, who is its contact too.")
    domain: str | None = strawberry.field(description="Its internet domain, such as example.com.")
    website: str | None
    industry: str | None
    employee_count: int | None
    employee_band: str | None = strawberry.field(description="A range where the exact number is not known.")
    lifecycle_stage: LifecycleStage
    satisfaction: int | None = strawberry.field(description="0 to 100.")
    latitude: float | None
    longitude: float | None
    parent_id: strawberry.Private[str | None]

    @strawberry.field(description="The account that this one is part of.")
    async def parent(self, info: Info) -> Account | None:
        return await one_of_kind(info, "Account", self.parent_id)

    @strawberry.field(description="The accounts that are part of this one.")
    async def children(self, info: Info, first: int | None = 20, after: str | None = None) -> Connection[Account]:
        wanted = wanted_of(first=first, after=after)

        async def load(ids: list[str]) -> Mapping[str, Page[types.Account]]:
            return await service.children(info.context.graph, info.context.viewer, ids, wanted)

        loader = info.context.kept(("children of accounts", wanted), lambda: one_each(load))
        return connection_of(await loader.load(self.id), Account.of)

    @strawberry.field(description="Who of ours is on it, the owner first; today unless asked otherwise.")
    async def team(self, info: Info, as_of: dt.datetime | None = None) -> list[TeamMember]:
        return await team_of(info, self.id, as_of)

    @strawberry.field(description="Where it lies; the teams that cover one of them see it in a private organisation.")
    async def territories(self, info: Info) -> list[Territory]:
        return await territories_of(info, self.id)

    @strawberry.field(description="Who works there that day, today unless asked otherwise.")
    async def contacts(
        self,
        info: Info,
        first: int | None = 20,
        after: str | None = None,
        as_of: dt.datetime | None = None,
        *,
        include_former: bool = False,
    ) -> Annotated[EmploymentConnection, strawberry.lazy("graph_crm.contacts.graphql")]:
        return await along(
            "Account.contacts", info, self.id, first=first, after=after, as_of=as_of, include_former=include_former
        )

    @strawberry.field(description="Its deals.")
    async def opportunities(
        self,
        info: Info,
        first: int | None = 20,
        after: str | None = None,
        where: Annotated[OpportunityWhere, strawberry.lazy("graph_crm.opportunities.graphql")] | None = None,
    ) -> Connection[Annotated[Opportunity, strawberry.lazy("graph_crm.opportunities.graphql")]]:
        return await along("Account.opportunities", info, self.id, first=first, after=after, where=where)

    @strawberry.field(description="What its open deals amount to: one sum for each currency.")
    async def open_pipeline(self, info: Info) -> list[Money]:
        return await along("Account.openPipeline", info, self.id)

    @strawberry.field(description="Who decides, who blocks and whom we reach.")
    async def stakeholder_map(
        self, info: Info, as_of: dt.datetime | None = None, known_at: dt.datetime | None = None
    ) -> Annotated[StakeholderMap, strawberry.lazy("graph_crm.stakeholders.graphql")]:
        return await along("stakeholderMap", info, self.id, as_of=as_of, known_at=known_at)

    @strawberry.field(
        description="What happened with it, its opportunities or whoever worked there then, the newest first."
    )
    async def interactions(
        self,
        info: Info,
        first: int | None = 20,
        after: str | None = None,
        types: list[Annotated[InteractionType, strawberry.lazy("graph_crm.activities.graphql")]] | None = None,
    ) -> Connection[Annotated[Interaction, strawberry.lazy("graph_crm.activities.graphql")]]:
        return await along("interactions", info, self.id, kind="Account", first=first, after=after, types=types)

    @strawberry.field(description="The newest one held; never one that lies ahead.")
    async def last_interaction(
        self, info: Info
    ) -> Annotated[Interaction, strawberry.lazy("graph_crm.activities.graphql")] | None:
        return await along("lastInteraction", info, self.id, kind="Account")

    @strawberry.field(description="The next one planned.")
    async def next_interaction(
        self, info: Info
    ) -> Annotated[Interaction, strawberry.lazy("graph_crm.activities.graphql")] | None:
        return await along("nextInteraction", info, self.id, kind="Account")

    @strawberry.field(description="What was noted about it, the newest first.")
    async def notes(
        self,
        info: Info,
        first: int | None = 20,
        after: str | None = None,
        kinds: list[Annotated[NoteKind, strawberry.lazy("graph_crm.activities.graphql")]] | None = None,
    ) -> Connection[Annotated[Note, strawberry.lazy("graph_crm.activities.graphql")]]:
        return await along("notes", info, self.id, kind="Account", first=first, after=after, kinds=kinds)

    @strawberry.field(description="Where it gets letters.")
    async def addresses(self, info: Info) -> list[PostalAddress]:
        return await addresses_of(info, self.id)

    @strawberry.field(description="Which other systems know it, and by what key.")
    async def sources(self, info: Info) -> list[SourceRecord]:
        return await sources_of(info, self.id)

    @strawberry.field(description="Who changed what, the newest first.")
    async def history(self, info: Info, first: int = 20, after: str | None = None) -> Connection[ChangeEvent]:
        return await history_of(info, self.id, first, after)

    @staticmethod
    def of(account: types.Account) -> Account:
        return Account(
            id=strawberry.ID(account.id),
            version=account.version,
            created_at=account.created_at,
            updated_at=account.updated_at,
            name=account.name,
            legal_name=account.legal_name,
            is_person=account.is_person,
            domain=account.domain,
            website=account.website,
            industry=account.industry,
            employee_count=account.employee_count,
            employee_band=account.employee_band,
            lifecycle_stage=account.lifecycle_stage,
            satisfaction=account.satisfaction,
            latitude=account.latitude,
            longitude=account.longitude,
            parent_id=account.parent_id,
        )


@node_kind("Account")
async def load_accounts(info: Info, ids: list[str]) -> Mapping[str, Any]:
    found = await service.of_ids(info.context.graph, info.context.viewer, ids)
    return {key: Account.of(account) for key, account in found.items()}


# ----------------------------------------------------------------- questions


@strawberry.input(description="Which accounts. AND, OR and NOT nest; null means no condition.")
class AccountWhere:
    all_of: list[AccountWhere] | None = strawberry.field(name="AND", default=None)
    any_of: list[AccountWhere] | None = strawberry.field(name="OR", default=None)
    none_of: AccountWhere | None = strawberry.field(name="NOT", default=None)
    id: IdFilter | None = None
    name: StringFilter | None = None
    domain: StringFilter | None = None
    industry: StringFilter | None = None
    country: StringFilter | None = None
    employee_count: IntFilter | None = None
    lifecycle_stage: LifecycleFilter | None = None
    owner_id: IdFilter | None = None
    last_interaction_at: DateTimeFilter | None = None
    source_key: SourceKeyInput | None = None


@strawberry.input(one_of=True, description="One order. Accounts without a value come last, whichever way.")
class AccountOrder:
    name: Direction | None = strawberry.UNSET
    created_at: Direction | None = strawberry.UNSET
    last_interaction_at: Direction | None = strawberry.UNSET


@strawberry.type
class AccountsQuery:
    @strawberry.field(description="The account of that id, name or key of another system.")
    async def account(self, info: Info, by: RecordBy) -> Account | None:
        named = named_by(by, RecordType.ACCOUNT)
        found = await service.find(info.context.graph, info.context.viewer, **named)
        return None if found is None else Account.of(found)

    @strawberry.field(description="Accounts, by name unless another order is asked for.")
    async def accounts(
        self,
        info: Info,
        where: AccountWhere | None = None,
        order_by: list[AccountOrder] | None = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Account]:
        special = came_from(RecordType.ACCOUNT)
        wanted = wanted_of(where, order_by, first=first, after=after, last=last, before=before, special=special)
        page = await service.page(info.context.graph, info.context.viewer, wanted)
        return connection_of(page, Account.of)


# ----------------------------------------------------------------- mutations


@strawberry.input(
    description=(
        "Only the name is needed. isPerson makes one account and one contact employed there. "
        "The account is yours unless ownerId names a colleague."
    )
)
class CreateAccountInput:
    name: str
    legal_name: str | None = None
    is_person: bool | None = None
    domain: str | None = None
    website: str | None = None
    industry: str | None = None
    employee_count: int | None = None
    employee_band: str | None = None
    lifecycle_stage: LifecycleStage | None = None
    satisfaction: int | None = None
    parent_id: strawberry.ID | None = None
    owner_id: strawberry.ID | None = None
    latitude: float | None = None
    longitude: float | None = None
    source_key: SourceKeyInput | None = None
    idempotency_key: str | None = None
    client_mutation_id: str | None = None


@strawberry.type
class AccountPayload:
    client_mutation_id: str | None = None
    account: Account | None = None
    user_errors: list[UserError]


@strawberry.type
class AccountsMutation:
    @strawberry.mutation(description="Make an account.")
    async def create_account(self, info: Info, input: CreateAccountInput) -> AccountPayload:
        async def work() -> Mapping[str, Any]:
            asked = types.NewAccount(
                name=input.name,
                legal_name=input.legal_name,
                is_person=bool(input.is_person),
                domain=input.domain,
                website=input.website,
                industry=input.industry,
                employee_count=input.employee_count,
                employee_band=input.employee_band,
                lifecycle_stage=input.lifecycle_stage or LifecycleStage.PROSPECT,
                satisfaction=input.satisfaction,
                latitude=input.latitude,
                longitude=input.longitude,
                parent_id=input.parent_id,
                owner_id=input.owner_id,
                source=source_of(input.source_key, RecordType.ACCOUNT),
            )
            made = await service.create(
                info.context.graph, info.context.viewer, asked, idempotency_key=input.idempotency_key
            )
            return {"account": Account.of(made)}

        return await answered(info, AccountPayload, input.client_mutation_id, work())
