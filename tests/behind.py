"""Records made behind the service's back, for tests of what stands on them."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any, LiteralString, cast

from graph_crm.graph.client import Graph
from graph_crm.graph.identity import new_id
from graph_crm.graph.write import Write
from graph_crm.team.readers import refresh_readers
from graph_crm.team.service import viewer_of_user
from graph_crm.viewer import Viewer


@asynccontextmanager
async def a_private_organisation(graph: Graph) -> AsyncGenerator[None]:
    """An organisation whose records are seen by those they belong to."""
    await cypher(graph, "MATCH (ours:Organisation) SET ours.visibility = 'PRIVATE'")
    try:
        yield
    finally:
        await cypher(graph, "MATCH (ours:Organisation) SET ours.visibility = 'OPEN' REMOVE ours.kept_up_to")


async def cypher(graph: Graph, text: str, **parameters: object) -> list[dict[str, Any]]:
    records, _, _ = await graph.driver.execute_query(cast("LiteralString", text), parameters)
    return [dict(record) for record in records]


async def signed_in(graph: Graph, viewer: Viewer) -> Viewer:
    """The same person with the groups of today."""
    return await viewer_of_user(graph, user_id=viewer.user_id)


async def a_team(graph: Graph, name: str, *members: Viewer) -> str:
    team_id = new_id()
    await cypher(
        graph,
        """CREATE (team:Record:Team {id: $id, name: $name, name_key: toLower($name), version: 1})
        WITH team MATCH (user:User) WHERE user.id IN $members CREATE (user)-[:MEMBER_OF]->(team)""",
        id=team_id,
        name=name,
        members=[member.user_id for member in members],
    )
    return team_id


async def an_account(graph: Graph, name: str, owner: Viewer | None = None) -> str:
    account_id = new_id()
    await cypher(
        graph,
        """CREATE (account:Record:Account {id: $id, name: $name, name_key: toLower($name), version: 1,
          readers: [], is_person: false, is_competitor: false, lifecycle_stage: 'PROSPECT', source: 'test',
          created_at: datetime(), updated_at: datetime(), search_text: $name, search_folded: toLower($name)})""",
        id=account_id,
        name=name,
    )
    if owner is not None:
        await owned(graph, account_id, owner)
    await refreshed(graph, account_ids=[account_id])
    return account_id


async def a_contact(graph: Graph, name: str, *account_ids: str, creator: Viewer | None = None) -> str:
    contact_id = new_id()
    await cypher(
        graph,
        """CREATE (contact:Record:Person:Contact {id: $id, name: $name, display_name: $name, family_name: $name,
          name_key: toLower($name), version: 1, readers: [], creator_id: $creator_id, do_not_contact: false,
          degree: 0, lifecycle_stage: 'PROSPECT', source: 'test', created_at: datetime(), updated_at: datetime(),
          search_text: $name, search_folded: toLower($name)})
        WITH contact MATCH (account:Account) WHERE account.id IN $account_ids
        CREATE (contact)-[:WORKS_AT {id: randomUUID(), is_primary: true}]->(account)""",
        id=contact_id,
        name=name,
        creator_id=None if creator is None else creator.user_id,
        account_ids=list(account_ids),
    )
    await refreshed(graph, contact_ids=[contact_id])
    return contact_id


async def an_opportunity(
    graph: Graph,
    name: str,
    *,
    account_id: str | None = None,
    contact_id: str | None = None,
    owner: Viewer | None = None,
) -> str:
    opportunity_id = new_id()
    await cypher(
        graph,
        """CREATE (opportunity:Record:Opportunity {id: $id, name: $name, name_key: toLower($name), version: 1,
          readers: [], kind: 'NEW', source: 'test', created_at: datetime(), updated_at: datetime(),
          search_text: $name, search_folded: toLower($name)})
        WITH opportunity
        CALL (opportunity) {
          MATCH (account:Account {id: $account_id}) CREATE (opportunity)-[:FOR_ACCOUNT]->(account)
        }
        CALL (opportunity) {
          MATCH (contact:Contact {id: $contact_id}) CREATE (opportunity)-[:HAS_PRIMARY_CONTACT]->(contact)
        }""",
        id=opportunity_id,
        name=name,
        account_id=account_id,
        contact_id=contact_id,
    )
    if owner is not None:
        await owned(graph, opportunity_id, owner)
    await refreshed(graph, opportunity_ids=[opportunity_id])
    return opportunity_id


async def owned(graph: Graph, record_id: str, owner: Viewer) -> None:
    await cypher(
        graph,
        """MATCH (user:User {id: $user_id}), (record:Record {id: $record_id})
        CREATE (user)-[:OWNS {id: randomUUID(), function: CASE WHEN record:Account THEN 'ACCOUNT_MANAGER'
          ELSE 'ACCOUNT_EXECUTIVE' END, valid_from: date() - duration({days: 30})}]->(record)""",
        user_id=owner.user_id,
        record_id=record_id,
    )


async def refreshed(graph: Graph, **ids: list[str]) -> int:
    async def work(write: Write) -> int:
        return await refresh_readers(write, **ids)

    return await graph.maintain(work, "refresh readers")


async def readers_of(graph: Graph, record_id: str) -> list[str]:
    rows = await cypher(graph, "MATCH (record:Record {id: $id}) RETURN record.readers AS readers", id=record_id)
    return rows[0]["readers"] or []
