"""Who may see a record, and who may change it.

`readers` on Account, Contact and Opportunity holds the groups that may see it: grants only. It is derived, so
whoever changes what it derives from calls `refresh_readers` in the same transaction. Whether the organisation is
open is kept in the database, where the statements read it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from graph_crm.errors import NotFound, NotPermitted
from graph_crm.graph.query import query
from graph_crm.graph.write import Write
from graph_crm.viewer import Viewer


@dataclass(frozen=True, slots=True)
class ChangedAccounts:
    count: int
    contact_ids: list[list[str]]
    opportunity_ids: list[list[str]]


@dataclass(frozen=True, slots=True)
class ChangedContacts:
    count: int
    opportunity_ids: list[list[str]]


@dataclass(frozen=True, slots=True)
class ChangedOpportunities:
    count: int


@dataclass(frozen=True, slots=True)
class RecordsOfUsers:
    account_ids: list[str]
    contact_ids: list[str]
    opportunity_ids: list[str]


@dataclass(frozen=True, slots=True)
class Writable:
    id: str
    writable: bool


@dataclass(frozen=True, slots=True)
class Owned:
    id: str


OF_ACCOUNTS = query("team/readers_of_accounts", ChangedAccounts)
OF_CONTACTS = query("team/readers_of_contacts", ChangedContacts)
OF_OPPORTUNITIES = query("team/readers_of_opportunities", ChangedOpportunities)
RECORDS_OF_USERS = query("team/records_of_users", RecordsOfUsers)
WRITABLE = query("team/writable", Writable)
OWN = query("team/own", Owned)


async def refresh_readers(
    write: Write,
    *,
    account_ids: Iterable[str] = (),
    contact_ids: Iterable[str] = (),
    opportunity_ids: Iterable[str] = (),
) -> int:
    """Bring the readers of these records up to date, and of every record that takes its readers from them.

    Answers how many records have other readers than before.
    """
    today = write.now.date()
    changed = 0
    contacts, opportunities = set(contact_ids), set(opportunity_ids)
    # Sorted, so that two writes take their locks in the same order.
    if accounts := sorted(set(account_ids)):
        for row in await write.run(OF_ACCOUNTS, account_ids=accounts, today=today):
            contacts.update(*row.contact_ids)
            opportunities.update(*row.opportunity_ids)
            changed += row.count
    if contacts:
        for row in await write.run(OF_CONTACTS, contact_ids=sorted(contacts)):
            opportunities.update(*row.opportunity_ids)
            changed += row.count
    if opportunities:
        rows = await write.run(OF_OPPORTUNITIES, opportunity_ids=sorted(opportunities), today=today)
        changed += sum(row.count for row in rows)
    return changed


async def rederive(write: Write, label: str, ids: list[str]) -> int:
    """Derive the readers of records of one kind anew, and of no other; answers how many were wrong."""
    today = write.now.date()
    match label:
        case "Account":
            return sum(row.count for row in await write.run(OF_ACCOUNTS, account_ids=ids, today=today))
        case "Contact":
            return sum(row.count for row in await write.run(OF_CONTACTS, contact_ids=ids))
        case _:
            return sum(row.count for row in await write.run(OF_OPPORTUNITIES, opportunity_ids=ids, today=today))


async def refresh_readers_of_users(write: Write, user_ids: Iterable[str]) -> int:
    """Bring the readers of these users' records up to date after they joined or left a team."""
    records = await write.one(RECORDS_OF_USERS, user_ids=sorted(set(user_ids)))
    if records is None:
        return 0
    return await refresh_readers(
        write,
        account_ids=records.account_ids,
        contact_ids=records.contact_ids,
        opportunity_ids=records.opportunity_ids,
    )


async def require_writable(write: Write, viewer: Viewer, *record_ids: str) -> None:
    """Refuse a change of records that are hidden, or that belong to somebody outside the viewer's teams.

    An opportunity belongs to the people on it and on its account, a contact to those of its accounts or, without
    any, to its creator. What nobody active holds may be changed by whoever sees it.
    """
    wanted = sorted(set(record_ids))
    rows = await write.run(
        WRITABLE,
        record_ids=wanted,
        viewer_id=viewer.user_id,
        viewer_groups=viewer.groups,
        today=write.now.date(),
    )
    if len(rows) < len(wanted):
        raise NotFound("There is no such record, or you may not see it.")
    if not viewer.writes_everywhere and not all(row.writable for row in rows):
        raise NotPermitted("This belongs to colleagues outside your teams. Ask its owner or an administrator.")


async def own(write: Write, record_id: str, user_id: str) -> None:
    """Make a user the first owner of a new account or opportunity."""
    await own_all(write, [(record_id, user_id)])


async def own_all(write: Write, owners: Iterable[tuple[str, str]]) -> None:
    """Make users the first owners of new accounts or opportunities: pairs of record id and user id."""
    ownerships = [{"id": write.new_id(), "record_id": record_id, "user_id": user_id} for record_id, user_id in owners]
    if len(await write.run(OWN, ownerships=ownerships, today=write.now.date())) < len(ownerships):
        raise NotFound("There is no such user.", field=("ownerId",))
