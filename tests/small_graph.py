"""Small graphs for tests, made behind the service's back: people, companies and deals with nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from graph_crm.graph.client import Graph
from graph_crm.graph.identity import new_id

STANDARD = "01900000-0000-7000-8000-000000000200"


async def run(graph: Graph, statement: str, **parameters: Any) -> list[dict[str, Any]]:
    """The records of a statement, written or read."""
    records, _, _ = await graph.driver.execute_query(statement, parameters)
    return [record.data() for record in records]


async def a_contact(
    graph: Graph, name: str, *, readers: Sequence[str] = ("everyone",), email: str | None = None, **properties: Any
) -> str:
    """A contact of that name, and its id."""
    contact_id = new_id()
    await run(
        graph,
        """CREATE (contact:Record:Person:Contact {
          id: $id, name: $name, display_name: $name, name_key: toLower($name), family_name: $name, readers: $readers,
          lifecycle_stage: 'PROSPECT', do_not_contact: false, degree: 0, version: 1,
          created_at: datetime(), updated_at: datetime(), source: 'test'})
        SET contact += $properties
        WITH contact
        WHERE $email IS NOT NULL
        MERGE (address:EmailAddress {value: $email})
        CREATE (contact)-[:HAS_EMAIL]->(address)""",
        id=contact_id,
        name=name,
        readers=list(readers),
        email=email,
        properties=properties,
    )
    return contact_id


async def an_account(graph: Graph, name: str, *, readers: Sequence[str] = ("everyone",), **properties: Any) -> str:
    """An account of that name, and its id."""
    account_id = new_id()
    await run(
        graph,
        """CREATE (account:Record:Account {
          id: $id, name: $name, name_key: toLower($name), readers: $readers, lifecycle_stage: 'PROSPECT',
          is_person: false, version: 1, created_at: datetime(), updated_at: datetime(), source: 'test'})
        SET account += $properties""",
        id=account_id,
        name=name,
        readers=list(readers),
        properties=properties,
    )
    return account_id


async def employ(
    graph: Graph,
    contact_id: str,
    account_id: str,
    *,
    valid_from: dt.date | None = None,
    valid_to: dt.date | None = None,
) -> None:
    """The contact works there, or did."""
    await run(
        graph,
        """MATCH (contact:Contact {id: $contact_id}), (account:Account {id: $account_id})
        CREATE (contact)-[:WORKS_AT {
          id: $id, title: 'Somebody', is_primary: true, valid_from: $valid_from, valid_to: $valid_to}]->(account)""",
        id=new_id(),
        contact_id=contact_id,
        account_id=account_id,
        valid_from=valid_from,
        valid_to=valid_to,
    )


async def a_team(graph: Graph, name: str, member_ids: Sequence[str]) -> str:
    """A team of these users, and its id."""
    team_id = new_id()
    await run(
        graph,
        """CREATE (team:Record:Team {
          id: $id, name: $name, name_key: toLower($name), version: 1, created_at: datetime(),
          updated_at: datetime(), source: 'test'})
        WITH team
        UNWIND $member_ids AS member_id
        MATCH (user:User {id: member_id})
        CREATE (user)-[:MEMBER_OF]->(team)""",
        id=team_id,
        name=name,
        member_ids=list(member_ids),
    )
    return team_id
