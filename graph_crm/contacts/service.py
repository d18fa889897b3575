"""What people do with contacts and their employments."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final

from graph_crm.changes import sources
from graph_crm.changes.types import SourceKey
from graph_crm.contacts import store
from graph_crm.contacts.addresses import Reach, email_address, phone_number
from graph_crm.contacts.employments import begun, corrected
from graph_crm.contacts.names import display_name
from graph_crm.contacts.types import Contact, EmployedContact, Employment, NewContact, Post
from graph_crm.errors import Ambiguous, Invalid, NotFound
from graph_crm.graph.client import Graph
from graph_crm.graph.lists import Wanted
from graph_crm.graph.pages import Page
from graph_crm.graph.texts import optional_line
from graph_crm.graph.write import Receipt, Write
from graph_crm.team.readers import refresh_readers, require_writable
from graph_crm.viewer import Permission, Viewer

MOST_ADDRESSES: Final = 20


async def of_ids(graph: Graph, viewer: Viewer, ids: Sequence[str]) -> dict[str, Contact]:
    """The contacts with these ids whom the viewer may see, by id."""
    viewer.require(Permission.READ_RECORDS)
    return {contact.id: contact for contact in await store.of_ids(graph, ids, viewer)}


async def find(
    graph: Graph,
    viewer: Viewer,
    *,
    record_id: str | None = None,
    name: str | None = None,
    source: SourceKey | None = None,
) -> Contact | None:
    """The contact of that id, name or key of another system. A name that several share is refused."""
    viewer.require(Permission.READ_RECORDS)
    if name is not None:
        ids = await store.ids_of_name(graph, name, viewer)
        if len(ids) > 1:
            raise Ambiguous("Several people are called {name}.", name=name, candidates=ids, field=("by", "name"))
        record_id = ids[0] if ids else None
    elif source is not None:
        record_id = await sources.record_of_source(graph, viewer, source)
    if record_id is None:
        return None
    return next(iter(await store.of_ids(graph, [record_id], viewer)), None)


async def page(graph: Graph, viewer: Viewer, wanted: Wanted) -> Page[Contact]:
    """One page of the contacts that the viewer may see."""
    viewer.require(Permission.READ_RECORDS)
    return await store.page(graph, wanted, viewer)


async def of_accounts(
    graph: Graph,
    viewer: Viewer,
    ids: Sequence[str],
    wanted: Wanted,
    *,
    as_of: dt.datetime | None = None,
    include_former: bool = False,
) -> dict[str, Page[EmployedContact]]:
    """Who works at each of these accounts that day, one page each; with those who worked there before if asked."""
    viewer.require(Permission.READ_RECORDS)
    day = (as_of or graph.now()).date()
    return await store.of_accounts(graph, ids, wanted, viewer, day=day, include_former=include_former)


async def reports(
    graph: Graph, viewer: Viewer, ids: Sequence[str], wanted: Wanted, *, as_of: dt.datetime | None = None
) -> dict[str, Page[Contact]]:
    """Who reports to each of these contacts, one page each."""
    viewer.require(Permission.READ_RECORDS)
    return await store.reports(graph, ids, wanted, viewer, as_of=as_of or graph.now())


async def managers(
    graph: Graph, viewer: Viewer, ids: Sequence[str], *, as_of: dt.datetime | None = None
) -> dict[str, str]:
    """The id of whom each of these contacts reports to."""
    viewer.require(Permission.READ_RECORDS)
    rows = await store.managers(graph, ids, viewer, as_of=as_of or graph.now())
    return {row.contact_id: row.manager_id for row in rows}


async def employments_of_ids(graph: Graph, viewer: Viewer, ids: Sequence[str]) -> dict[str, Employment]:
    """The employments with these ids that the viewer may see, by id."""
    viewer.require(Permission.READ_RECORDS)
    return {employment.id: employment for employment in await store.employments_of_ids(graph, ids, viewer)}


async def employments(
    graph: Graph,
    viewer: Viewer,
    ids: Sequence[str],
    *,
    as_of: dt.datetime | None = None,
    include_former: bool = False,
) -> dict[str, list[Employment]]:
    """Where each of these contacts works that day, the main employment first; with earlier ones if asked."""
    viewer.require(Permission.READ_RECORDS)
    day = (as_of or graph.now()).date()
    found: dict[str, list[Employment]] = defaultdict(list)
    for row in await store.employments_of_contacts(graph, ids, viewer, day=day, include_former=include_former):
        found[row.contact_id].append(row)
    return dict(found)


async def create(
    graph: Graph, viewer: Viewer, asked: NewContact, *, region: str, idempotency_key: str | None = None
) -> Contact:
    """Record a person; telephone numbers without a prefix are of that region."""
    viewer.require(Permission.WRITE_RECORDS)
    contact = checked(asked)
    emails = emails_of(contact)
    phones = phones_of(contact, region)
    shown = display_name(contact.civility, contact.given_name, contact.family_name)
    shown = shown or next((email.as_given for email in emails), None)
    if shown is None:
        raise Invalid("Give a name or an e-mail address.", field=("familyName",))
    named: str = shown
    receipt = Receipt.of("create contact", [dataclasses.asdict(contact), region], idempotency_key)

    async def work(write: Write) -> str:
        contact_id = await store.create(write, contact, named, emails)
        await store.reach(write, contact_id, emails, phones)
        if contact.account_id is not None:
            employment, _ = begun(
                [],
                contact.post,
                id=write.new_id(),
                contact_id=contact_id,
                account_id=contact.account_id,
                ended_ids=(),
                begins=contact.post.valid_from,
                today=write.now.date(),
            )
            await _employ(write, employment, viewer)
        if contact.source is not None:
            await sources.attach_source(write, contact_id, contact.source)
        await refresh_readers(write, contact_ids=[contact_id])
        write.created(contact_id, "contact.created", **noted(contact, named, emails, phones))
        return contact_id

    locks = [contact.account_id] if contact.account_id else []
    return await _seen(graph, viewer, await graph.write(work, viewer, receipt, locks=locks))


async def employ(
    graph: Graph,
    viewer: Viewer,
    contact_id: str,
    account_id: str,
    post: Post,
    *,
    ended_ids: Sequence[str] = (),
    idempotency_key: str | None = None,
) -> Contact:
    """Note that somebody works for an account, from today unless said otherwise, and what they left for it."""
    viewer.require(Permission.WRITE_RECORDS)
    asked = [contact_id, account_id, dataclasses.asdict(post), list(ended_ids)]
    receipt = Receipt.of("employ contact", asked, idempotency_key)

    async def work(write: Write) -> str:
        await require_writable(write, viewer, contact_id)
        today = write.now.date()
        held = await store.employments_of_contact(write, contact_id, viewer)
        new, different = begun(
            held,
            post,
            id=write.new_id(),
            contact_id=contact_id,
            account_id=account_id,
            ended_ids=ended_ids,
            begins=post.valid_from or today,
            today=today,
        )
        for employment in different:
            await store.set_employment(write, employment)
        await _employ(write, new, viewer)
        await refresh_readers(write, contact_ids=[contact_id])
        before = {employment.id: employment for employment in held}
        for employment in different:
            note_change(write, before[employment.id], employment)
        write.linked(contact_id, "contact.employed", after=told(new), also_about=[account_id])
        return contact_id

    return await _seen(graph, viewer, await graph.write(work, viewer, receipt, locks=[contact_id, account_id]))


async def update_employment(
    graph: Graph, viewer: Viewer, employment_id: str, given: Mapping[str, Any], *, idempotency_key: str | None = None
) -> Contact:
    """Correct an employment or end it: `given` holds the fields to set."""
    viewer.require(Permission.WRITE_RECORDS)
    receipt = Receipt.of("update employment", [employment_id, dict(given)], idempotency_key)
    known = await store.employments_of_ids(graph, [employment_id], viewer)
    if not known:
        raise _no_employment()
    contact_id = known[0].contact_id

    async def work(write: Write) -> str:
        await require_writable(write, viewer, contact_id)
        held = {each.id: each for each in await store.employments_of_contact(write, contact_id, viewer)}
        employment = held.get(employment_id)
        if employment is None:
            raise _no_employment()
        new = corrected(employment, given)
        if new == employment:
            return contact_id
        await store.set_employment(write, new)
        note_change(write, employment, new)
        today = write.now.date()
        for other in held.values():
            if new.is_primary and other.is_primary and other.id != new.id and other.in_force(today):
                different = dataclasses.replace(other, is_primary=False)
                await store.set_employment(write, different)
                note_change(write, other, different)
        return contact_id

    return await _seen(graph, viewer, await graph.write(work, viewer, receipt, locks=[contact_id]))


def _no_employment() -> NotFound:
    return NotFound("There is no such employment, or you may not see it.", field=("employmentId",))


async def _employ(write: Write, employment: Employment, viewer: Viewer) -> None:
    if not await store.employ(write, employment, viewer):
        raise NotFound("There is no such account, or you may not see it.", field=("accountId",))


async def _seen(graph: Graph, viewer: Viewer, contact_id: str) -> Contact:
    found = await store.of_ids(graph, [contact_id], viewer)
    if not found:
        raise NotFound("It was saved, but you may not see it: it belongs to a colleague outside your teams.")
    return found[0]


def checked(contact: NewContact) -> NewContact:
    """The contact as it will be kept. Refuses what cannot be."""
    return dataclasses.replace(
        contact,
        civility=optional_line(contact.civility, ("civility",), longest=40),
        given_name=optional_line(contact.given_name, ("givenName",)),
        family_name=optional_line(contact.family_name, ("familyName",)),
        acquisition_source=optional_line(contact.acquisition_source, ("acquisitionSource",)),
    )


def emails_of(contact: NewContact) -> list[Reach]:
    """The e-mail addresses, each once, in the order given."""
    if len(contact.email_addresses) > MOST_ADDRESSES:
        raise Invalid("At most {limit} addresses for one person.", limit=MOST_ADDRESSES, field=("emailAddresses",))
    found = [
        email_address(text, ("emailAddresses", str(place))) for place, text in enumerate(contact.email_addresses)
    ]
    return list({reach.value: reach for reach in found}.values())


def phones_of(contact: NewContact, region: str) -> list[Reach]:
    """The telephone numbers, each once, in the order given."""
    if len(contact.phone_numbers) > MOST_ADDRESSES:
        raise Invalid("At most {limit} numbers for one person.", limit=MOST_ADDRESSES, field=("phoneNumbers",))
    numbered = enumerate(contact.phone_numbers)
    found = [phone_number(text, region, ("phoneNumbers", str(place))) for place, text in numbered]
    return list({reach.value: reach for reach in found if reach is not None}.values())


def noted(contact: NewContact, shown: str, emails: list[Reach], phones: list[Reach]) -> dict[str, Any]:
    """What the audit trail keeps of a new contact."""
    said: dict[str, Any] = {
        "display_name": shown,
        "civility": contact.civility,
        "given_name": contact.given_name,
        "family_name": contact.family_name,
        "email_addresses": [reach.value for reach in emails],
        "phone_numbers": [reach.value for reach in phones],
        "lifecycle_stage": contact.lifecycle_stage.value,
        "acquisition_source": contact.acquisition_source,
        "account_id": contact.account_id,
        "title": contact.post.title,
    }
    return {key: value for key, value in said.items() if value}


def told(employment: Employment) -> dict[str, Any]:
    """An employment as the audit trail keeps it."""
    said = dataclasses.asdict(employment)
    return {key: value for key, value in said.items() if key not in {"id", "contact_id"} and value is not None}


def note_change(write: Write, before: Employment, after: Employment) -> None:
    """Note in the audit trail what changed of an employment; the person's own fields stay as they are."""
    old, new = dataclasses.asdict(before), dataclasses.asdict(after)
    fields = [key for key in new if new[key] != old[key]]
    write.linked(
        after.contact_id,
        "employment.changed",
        before={"account_id": before.account_id, **{key: old[key] for key in fields}},
        after={"account_id": after.account_id, **{key: new[key] for key in fields}},
        also_about=sorted({before.account_id, after.account_id}),
    )
