"""Questions and statements about contacts and where they work, one function each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graph_crm.contacts.addresses import Reach
from graph_crm.contacts.names import keys_of, name_key
from graph_crm.contacts.types import Contact, EmployedContact, Employment, NewContact
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
from graph_crm.graph.query import Nothing, query
from graph_crm.graph.write import Write
from graph_crm.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Found:
    id: str


@dataclass(frozen=True, slots=True)
class Managed:
    contact_id: str
    manager_id: str


OF_IDS = query("contacts/of_ids", Contact)
OF_NAME = query("contacts/of_name", Found)
CREATE = query("contacts/create", Found)
REACH_BY_EMAIL = query("contacts/reach_by_email", Nothing)
REACH_BY_PHONE = query("contacts/reach_by_phone", Nothing)
EMPLOY = query("contacts/employ", Found)
SET_EMPLOYMENT = query("contacts/set_employment", Nothing)
EMPLOYMENTS_OF_IDS = query("contacts/employments_of_ids", Employment)
EMPLOYMENTS_OF_CONTACT = query("contacts/employments_of_contact", Employment)
EMPLOYMENTS_OF_CONTACTS = query("contacts/employments_of_contacts", Employment)
MANAGERS = query("contacts/managers", Managed)

ORDERS = {
    "name": Order.by("contact.name_key"),
    "created_at": Order.by("contact.created_at", Kind.MOMENT),
    "last_interaction_at": Order.by("contact.last_interaction_at", Kind.MOMENT, optional=True),
}

FILTERS = {
    "id": id_filter("contact.id"),
    "name": text_filter("contact.name_key"),
    "email_address": linked_text_filter(
        "MATCH (contact)-[:HAS_EMAIL]->(address:EmailAddress) WHERE address.value IS NOT NULL",
        "address.value",
        prepare=trimmed_lower,
    ),
    "title": linked_text_filter(
        "MATCH (contact)-[employment:WORKS_AT]->(account:Account)"
        " WHERE (employment.valid_from IS NULL OR employment.valid_from <= $today)"
        " AND (employment.valid_to IS NULL OR employment.valid_to > $today)"
        " AND any(group IN account.readers WHERE group IN $viewer_groups)"
        " AND employment.title IS NOT NULL",
        "coalesce(employment.title_key, toLower(employment.title))",
    ),
    "account_id": linked_id_filter(
        "MATCH (contact)-[employment:WORKS_AT]->(account:Account)"
        " WHERE (employment.valid_from IS NULL OR employment.valid_from <= $today)"
        " AND (employment.valid_to IS NULL OR employment.valid_to > $today)"
        " AND any(group IN account.readers WHERE group IN $viewer_groups)",
        "account.id",
    ),
    "lifecycle_stage": word_filter("contact.lifecycle_stage"),
    "last_interaction_at": number_filter("contact.last_interaction_at"),
    "source_key": existence_filter("(contact)-[:FROM_SOURCE]->(:SourceRecord {key: $value})"),
}

LIST = Listing(
    name="contacts/list",
    row=Contact,
    match="MATCH (contact:Contact)\nWHERE any(group IN contact.readers WHERE group IN $viewer_groups)",
    carried="contact",
    identity="contact.id",
    returning=columns_of(OF_IDS),
    orders=ORDERS,
    filters=FILTERS,
)

OF_ACCOUNTS = Listing(
    name="contacts/of_accounts",
    row=EmployedContact,
    match=(
        "MATCH (account:Record:Account {id: of_id})<-[employment:WORKS_AT]-(contact:Contact)\n"
        "WHERE (employment.valid_from IS NULL OR employment.valid_from <= $day)\n"
        "  AND ($include_former OR employment.valid_to IS NULL OR employment.valid_to > $day)\n"
        "  AND any(group IN account.readers WHERE group IN $viewer_groups)\n"
        "  AND any(group IN contact.readers WHERE group IN $viewer_groups)"
    ),
    carried="contact, employment",
    identity="employment.id",
    returning=columns_of(OF_IDS)
    + """,
       {
         id: employment.id,
         contact_id: contact.id,
         account_id: of_id,
         title: employment.title,
         department: employment.department,
         seniority: coalesce(employment.seniority, 'UNKNOWN'),
         seniority_derived: coalesce(employment.seniority_derived, false),
         is_primary: coalesce(employment.is_primary, false),
         valid_from: employment.valid_from,
         valid_to: employment.valid_to
       } AS employment""",
    orders=ORDERS,
    anchored=True,
)

REPORTS = Listing(
    name="contacts/reports",
    row=Contact,
    match=(
        "MATCH (manager:Record:Contact {id: of_id})<-[line:REPORTS_TO]-(contact:Contact)\n"
        "WHERE line.kind = 'SOLID'\n"
        "  AND (line.valid_from IS NULL OR line.valid_from <= $as_of)\n"
        "  AND (line.valid_to IS NULL OR line.valid_to > $as_of)\n"
        "  AND any(group IN manager.readers WHERE group IN $viewer_groups)\n"
        "  AND any(group IN contact.readers WHERE group IN $viewer_groups)"
    ),
    carried="contact",
    identity="contact.id",
    returning=columns_of(OF_IDS),
    orders=ORDERS,
    anchored=True,
)


async def of_ids(graph: Graph, ids: Sequence[str], viewer: Viewer) -> list[Contact]:
    return await graph.read(OF_IDS, contact_ids=list(ids), viewer_groups=viewer.groups)


async def ids_of_name(graph: Graph, name: str, viewer: Viewer) -> list[str]:
    rows = await graph.read(OF_NAME, name_keys=keys_of(name), viewer_groups=viewer.groups)
    return [row.id for row in rows]


async def page(graph: Graph, wanted: Wanted, viewer: Viewer) -> Page[Contact]:
    return await LIST.page(graph, wanted, viewer_groups=viewer.groups, today=graph.now().date())


async def of_accounts(
    graph: Graph, ids: Sequence[str], wanted: Wanted, viewer: Viewer, *, day: dt.date, include_former: bool
) -> dict[str, Page[EmployedContact]]:
    return await OF_ACCOUNTS.pages_of_each(
        graph, ids, wanted, viewer_groups=viewer.groups, day=day, include_former=include_former
    )


async def reports(
    graph: Graph, ids: Sequence[str], wanted: Wanted, viewer: Viewer, *, as_of: dt.datetime
) -> dict[str, Page[Contact]]:
    return await REPORTS.pages_of_each(graph, ids, wanted, viewer_groups=viewer.groups, as_of=as_of)


async def managers(graph: Graph, ids: Sequence[str], viewer: Viewer, *, as_of: dt.datetime) -> list[Managed]:
    return await graph.read(MANAGERS, contact_ids=list(ids), viewer_groups=viewer.groups, as_of=as_of)


async def employments_of_ids(graph: Graph, ids: Sequence[str], viewer: Viewer) -> list[Employment]:
    return await graph.read(EMPLOYMENTS_OF_IDS, employment_ids=list(ids), viewer_groups=viewer.groups)


async def employments_of_contacts(
    graph: Graph, ids: Sequence[str], viewer: Viewer, *, day: dt.date, include_former: bool
) -> list[Employment]:
    return await graph.read(
        EMPLOYMENTS_OF_CONTACTS,
        contact_ids=list(ids),
        viewer_groups=viewer.groups,
        day=day,
        include_former=include_former,
    )


async def employments_of_contact(write: Write, contact_id: str, viewer: Viewer) -> list[Employment]:
    return await write.run(EMPLOYMENTS_OF_CONTACT, contact_id=contact_id, viewer_groups=viewer.groups)


async def create(write: Write, contact: NewContact, shown: str, emails: Sequence[Reach]) -> str:
    """A new contact whom nobody may see yet: the readers come from the relationships."""
    contact_id = write.new_id()
    addresses = [email.value for email in emails]
    await write.run(
        CREATE,
        id=contact_id,
        now=write.now,
        creator_id=write.actor_id,
        source="graph_crm" if contact.source is None else contact.source.system,
        civility=contact.civility,
        given_name=contact.given_name,
        family_name=contact.family_name,
        display_name=shown,
        name_key=name_key(contact.given_name, contact.family_name, shown),
        lifecycle_stage=contact.lifecycle_stage,
        acquisition_source=contact.acquisition_source,
        # A title belongs to an employment; somebody without one keeps it as it was given.
        title_as_given=contact.post.title if contact.account_id is None else None,
        do_not_contact=contact.do_not_contact,
        search_text=search_text(shown, *addresses),
        search_folded=search_folded(shown, *addresses),
    )
    return contact_id


async def reach(write: Write, contact_id: str, emails: Iterable[Reach], phones: Iterable[Reach]) -> None:
    """Note how the contact is reached, the addresses in sorted order so that two writes never wait for each other."""
    await write.run(
        REACH_BY_EMAIL, contact_id=contact_id, addresses=placed(write, emails), now=write.now, source=OURS
    )
    await write.run(REACH_BY_PHONE, contact_id=contact_id, numbers=placed(write, phones), now=write.now, source=OURS)


OURS = "graph_crm"


def placed(write: Write, ways: Iterable[Reach]) -> list[dict[str, str | int]]:
    found = [
        {"id": write.new_id(), "value": way.value, "as_given": way.as_given, "position": position}
        for position, way in enumerate(ways)
    ]
    return sorted(found, key=lambda way: str(way["value"]))


async def employ(write: Write, employment: Employment, viewer: Viewer) -> bool:
    """Whether the contact works there now: False when there is no such account for the viewer."""
    row = await write.one(
        EMPLOY, **columns(employment), account_id=employment.account_id, viewer_groups=viewer.groups
    )
    return row is not None


async def set_employment(write: Write, employment: Employment) -> None:
    await write.run(SET_EMPLOYMENT, **columns(employment), valid_to=employment.valid_to)


def columns(employment: Employment) -> dict[str, object]:
    return {
        "id": employment.id,
        "contact_id": employment.contact_id,
        "title": employment.title,
        "title_key": None if employment.title is None else fold(employment.title),
        "department": employment.department,
        "seniority": employment.seniority,
        "seniority_derived": employment.seniority_derived,
        "is_primary": employment.is_primary,
        "valid_from": employment.valid_from,
    }
