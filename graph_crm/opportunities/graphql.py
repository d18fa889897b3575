"""Deals on the wire: pipelines, stages, amounts, and the mutations that make and move them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from graph_crm.accounts.graphql import Account
from graph_crm.changes.graphql import ChangeEvent, SourceRecord, history_of, sources_of
from graph_crm.changes.types import RecordType
from graph_crm.contacts.graphql import Contact
from graph_crm.context import many_each, one_each
from graph_crm.filters import (
    BooleanFilter,
    DateFilter,
    DecimalFilter,
    IdFilter,
    RecordBy,
    SourceKeyInput,
    StringFilter,
    came_from,
    named_by,
    source_of,
    wanted_of,
)
from graph_crm.graph.lists import Direction, Wanted
from graph_crm.graph.pages import Page
from graph_crm.language import Price
from graph_crm.opportunities import service, types
from graph_crm.opportunities.types import OpportunityKind, PipelineKind
from graph_crm.team.graphql import TeamMember, User, team_of
from graph_crm.wire import (
    Connection,
    Info,
    Money,
    Node,
    UserError,
    along,
    answered,
    connection_of,
    edge,
    node_kind,
    one_of_kind,
)

if TYPE_CHECKING:
    from graph_crm.activities.graphql import Interaction, InteractionType, Note, NoteKind
    from graph_crm.stakeholders.graphql import (
        Consensus,
        RoleCoverage,
        Stakeholder,
        StakeholderMap,
        StakeholderWhere,
    )

strawberry.enum(OpportunityKind, description="What a deal sells: something new, more, something else, or the same.")
strawberry.enum(PipelineKind, description="Sales lead to a signature; a delivery follows it.")


@strawberry.type(description="One step of a pipeline.")
class Stage(Node):
    id: strawberry.ID
    key: str
    name: str
    order: int
    probability: float | None = strawberry.field(description="The chance of winning from here, 0 to 1.")
    is_won: bool
    is_lost: bool

    @staticmethod
    def of(stage: types.Stage) -> Stage:
        return Stage(
            id=strawberry.ID(stage.id),
            key=stage.key,
            name=stage.name,
            order=stage.order,
            probability=stage.probability,
            is_won=stage.is_won,
            is_lost=stage.is_lost,
        )


@strawberry.type(description="The stages that deals of one kind go through.")
class Pipeline(Node):
    id: strawberry.ID
    name: str
    kind: PipelineKind
    stages: list[Stage]

    @staticmethod
    def of(pipeline: types.Pipeline) -> Pipeline:
        return Pipeline(
            id=strawberry.ID(pipeline.id),
            name=pipeline.name,
            kind=pipeline.kind,
            stages=[Stage.of(stage) for stage in pipeline.stages],
        )


@strawberry.type(description="A stay in a stage.")
class StageChange:
    stage: Stage
    entered_at: dt.datetime
    left_at: dt.datetime | None

    @staticmethod
    def of(change: types.StageChange) -> StageChange:
        return StageChange(stage=Stage.of(change.stage), entered_at=change.entered_at, left_at=change.left_at)


def money_from(price: Price | None) -> Money | None:
    return None if price is None else Money(amount=price.amount, currency=price.currency)


@strawberry.type(description="A deal. It belongs to an account, to a contact, or to both.")
class Opportunity(Node):
    id: strawberry.ID
    version: int
    created_at: dt.datetime
    updated_at: dt.datetime
    name: str
    kind: OpportunityKind
    stage: Stage
    amount: Money | None
    close_date: dt.date | None
    closed_at: dt.datetime | None = strawberry.field(description="When it was won or lost.")
    is_open: bool
    lost_reason: str | None
    next_step: str | None
    next_step_due_at: dt.datetime | None
    row: strawberry.Private[types.Opportunity]

    @strawberry.field
    async def account(self, info: Info) -> Account | None:
        return await one_of_kind(info, "Account", self.row.account_id)

    @strawberry.field(description="Whose part is primary, else whom the deal was attached to.")
    async def primary_contact(self, info: Info) -> Contact | None:
        return await one_of_kind(info, "Contact", self.row.primary_contact_id)

    @strawberry.field(description="The decision maker whose part is primary, else the only one. Never from a title.")
    async def primary_decision_maker(self, info: Info) -> Contact | None:
        return await one_of_kind(info, "Contact", self.row.primary_decision_maker_id)

    @strawberry.field(description="The stages it went through, the earliest first.")
    async def stage_history(self, info: Info) -> list[StageChange]:
        async def load(ids: list[str]) -> Mapping[str, list[types.StageChange]]:
            return await service.stages_of(info.context.graph, info.context.viewer, ids)

        loader = info.context.kept("stages of deals", lambda: many_each(load))
        rows: list[types.StageChange] = await loader.load(self.id)
        return [StageChange.of(row) for row in rows]

    @strawberry.field(description="Whose deal it is.")
    async def owner(self, info: Info) -> User | None:
        return await one_of_kind(info, "User", self.row.owner_id)

    @strawberry.field(description="Who of ours is on it, the owner first; today unless asked otherwise.")
    async def team(self, info: Info, as_of: dt.datetime | None = None) -> list[TeamMember]:
        return await team_of(info, self.id, as_of)

    @strawberry.field(description="Everyone with a part in it; today unless asked otherwise.")
    async def stakeholders(
        self,
        info: Info,
        first: int = 20,
        after: str | None = None,
        as_of: dt.datetime | None = None,
        where: Annotated[StakeholderWhere, strawberry.lazy("graph_crm.stakeholders.graphql")] | None = None,
    ) -> Connection[Annotated[Stakeholder, strawberry.lazy("graph_crm.stakeholders.graphql")]]:
        return await along(
            "Opportunity.stakeholders", info, self.id, first=first, after=after, as_of=as_of, where=where
        )

    @strawberry.field(description="Who decides, who blocks and whom we reach.")
    async def stakeholder_map(
        self, info: Info, as_of: dt.datetime | None = None, known_at: dt.datetime | None = None
    ) -> Annotated[StakeholderMap, strawberry.lazy("graph_crm.stakeholders.graphql")]:
        return await along("stakeholderMap", info, self.id, as_of=as_of, known_at=known_at)

    @strawberry.field(description="How well the seats of its role template are filled.")
    async def role_coverage(
        self, info: Info, as_of: dt.datetime | None = None
    ) -> Annotated[RoleCoverage, strawberry.lazy("graph_crm.stakeholders.graphql")] | None:
        return await along("Opportunity.roleCoverage", info, self.id, as_of=as_of)

    @strawberry.field(description="How far the people who must agree do agree.")
    async def consensus(
        self, info: Info, as_of: dt.datetime | None = None
    ) -> Annotated[Consensus, strawberry.lazy("graph_crm.stakeholders.graphql")] | None:
        return await along("Opportunity.consensus", info, self.id, as_of=as_of)

    @strawberry.field(description="What happened about it, the newest first.")
    async def interactions(
        self,
        info: Info,
        first: int | None = 20,
        after: str | None = None,
        types: list[Annotated[InteractionType, strawberry.lazy("graph_crm.activities.graphql")]] | None = None,
    ) -> Connection[Annotated[Interaction, strawberry.lazy("graph_crm.activities.graphql")]]:
        return await along("interactions", info, self.id, kind="Opportunity", first=first, after=after, types=types)

    @strawberry.field(description="What was noted about it, the newest first.")
    async def notes(
        self,
        info: Info,
        first: int | None = 20,
        after: str | None = None,
        kinds: list[Annotated[NoteKind, strawberry.lazy("graph_crm.activities.graphql")]] | None = None,
    ) -> Connection[Annotated[Note, strawberry.lazy("graph_crm.activities.graphql")]]:
        return await along("notes", info, self.id, kind="Opportunity", first=first, after=after, kinds=kinds)

    @strawberry.field(description="Which other systems know it, and by what key.")
    async def sources(self, info: Info) -> list[SourceRecord]:
        return await sources_of(info, self.id)

    @strawberry.field(description="Who changed what, the newest first.")
    async def history(self, info: Info, first: int = 20, after: str | None = None) -> Connection[ChangeEvent]:
        return await history_of(info, self.id, first, after)

    @staticmethod
    def of(row: types.Opportunity) -> Opportunity:
        return Opportunity(
            id=strawberry.ID(row.id),
            version=row.version,
            created_at=row.created_at,
            updated_at=row.updated_at,
            name=row.name,
            kind=row.kind,
            stage=Stage.of(row.stage),
            amount=money_from(row.price),
            close_date=row.close_date,
            closed_at=row.closed_at,
            is_open=row.is_open,
            lost_reason=row.lost_reason,
            next_step=row.next_step,
            next_step_due_at=row.next_step_due_at,
            row=row,
        )


@node_kind("Opportunity")
async def load_opportunities(info: Info, ids: list[str]) -> Mapping[str, Any]:
    found = await service.of_ids(info.context.graph, info.context.viewer, ids)
    return {key: Opportunity.of(row) for key, row in found.items()}


@node_kind("Pipeline")
async def load_pipelines(info: Info, ids: list[str]) -> Mapping[str, Any]:
    known = await service.pipelines(info.context.graph, info.context.viewer)
    return {pipeline.id: Pipeline.of(pipeline) for pipeline in known if pipeline.id in ids}


@node_kind("Stage")
async def load_stages(info: Info, ids: list[str]) -> Mapping[str, Any]:
    known = await service.pipelines(info.context.graph, info.context.viewer)
    return {stage.id: Stage.of(stage) for pipeline in known for stage in pipeline.stages if stage.id in ids}


# ------------------------------------------------------------ fields elsewhere


@edge("Account.opportunities")
async def opportunities_of_account(
    info: Info, account_id: str, *, first: int | None, after: str | None, where: OpportunityWhere | None
) -> Connection[Opportunity]:
    special = came_from(RecordType.OPPORTUNITY)
    return await opportunities_of(
        info, "Account", account_id, wanted_of(where, first=first, after=after, special=special)
    )


@edge("Contact.opportunities")
async def opportunities_of_contact(
    info: Info, contact_id: str, *, first: int | None, after: str | None
) -> Connection[Opportunity]:
    return await opportunities_of(info, "Contact", contact_id, wanted_of(first=first, after=after))


async def opportunities_of(info: Info, kind: str, record_id: str, wanted: Wanted) -> Connection[Opportunity]:
    """One page of the deals of an account or of a contact, loaded together with those of its like."""
    of_each = service.of_accounts if kind == "Account" else service.of_contacts

    async def load(ids: list[str]) -> Mapping[str, Page[types.Opportunity]]:
        return await of_each(info.context.graph, info.context.viewer, ids, wanted)

    loader = info.context.kept(("opportunities", kind, repr(wanted)), lambda: one_each(load))
    return connection_of(await loader.load(record_id), Opportunity.of)


@edge("Account.openPipeline")
async def open_pipeline_of(info: Info, account_id: str) -> list[Money]:
    """What the open deals of an account amount to, one sum for each currency."""

    async def load(ids: list[str]) -> Mapping[str, list[Price]]:
        return await service.open_pipeline(info.context.graph, info.context.viewer, ids)

    prices: list[Price] = await info.context.kept("open pipelines", lambda: many_each(load)).load(account_id)
    return [Money(amount=price.amount, currency=price.currency) for price in prices]


# ------------------------------------------------------------------- questions


@strawberry.input(description="Which deals. AND, OR and NOT nest; null means no condition.")
class OpportunityWhere:
    all_of: list[OpportunityWhere] | None = strawberry.field(name="AND", default=None)
    any_of: list[OpportunityWhere] | None = strawberry.field(name="OR", default=None)
    none_of: OpportunityWhere | None = strawberry.field(name="NOT", default=None)
    id: IdFilter | None = None
    name: StringFilter | None = None
    account_id: IdFilter | None = None
    owner_id: IdFilter | None = None
    stage_key: StringFilter | None = None
    is_open: BooleanFilter | None = None
    amount: DecimalFilter | None = None
    close_date: DateFilter | None = None
    single_threaded: BooleanFilter | None = None
    source_key: SourceKeyInput | None = None


@strawberry.input(one_of=True, description="One order. amount sorts by currency, then amount.")
class OpportunityOrder:
    name: Direction | None = strawberry.UNSET
    amount: Direction | None = strawberry.UNSET
    close_date: Direction | None = strawberry.UNSET
    created_at: Direction | None = strawberry.UNSET


@strawberry.type
class OpportunitiesQuery:
    @strawberry.field(description="The pipelines, each with its stages.")
    async def pipelines(self, info: Info) -> list[Pipeline]:
        return [Pipeline.of(row) for row in await service.pipelines(info.context.graph, info.context.viewer)]

    @strawberry.field(description="The deal of that id, name or key of another system.")
    async def opportunity(self, info: Info, by: RecordBy) -> Opportunity | None:
        named = named_by(by, RecordType.OPPORTUNITY)
        found = await service.find(info.context.graph, info.context.viewer, **named)
        return None if found is None else Opportunity.of(found)

    @strawberry.field(description="Deals, by name unless another order is asked for.")
    async def opportunities(
        self,
        info: Info,
        where: OpportunityWhere | None = None,
        order_by: list[OpportunityOrder] | None = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Opportunity]:
        special = came_from(RecordType.OPPORTUNITY)
        wanted = wanted_of(where, order_by, first=first, after=after, last=last, before=before, special=special)
        page = await service.page(info.context.graph, info.context.viewer, wanted)
        return connection_of(page, Opportunity.of)


# ------------------------------------------------------------------- mutations


@strawberry.input(
    description=(
        "At least one of accountId and primaryContactId. The deal enters the first stage of its pipeline unless "
        "stageKey names another; an amount needs a currency."
    )
)
class CreateOpportunityInput:
    name: str
    account_id: strawberry.ID | None = None
    primary_contact_id: strawberry.ID | None = None
    kind: OpportunityKind | None = None
    pipeline_id: strawberry.ID | None = None
    stage_key: str | None = None
    amount: Decimal | None = None
    currency: str | None = None
    close_date: dt.date | None = None
    owner_id: strawberry.ID | None = None
    next_step: str | None = None
    next_step_due_at: dt.datetime | None = None
    source_key: SourceKeyInput | None = None
    idempotency_key: str | None = None
    client_mutation_id: str | None = None


@strawberry.input(description="To another stage of its pipeline, now or on a date that has passed.")
class MoveOpportunityInput:
    opportunity_id: strawberry.ID
    stage_key: str
    at: dt.datetime | None = None
    lost_reason: str | None = None
    expected_version: int | None = None
    idempotency_key: str | None = None
    client_mutation_id: str | None = None


@strawberry.input(
    description=(
        "Whose agreement the deal needs: these people, so many of them (all without a number), and who has a veto. "
        "Without anybody the usual rule holds: everyone who holds a deciding role."
    )
)
class SetConsensusRuleInput:
    opportunity_id: strawberry.ID
    needed_contact_ids: list[strawberry.ID] = strawberry.field(default_factory=list[strawberry.ID])
    needed_count: int | None = None
    veto_contact_ids: list[strawberry.ID] = strawberry.field(default_factory=list[strawberry.ID])
    expected_version: int | None = None
    idempotency_key: str | None = None
    client_mutation_id: str | None = None


@strawberry.type
class OpportunityPayload:
    client_mutation_id: str | None
    user_errors: list[UserError]
    opportunity: Opportunity | None = None


@strawberry.type
class OpportunitiesMutation:
    @strawberry.mutation(description="Makes a deal.")
    async def create_opportunity(self, info: Info, input: CreateOpportunityInput) -> OpportunityPayload:
        async def work() -> Mapping[str, Any]:
            wanted = types.NewOpportunity(
                name=input.name,
                account_id=input.account_id,
                primary_contact_id=input.primary_contact_id,
                kind=input.kind or OpportunityKind.NEW,
                pipeline_id=input.pipeline_id,
                stage_key=input.stage_key,
                amount=input.amount,
                currency=input.currency,
                close_date=input.close_date,
                owner_id=input.owner_id,
                next_step=input.next_step,
                next_step_due_at=input.next_step_due_at,
                source=source_of(input.source_key, RecordType.OPPORTUNITY),
            )
            made = await service.create(
                info.context.graph,
                info.context.viewer,
                wanted,
                default_currency=info.context.settings.default_currency,
                idempotency_key=input.idempotency_key,
            )
            return {"opportunity": Opportunity.of(made)}

        return await answered(info, OpportunityPayload, input.client_mutation_id, work())

    @strawberry.mutation(description="Moves a deal to another stage; a won one makes its people customers.")
    async def move_opportunity(self, info: Info, input: MoveOpportunityInput) -> OpportunityPayload:
        async def work() -> Mapping[str, Any]:
            moved = await service.move(
                info.context.graph,
                info.context.viewer,
                types.Move(input.opportunity_id, input.stage_key, input.at, input.lost_reason),
                expected_version=input.expected_version,
                idempotency_key=input.idempotency_key,
            )
            return {"opportunity": Opportunity.of(moved)}

        return await answered(info, OpportunityPayload, input.client_mutation_id, work())

    @strawberry.mutation(description="Says whose agreement a deal needs.")
    async def set_consensus_rule(self, info: Info, input: SetConsensusRuleInput) -> OpportunityPayload:
        async def work() -> Mapping[str, Any]:
            rule = types.ConsensusRule(
                tuple(input.needed_contact_ids), input.needed_count, tuple(input.veto_contact_ids)
            )
            found = await service.set_consensus_rule(
                info.context.graph,
                info.context.viewer,
                input.opportunity_id,
                rule,
                expected_version=input.expected_version,
                idempotency_key=input.idempotency_key,
            )
            return {"opportunity": Opportunity.of(found)}

        return await answered(info, OpportunityPayload, input.client_mutation_id, work())
