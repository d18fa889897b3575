"""What the NAME of a command stands for, and what is said when that is several records or none."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from graph_crm.accounts import service as accounts
from graph_crm.commands.connection import Session
from graph_crm.contacts import service as contacts
from graph_crm.errors import Ambiguous, NotFound
from graph_crm.graph.lists import Span
from graph_crm.language import Sentence, say
from graph_crm.opportunities import service as opportunities
from graph_crm.search import service as search

HITS_LOOKED_AT = 20
MOST_SUGGESTED = 3


async def deal_or_account(session: Session, name: str) -> tuple[str | None, str | None]:
    """The id of the deal, else of the account, that has this name or id.

    Raises Ambiguous with what tells several of that name apart, NotFound with the names that come near.
    """
    refusal = NotFound("There is no deal and no account called {name}.", name=name)
    return await one_of(session, name, DEALS, ACCOUNTS, refusal)


async def contact_or_account(session: Session, name: str) -> tuple[str | None, str | None]:
    """The id of the contact, else of the account, that has this name or id.

    Raises Ambiguous with what tells several of that name apart, NotFound with the names that come near.
    """
    refusal = NotFound("There is no contact and no account called {name}.", name=name)
    return await one_of(session, name, CONTACTS, ACCOUNTS, refusal)


async def deals_apart(session: Session, ids: Sequence[str]) -> list[Sentence]:
    """Each of several deals of one name with its account, its stage and its id."""
    graph, viewer = session.graph, session.viewer
    found = await opportunities.of_ids(graph, viewer, ids)
    buyers = await accounts.of_ids(
        graph, viewer, sorted({deal.account_id for deal in found.values() if deal.account_id})
    )
    told: list[Sentence] = []
    for deal_id in ids:
        deal = found.get(deal_id)
        if deal is None:
            continue
        buyer = buyers.get(deal.account_id or "")
        if buyer is None:
            told.append(say("in {stage} ({id})", stage=deal.stage.name, id=deal_id))
        else:
            told.append(say("{account}, in {stage} ({id})", account=buyer.name, stage=deal.stage.name, id=deal_id))
    return told


async def accounts_apart(session: Session, ids: Sequence[str]) -> list[Sentence]:
    """Each of several accounts of one name with its domain or its city, and its id."""
    found = await accounts.of_ids(session.graph, session.viewer, ids)
    addresses = await accounts.postal_addresses(session.graph, session.viewer, ids)
    told: list[Sentence] = []
    for account_id in ids:
        domain = found[account_id].domain if account_id in found else None
        cities = [address.city for address in addresses.get(account_id, ()) if address.city]
        marks = [mark for mark in (domain, *cities[:1]) if mark]
        told.append(say("{marks} ({id})", marks=", ".join(marks) or "–", id=account_id))
    return told


async def people_apart(session: Session, ids: Sequence[str]) -> list[Sentence]:
    """Each of several people of one name with title, employer and id."""
    graph, viewer = session.graph, session.viewer
    jobs = await contacts.employments(graph, viewer, ids)
    main = {contact_id: found[0] for contact_id, found in jobs.items() if found}
    employers = await accounts.of_ids(graph, viewer, sorted({job.account_id for job in main.values()}))
    told: list[Sentence] = []
    for contact_id in ids:
        job = main.get(contact_id)
        employer = None if job is None else employers.get(job.account_id)
        if job is None or employer is None:
            told.append(say("without an employer ({id})", id=contact_id))
        elif job.title is None:
            told.append(say("at {account} ({id})", account=employer.name, id=contact_id))
        else:
            told.append(say("{title} at {account} ({id})", title=job.title, account=employer.name, id=contact_id))
    return told


@dataclass(frozen=True, slots=True)
class Kind:
    """Records that a name may stand for: how they are found, and how several of one name are told apart."""

    label: str
    find: Callable[..., Awaitable[Any]]
    apart: Callable[[Session, Sequence[str]], Awaitable[list[Sentence]]]
    several: Callable[[str, list[Sentence]], Ambiguous]


DEALS: Final = Kind(
    "Opportunity",
    opportunities.find,
    deals_apart,
    lambda name, records: Ambiguous(
        "Several deals are called {name}: {records}. Give the id of one.", name=name, records=records
    ),
)
ACCOUNTS: Final = Kind(
    "Account",
    accounts.find,
    accounts_apart,
    lambda name, records: Ambiguous(
        "Several accounts are called {name}: {records}. Give the id of one.", name=name, records=records
    ),
)
CONTACTS: Final = Kind(
    "Contact",
    contacts.find,
    people_apart,
    lambda name, records: Ambiguous(
        "Several people are called {name}: {records}. Give the id of one.", name=name, records=records
    ),
)


async def one_of(
    session: Session, name: str, first: Kind, second: Kind, refusal: NotFound
) -> tuple[str | None, str | None]:
    """The id of the record of the first kind, else of the second, by name before id."""
    graph, viewer = session.graph, session.viewer
    for kind in (first, second):
        try:
            found = await kind.find(graph, viewer, name=name)
        except Ambiguous as shared:
            raise kind.several(name, await kind.apart(session, shared.candidates)) from None
        if found is not None:
            return (found.id, None) if kind is first else (None, found.id)
    if await first.find(graph, viewer, record_id=name) is not None:
        return name, None
    if await second.find(graph, viewer, record_id=name) is not None:
        return None, name
    raise await with_nearest(session, refusal, name, (first.label, second.label))


async def with_nearest(session: Session, refusal: NotFound, name: str, kinds: Sequence[str]) -> NotFound:
    """The refusal of a name that nothing has, with the names that the search finds for it."""
    found = await search.search(session.graph, session.viewer, name, Span(size=HITS_LOOKED_AT))
    near = [hit.id for hit in found.rows if hit.kind in kinds][:MOST_SUGGESTED]
    names = await names_of(session, near)
    if not names:
        return refusal
    return NotFound("{sentence} Nearest: {names}.", sentence=refusal.sentence, names=names)


async def names_of(session: Session, ids: Sequence[str]) -> list[str]:
    graph, viewer = session.graph, session.viewer
    names = {found.id: found.name for found in (await opportunities.of_ids(graph, viewer, ids)).values()}
    names |= {found.id: found.name for found in (await accounts.of_ids(graph, viewer, ids)).values()}
    names |= {found.id: found.display_name for found in (await contacts.of_ids(graph, viewer, ids)).values()}
    return [names[record_id] for record_id in ids if record_id in names]
