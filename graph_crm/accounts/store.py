"""Questions and statements about accounts, one function each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from graph_crm.accounts.types import Account, NewAccount, PostalAddress
from graph_crm.graph.client import Graph
from graph_crm.graph.folding import fold, search_folded, search_text
from graph_crm.graph.lists import (
    Kind,
    Listing,
    Order,
    Wanted,
    columns_of,
    existence_filter,
    id_filter,
    linked_id_filter,
    linked_text_filter,
    number_filter,
    text_filter,
    trimmed_lower,
    word_filter,
)
from graph_crm.graph.pages import Page
from graph_crm.graph.query import query
from graph_crm.graph.write import Write
from graph_crm.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Found:
    id: str


OF_IDS = query("accounts/of_ids", Account)
OF_NAME = query("accounts/of_name", Found)
CREATE = query("accounts/create", Found)
CREATE_PERSON = query("accounts/create_person", Found)
PUT_UNDER_PARENT = query("accounts/put_under_parent", Found)
POSTAL_ADDRESSES = query("accounts/postal_addresses", PostalAddress)

ORDERS = {
    "name": Order.by("account.name_key"),
    "created_at": Order.by("account.created_at", Kind.MOMENT),
    "last_interaction_at": Order.by("account.last_interaction_at", Kind.MOMENT, optional=True),
}

FILTERS = {
    "id": id_filter("account.id"),
    "name": text_filter("account.name_key"),
    "domain": text_filter("account.domain", prepare=trimmed_lower),
    "industry": text_filter("account.industry_key"),
    "country": linked_text_filter(
        "MATCH (account)-[:HAS_ADDRESS]->(address:PostalAddress) WHERE true",
        "address.country_key",
    ),
    "employee_count": number_filter("account.employee_count"),
    "lifecycle_stage": word_filter("account.lifecycle_stage"),
    "owner_id": linked_id_filter(
        "MATCH (account)<-[ownership:OWNS]-(owner:User)"
        " WHERE (ownership.valid_from IS NULL OR ownership.valid_from <= $today)"
        " AND (ownership.valid_to IS NULL OR ownership.valid_to > $today)",
        "owner.id",
    ),
    "last_interaction_at": number_filter("account.last_interaction_at"),
    "source_key": existence_filter("(account)-[:FROM_SOURCE]->(:SourceRecord {key: $value})"),
}

LIST = Listing(
    name="accounts/list",
    row=Account,
    match="MATCH (account:Account)\nWHERE any(group IN account.readers WHERE group IN $viewer_groups)",
    carried="account",
    identity="account.id",
    returning=columns_of(OF_IDS),
    orders=ORDERS,
    filters=FILTERS,
)

CHILDREN = Listing(
    name="accounts/children",
    row=Account,
    match=(
        "MATCH (parent:Record:Account {id: of_id})<-[membership:PART_OF]-(account:Account)\n"
        "WHERE (membership.valid_to IS NULL OR membership.valid_to > $today)\n"
        "  AND any(group IN parent.readers WHERE group IN $viewer_groups)\n"
        "  AND any(group IN account.readers WHERE group IN $viewer_groups)"
    ),
    carried="account",
    identity="account.id",
    returning=columns_of(OF_IDS),
    orders=ORDERS,
    anchored=True,
)


def today(graph: Graph) -> dt.date:
    return graph.now().date()


async def postal_addresses(graph: Graph, record_ids: Sequence[str], viewer: Viewer) -> list[PostalAddress]:
    return await graph.read(POSTAL_ADDRESSES, record_ids=list(record_ids), viewer_groups=viewer.groups)


async def of_ids(graph: Graph, ids: Sequence[str], viewer: Viewer) -> list[Account]:
    return await graph.read(OF_IDS, account_ids=list(ids), viewer_groups=viewer.groups, today=today(graph))


async def ids_of_name(graph: Graph, name: str, viewer: Viewer) -> list[str]:
    rows = await graph.read(OF_NAME, name_key=fold(name), viewer_groups=viewer.groups)
    return [row.id for row in rows]


async def page(graph: Graph, wanted: Wanted, viewer: Viewer) -> Page[Account]:
    return await LIST.page(graph, wanted, viewer_groups=viewer.groups, today=today(graph))


async def children(graph: Graph, ids: Sequence[str], wanted: Wanted, viewer: Viewer) -> dict[str, Page[Account]]:
    return await CHILDREN.pages_of_each(graph, ids, wanted, viewer_groups=viewer.groups, today=today(graph))


async def create(write: Write, account: NewAccount) -> str:
    """A new account that nobody may see yet: its readers come from its relationships."""
    account_id = write.new_id()
    await write.run(
        CREATE,
        id=account_id,
        now=write.now,
        creator_id=write.actor_id,
        source="graph_crm" if account.source is None else account.source.system,
        name=account.name,
        name_key=fold(account.name),
        legal_name=account.legal_name,
        is_person=account.is_person,
        domain=account.domain,
        website=account.website,
        industry=account.industry,
        industry_key=None if account.industry is None else fold(account.industry),
        employee_count=account.employee_count,
        employee_band=account.employee_band,
        lifecycle_stage=account.lifecycle_stage,
        satisfaction=account.satisfaction,
        latitude=account.latitude,
        longitude=account.longitude,
        search_text=search_text(account.name, account.legal_name, account.domain),
        search_folded=search_folded(account.name, account.legal_name, account.domain),
    )
    return account_id


async def create_person(write: Write, account_id: str) -> str:
    """The contact who is a person account."""
    contact_id = write.new_id()
    await write.run(
        CREATE_PERSON,
        account_id=account_id,
        id=contact_id,
        employment_id=write.new_id(),
        now=write.now,
        creator_id=write.actor_id,
    )
    return contact_id


async def put_under_parent(write: Write, account_id: str, parent_id: str, viewer: Viewer) -> bool:
    """Whether the account is now part of that parent."""
    row = await write.one(
        PUT_UNDER_PARENT,
        account_id=account_id,
        parent_id=parent_id,
        id=write.new_id(),
        today=write.now.date(),
        viewer_groups=viewer.groups,
    )
    return row is not None
