"""Contacts and where they work, on the wire."""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from graph_crm.accounts.graphql import Account, PostalAddress, addresses_of
from graph_crm.accounts.types import LifecycleStage
from graph_crm.changes.graphql import ChangeEvent, SourceRecord, history_of, sources_of
from graph_crm.changes.types import RecordType
from graph_crm.contacts import service, types
from graph_crm.contacts.types import Seniority
from graph_crm.context import many_each, one_each
from graph_crm.filters import (
    DateTimeFilter,
    IdFilter,
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
from graph_crm.wire import (
    Connection,
    Info,
    Node,
    PageInfo,
    Person,
    UserError,
    along,
    answered,
    connection_of,
    edge,
    node_kind,
    one_of_kind,
    page_info_of,
)

strawberry.enum(Seniority, description="The level of an employment.")

if TYPE_CHECKING:
    from graph_crm.activities.graphql import Interaction, InteractionType, Note, NoteKind
    from graph_crm.opportunities.graphql import Opportunity
    from graph_crm.stakeholders.graphql import Stakeholder
    from graph_crm.ties.graphql import Tie


@strawberry.type(description="Someone on the customer side.")
class Contact(Node, Person):
    id: strawberry.ID
    version: int
    created_at: dt.datetime
    updated_at: dt.datetime
    display_name: str
    civility: str | None
    given_name: str | None
    family_name: str | None
    email_addresses: list[str]
    phone_numbers: list[str] = strawberry.field(
        description="In international form where the number is a valid one, else as it was given."
    )
    lifecycle_stage: LifecycleStage
    acquisition_source: str | None = strawberry.field(description="What made us meet: a fair, a referral, a form.")
    employer_as_given: str | None = strawberry.field(
        description="The employer as a file named it, while it is not known which account is meant."
    )
    do_not_contact: bool

    @strawberry.field(description="Where they work that day (today unless asked otherwise), the main one first.")
    async def employments(
        self, info: Info, as_of: dt.datetime | None = None, *, include_former: bool = False
    ) -> list[Employment]:
        async def load(ids: list[str]) -> Mapping[str, list[types.Employment]]:
            context = info.context
            return await service.employments(
                context.graph, context.viewer, ids, as_of=as_of, include_former=include_former
            )

        loader = info.context.kept(("employments", as_of, include_former), lambda: many_each(load))
        return [Employment.of(row) for row in await loader.load(self.id)]

    @strawberry.field(description="Whom they report to.")
    async def manager(self, info: Info, as_of: dt.datetime | None = None) -> Contact | None:
        async def load(ids: list[str]) -> Mapping[str, str]:
            return await service.managers(info.context.graph, info.context.viewer, ids, as_of=as_of)

        loader = info.context.kept(("managers", as_of), lambda: one_each(load))
        return await one_of_kind(info, "Contact", await loader.load(self.id))

    @strawberry.field(description="Who reports to them.")
    async def reports(
        self, info: Info, first: int | None = 20, after: str | None = None, as_of: dt.datetime | None = None
    ) -> Connection[Contact]:
        wanted = wanted_of(first=first, after=after)

        async def load(ids: list[str]) -> Mapping[str, Page[types.Contact]]:
            return await service.reports(info.context.graph, info.context.viewer, ids, wanted, as_of=as_of)

        loader = info.context.kept(("reports", wanted, as_of), lambda: one_each(load))
        return connection_of(await loader.load(self.id), Contact.of)

    @strawberry.field(description="The deals attached to this person, and those they have a part in.")
    async def opportunities(
        self, info: Info, first: int | None = 20, after: str | None = None
    ) -> Connection[Annotated[Opportunity, strawberry.lazy("graph_crm.opportunities.graphql")]]:
        return await along("Contact.opportunities", info, self.id, first=first, after=after)

    @strawberry.field(description="Their parts in deals and account plans; today unless asked otherwise.")
    async def stakeholder_in(
        self, info: Info, first: int = 20, after: str | None = None, as_of: dt.datetime | None = None
    ) -> Connection[Annotated[Stakeholder, strawberry.lazy("graph_crm.stakeholders.graphql")]]:
        return await along("Contact.stakeholderIn", info, self.id, first=first, after=after, as_of=as_of)

    @strawberry.field(description="Whom they know, the strongest tie first.")
    async def ties(
        self, info: Info, first: int = 20, after: str | None = None
    ) -> Connection[Annotated[Tie, strawberry.lazy("graph_crm.ties.graphql")]]:
        return await along("Contact.ties", info, self.id, first=first, after=after)

    @strawberry.field(description="What they took part in or what was about them, the newest first.")
    async def interactions(
        self,
        info: Info,
        first: int | None = 20,
        after: str | None = None,
        types: list[Annotated[InteractionType, strawberry.lazy("graph_crm.activities.graphql")]] | None = None,
    ) -> Connection[Annotated[Interaction, strawberry.lazy("graph_crm.activities.graphql")]]:
        return await along("interactions", info, self.id, kind="Contact", first=first, after=after, types=types)

    @strawberry.field(description="The earliest one held.")
    async def first_interaction(
        self, info: Info
    ) -> Annotated[Interaction, strawberry.lazy("graph_crm.activities.graphql")] | None:
        return await along("firstInteraction", info, self.id, kind="Contact")

    @strawberry.field(description="The newest one held; never one that lies ahead.")
    async def last_interaction(
        self, info: Info
    ) -> Annotated[Interaction, strawberry.lazy("graph_crm.activities.graphql")] | None:
        return await along("lastInteraction", info, self.id, kind="Contact")

    @strawberry.field(description="The next one planned.")
    async def next_interaction(
        self, info: Info
    ) -> Annotated[Interaction, strawberry.lazy("graph_crm.activities.graphql")] | None:
        return await along("nextInteraction", info, self.id, kind="Contact")

    @strawberry.field(description="What was noted about them, the newest first.")
    async def notes(
        self,
        info: Info,
        first: int | None = 20,
        after: str | None = None,
        kinds: list[Annotated[NoteKind, strawberry.lazy("graph_crm.activities.graphql")]] | None = None,
    ) -> Connection[Annotated[Note, strawberry.lazy("graph_crm.activities.graphql")]]:
        return await along("notes", info, self.id, kind="Contact", first=first, after=after, kinds=kinds)

    @strawberry.field(description="Where they get letters.")
    async def addresses(self, info: Info) -> list[PostalAddress]:
        return await addresses_of(info, self.id)

    @strawberry.field(description="Which other systems know them, and by what key.")
    async def sources(self, info: Info) -> list[SourceRecord]:
        return await sources_of(info, self.id)

    @strawberry.field(description="Who changed what, the newest first.")
    async def history(self, info: Info, first: int = 20, after: str | None = None) -> Connection[ChangeEvent]:
        return await history_of(info, self.id, first, after)

    @staticmethod
    def of(contact: types.Contact) -> Contact:
        return Contact(
            id=strawberry.ID(contact.id),
            version=contact.version,
            created_at=contact.created_at,
            updated_at=contact.updated_at,
            display_name=contact.display_name,
            civility=contact.civility,
            given_name=contact.given_name,
            family_name=contact.family_name,
            email_addresses=contact.email_addresses,
            phone_numbers=contact.phone_numbers,
            lifecycle_stage=contact.lifecycle_stage,
            acquisition_source=contact.acquisition_source,
            employer_as_given=contact.employer_as_given,
            do_not_contact=contact.do_not_contact,
        )


@strawberry.type(description="Somebody's work at an account. No first day: not known; no last day: still there.")
class Employment(Node):
    id: strawberry.ID
    title: str | None
    department: str | None
    seniority: Seniority
    seniority_derived: bool = strawberry.field(description="Whether the level was read from the title.")
    is_primary: bool
    valid_from: dt.date | None
    valid_to: dt.date | None = strawberry.field(description="The first day on which they no longer worked there.")
    contact_id: strawberry.Private[str]
    account_id: strawberry.Private[str]

    @strawberry.field
    async def contact(self, info: Info) -> Contact:
        return await one_of_kind(info, "Contact", self.contact_id)

    @strawberry.field
    async def account(self, info: Info) -> Account:
        return await one_of_kind(info, "Account", self.account_id)

    @staticmethod
    def of(employment: types.Employment) -> Employment:
        return Employment(
            id=strawberry.ID(employment.id),
            title=employment.title,
            department=employment.department,
            seniority=employment.seniority,
            seniority_derived=employment.seniority_derived,
            is_primary=employment.is_primary,
            valid_from=employment.valid_from,
            valid_to=employment.valid_to,
            contact_id=employment.contact_id,
            account_id=employment.account_id,
        )


@strawberry.type(description="Somebody who works at the account, and their employment there.")
class EmploymentEdge:
    cursor: str
    node: Contact
    employment: Employment


@strawberry.type
class EmploymentConnection:
    page_info: PageInfo
    edges: list[EmploymentEdge]
    count: strawberry.Private[Callable[[], Awaitable[int]]]

    @strawberry.field(description="How many there are in all; counted only when asked for.")
    async def total_count(self) -> int:
        return await self.count()

    @staticmethod
    def of(page: Page[types.EmployedContact]) -> EmploymentConnection:
        edges = [
            EmploymentEdge(cursor=cursor, node=Contact.of(row), employment=Employment.of(row.employment))
            for cursor, row in zip(page.cursors, page.rows, strict=True)
        ]
        return EmploymentConnection(page_info=page_info_of(page), edges=edges, count=page.count)


@edge("Account.contacts")
async def contacts_of_account(
    info: Info,
    account_id: str,
    *,
    first: int | None,
    after: str | None,
    as_of: dt.datetime | None,
    include_former: bool,
) -> EmploymentConnection:
    wanted = wanted_of(first=first, after=after)

    async def load(ids: list[str]) -> Mapping[str, Page[types.EmployedContact]]:
        context = info.context
        return await service.of_accounts(
            context.graph, context.viewer, ids, wanted, as_of=as_of, include_former=include_former
        )

    loader = info.context.kept(("contacts of accounts", wanted, as_of, include_former), lambda: one_each(load))
    return EmploymentConnection.of(await loader.load(account_id))


@node_kind("Contact")
async def load_contacts(info: Info, ids: list[str]) -> Mapping[str, Any]:
    found = await service.of_ids(info.context.graph, info.context.viewer, ids)
    return {key: Contact.of(contact) for key, contact in found.items()}


@node_kind("WORKS_AT")
async def load_employments(info: Info, ids: list[str]) -> Mapping[str, Any]:
    found = await service.employments_of_ids(info.context.graph, info.context.viewer, ids)
    return {key: Employment.of(employment) for key, employment in found.items()}


# ----------------------------------------------------------------- questions


@strawberry.input(
    description="Which contacts. title and accountId are those of today. AND, OR and NOT nest; null says nothing."
)
class ContactWhere:
    all_of: list[ContactWhere] | None = strawberry.field(name="AND", default=None)
    any_of: list[ContactWhere] | None = strawberry.field(name="OR", default=None)
    none_of: ContactWhere | None = strawberry.field(name="NOT", default=None)
    id: IdFilter | None = None
    name: StringFilter | None = None
    email_address: StringFilter | None = None
    title: StringFilter | None = None
    account_id: IdFilter | None = None
    lifecycle_stage: LifecycleFilter | None = None
    last_interaction_at: DateTimeFilter | None = None
    source_key: SourceKeyInput | None = None


@strawberry.input(one_of=True, description="One order. Contacts without a value come last, whichever way.")
class ContactOrder:
    name: Direction | None = strawberry.UNSET
    created_at: Direction | None = strawberry.UNSET
    last_interaction_at: Direction | None = strawberry.UNSET


@strawberry.type
class ContactsQuery:
    @strawberry.field(description="The contact of that id, name or key of another system.")
    async def contact(self, info: Info, by: RecordBy) -> Contact | None:
        named = named_by(by, RecordType.CONTACT)
        found = await service.find(info.context.graph, info.context.viewer, **named)
        return None if found is None else Contact.of(found)

    @strawberry.field(description="Contacts, by name unless another order is asked for.")
    async def contacts(
        self,
        info: Info,
        where: ContactWhere | None = None,
        order_by: list[ContactOrder] | None = None,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
    ) -> Connection[Contact]:
        special = came_from(RecordType.CONTACT)
        wanted = wanted_of(where, order_by, first=first, after=after, last=last, before=before, special=special)
        page = await service.page(info.context.graph, info.context.viewer, wanted)
        return connection_of(page, Contact.of)


# ----------------------------------------------------------------- mutations


@strawberry.input(
    description=(
        "A name or an e-mail address is needed, first names are not. accountId says where they work, "
        "validFrom since when, if that is known."
    )
)
class CreateContactInput:
    civility: str | None = None
    given_name: str | None = None
    family_name: str | None = None
    email_addresses: list[str] | None = None
    phone_numbers: list[str] | None = None
    lifecycle_stage: LifecycleStage | None = None
    acquisition_source: str | None = None
    do_not_contact: bool | None = None
    account_id: strawberry.ID | None = None
    title: str | None = None
    department: str | None = None
    seniority: Seniority | None = None
    valid_from: dt.date | None = None
    source_key: SourceKeyInput | None = None
    idempotency_key: str | None = None
    client_mutation_id: str | None = None


@strawberry.input(
    description=(
        "Says that somebody works for an account, from today unless validFrom says otherwise, and which "
        "employments end the same day. Without a seniority the title tells one."
    )
)
class EmployContactInput:
    contact_id: strawberry.ID
    account_id: strawberry.ID
    title: str | None = None
    department: str | None = None
    seniority: Seniority | None = None
    is_primary: bool | None = None
    valid_from: dt.date | None = None
    end_employment_ids: list[strawberry.ID] | None = None
    idempotency_key: str | None = None
    client_mutation_id: str | None = None


@strawberry.input(description="Corrects an employment or ends it. What is left out stays; null takes a value away.")
class UpdateEmploymentInput:
    employment_id: strawberry.ID
    title: str | None = strawberry.UNSET
    department: str | None = strawberry.UNSET
    seniority: Seniority | None = strawberry.UNSET
    is_primary: bool | None = strawberry.UNSET
    valid_from: dt.date | None = strawberry.UNSET
    valid_to: dt.date | None = strawberry.UNSET
    idempotency_key: str | None = None
    client_mutation_id: str | None = None


EMPLOYMENT_FIELDS = ("title", "department", "seniority", "is_primary", "valid_from", "valid_to")


@strawberry.type
class ContactPayload:
    client_mutation_id: str | None = None
    contact: Contact | None = None
    user_errors: list[UserError]


@strawberry.type
class ContactsMutation:
    @strawberry.mutation(description="Record a person.")
    async def create_contact(self, info: Info, input: CreateContactInput) -> ContactPayload:
        async def work() -> Mapping[str, Any]:
            asked = types.NewContact(
                civility=input.civility,
                given_name=input.given_name,
                family_name=input.family_name,
                email_addresses=tuple(input.email_addresses or ()),
                phone_numbers=tuple(input.phone_numbers or ()),
                lifecycle_stage=input.lifecycle_stage or LifecycleStage.PROSPECT,
                acquisition_source=input.acquisition_source,
                do_not_contact=bool(input.do_not_contact),
                account_id=input.account_id,
                post=types.Post(input.title, input.department, input.seniority, valid_from=input.valid_from),
                source=source_of(input.source_key, RecordType.CONTACT),
            )
            made = await service.create(
                info.context.graph,
                info.context.viewer,
                asked,
                region=info.context.settings.default_region,
                idempotency_key=input.idempotency_key,
            )
            return {"contact": Contact.of(made)}

        return await answered(info, ContactPayload, input.client_mutation_id, work())

    @strawberry.mutation(description="Note that somebody works for an account.")
    async def employ_contact(self, info: Info, input: EmployContactInput) -> ContactPayload:
        async def work() -> Mapping[str, Any]:
            employed = await service.employ(
                info.context.graph,
                info.context.viewer,
                input.contact_id,
                input.account_id,
                types.Post(input.title, input.department, input.seniority, input.is_primary, input.valid_from),
                ended_ids=input.end_employment_ids or (),
                idempotency_key=input.idempotency_key,
            )
            return {"contact": Contact.of(employed)}

        return await answered(info, ContactPayload, input.client_mutation_id, work())

    @strawberry.mutation(description="Correct an employment, or end it.")
    async def update_employment(self, info: Info, input: UpdateEmploymentInput) -> ContactPayload:
        async def work() -> Mapping[str, Any]:
            said = {name: getattr(input, name) for name in EMPLOYMENT_FIELDS}
            given = {name: value for name, value in said.items() if value is not strawberry.UNSET}
            updated = await service.update_employment(
                info.context.graph,
                info.context.viewer,
                input.employment_id,
                given,
                idempotency_key=input.idempotency_key,
            )
            return {"contact": Contact.of(updated)}

        return await answered(info, ContactPayload, input.client_mutation_id, work())
