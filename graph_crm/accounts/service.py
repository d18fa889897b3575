"""What people do with accounts."""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final

from graph_crm.accounts import store
from graph_crm.accounts.domains import domain_of, host_of
from graph_crm.accounts.types import Account, NewAccount, PostalAddress
from graph_crm.changes import sources
from graph_crm.changes.types import RecordType, SourceKey
from graph_crm.errors import Ambiguous, Invalid, NotFound
from graph_crm.graph.client import Graph
from graph_crm.graph.lists import Wanted
from graph_crm.graph.pages import Page
from graph_crm.graph.texts import optional_line, required_line
from graph_crm.graph.write import Receipt, Write
from graph_crm.team.readers import own, refresh_readers
from graph_crm.viewer import Permission, Viewer

LONGEST_WEBSITE: Final = 500
LARGEST_COMPANY: Final = 10_000_000


async def of_ids(graph: Graph, viewer: Viewer, ids: Sequence[str]) -> dict[str, Account]:
    """The accounts with these ids that the viewer may see, by id."""
    viewer.require(Permission.READ_RECORDS)
    return {account.id: account for account in await store.of_ids(graph, ids, viewer)}


async def find(
    graph: Graph,
    viewer: Viewer,
    *,
    record_id: str | None = None,
    name: str | None = None,
    source: SourceKey | None = None,
) -> Account | None:
    """The account of that id, name or key of another system. A name that several share is refused."""
    viewer.require(Permission.READ_RECORDS)
    if name is not None:
        ids = await store.ids_of_name(graph, name, viewer)
        if len(ids) > 1:
            raise Ambiguous("Several accounts are called {name}.", name=name, candidates=ids, field=("by", "name"))
        record_id = ids[0] if ids else None
    elif source is not None:
        record_id = await sources.record_of_source(graph, viewer, source)
    if record_id is None:
        return None
    return next(iter(await store.of_ids(graph, [record_id], viewer)), None)


async def postal_addresses(graph: Graph, viewer: Viewer, record_ids: Sequence[str]) -> dict[str, list[PostalAddress]]:
    """Where each of these accounts and contacts gets letters, the first address first."""
    viewer.require(Permission.READ_RECORDS)
    found: dict[str, list[PostalAddress]] = defaultdict(list)
    for address in await store.postal_addresses(graph, record_ids, viewer):
        found[address.record_id].append(address)
    return dict(found)


async def page(graph: Graph, viewer: Viewer, wanted: Wanted) -> Page[Account]:
    """One page of the accounts that the viewer may see."""
    viewer.require(Permission.READ_RECORDS)
    return await store.page(graph, wanted, viewer)


async def children(graph: Graph, viewer: Viewer, ids: Sequence[str], wanted: Wanted) -> dict[str, Page[Account]]:
    """The accounts that are part of each of these, one page each."""
    viewer.require(Permission.READ_RECORDS)
    return await store.children(graph, ids, wanted, viewer)


async def create(graph: Graph, viewer: Viewer, asked: NewAccount, *, idempotency_key: str | None = None) -> Account:
    """Make an account; its owner is the viewer unless another colleague is named."""
    viewer.require(Permission.WRITE_RECORDS)
    account = checked(asked)
    receipt = Receipt.of("create account", dataclasses.asdict(account), idempotency_key)

    async def work(write: Write) -> str:
        account_id = await store.create(write, account)
        if account.parent_id is not None and not await store.put_under_parent(
            write, account_id, account.parent_id, viewer
        ):
            raise NotFound("There is no such account, or you may not see it.", field=("parentId",))
        await own(write, account_id, account.owner_id or viewer.user_id)
        if account.source is not None:
            await sources.attach_source(write, account_id, account.source)
        contact_ids: list[str] = []
        if account.is_person:
            contact_ids = [await store.create_person(write, account_id)]
            if account.source is not None:
                person = SourceKey(account.source.system, RecordType.CONTACT, account.source.key)
                await sources.attach_source(write, contact_ids[0], person)
            write.created(contact_ids[0], "contact.created", display_name=account.name, account_id=account_id)
        await refresh_readers(write, account_ids=[account_id], contact_ids=contact_ids)
        write.created(account_id, "account.created", **noted(account))
        return account_id

    account_id = await graph.write(work, viewer, receipt, locks=[account.parent_id] if account.parent_id else [])
    return await _seen(graph, viewer, account_id)


async def _seen(graph: Graph, viewer: Viewer, account_id: str) -> Account:
    found = await store.of_ids(graph, [account_id], viewer)
    if not found:
        raise NotFound("It was saved, but you may not see it: it belongs to a colleague outside your teams.")
    return found[0]


def checked(account: NewAccount) -> NewAccount:
    """The account as it will be kept. Refuses what cannot be."""
    website = optional_line(account.website, ("website",), longest=LONGEST_WEBSITE)
    if website is not None and host_of(website) is None:
        raise Invalid("{website} is not a web address.", website=website[:80], field=("website",))
    given = optional_line(account.domain, ("domain",))
    domain = domain_of(given or website or "")
    if given is not None and domain is None:
        raise Invalid(
            "{domain} is not an internet domain, such as example.com.", domain=given[:80], field=("domain",)
        )
    if account.satisfaction is not None and not 0 <= account.satisfaction <= 100:
        raise Invalid("Satisfaction goes from 0 to 100.", field=("satisfaction",))
    if account.employee_count is not None and not 0 <= account.employee_count <= LARGEST_COMPANY:
        raise Invalid(
            "The number of employees goes from 0 to {limit}.", limit=LARGEST_COMPANY, field=("employeeCount",)
        )
    if account.latitude is not None and not -90 <= account.latitude <= 90:
        raise Invalid("A latitude goes from -90 to 90.", field=("latitude",))
    if account.longitude is not None and not -180 <= account.longitude <= 180:
        raise Invalid("A longitude goes from -180 to 180.", field=("longitude",))
    if (account.latitude is None) is not (account.longitude is None):
        raise Invalid("Give latitude and longitude together, or neither.", field=("latitude",))
    return dataclasses.replace(
        account,
        name=required_line(account.name, ("name",)),
        legal_name=optional_line(account.legal_name, ("legalName",)),
        industry=optional_line(account.industry, ("industry",)),
        employee_band=optional_line(account.employee_band, ("employeeBand",), longest=40),
        website=website,
        domain=domain,
    )


def noted(account: NewAccount) -> dict[str, Any]:
    """What the audit trail keeps of a new account."""
    said = dataclasses.asdict(account)
    return {key: value for key, value in said.items() if value is not None and value is not False and key != "source"}
