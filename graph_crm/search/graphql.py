"""Search on the wire."""

from __future__ import annotations

import asyncio
from typing import Annotated

import strawberry

from graph_crm.accounts.graphql import Account
from graph_crm.contacts.graphql import Contact
from graph_crm.graph.lists import Span
from graph_crm.opportunities.graphql import Opportunity
from graph_crm.search import service
from graph_crm.team.graphql import User
from graph_crm.wire import Info, PageInfo, one_of_kind, page_info_of

SearchHit = Annotated[Account | Contact | Opportunity | User, strawberry.union("SearchHit")]


@strawberry.type(description="A record that fits; score says how well, 1 for its very name.")
class SearchHitEdge:
    cursor: str
    node: SearchHit
    score: float


@strawberry.type
class SearchHitConnection:
    page_info: PageInfo
    edges: list[SearchHitEdge]


@strawberry.type
class SearchQuery:
    @strawberry.field(
        description=(
            "Records whose name, e-mail address or domain holds all the words; the last one may be unfinished. "
            "Accents, case and apostrophes make no difference; without a hit each word may be wrong in one letter."
        )
    )
    async def search(
        self, info: Info, text: str, first: int | None = 20, after: str | None = None
    ) -> SearchHitConnection:
        page = await service.search(info.context.graph, info.context.viewer, text, Span.of(first=first, after=after))
        # At once, so that the hits of one kind are loaded together.
        nodes = await asyncio.gather(*(one_of_kind(info, hit.kind, hit.id) for hit in page.rows))
        edges = [
            SearchHitEdge(cursor=cursor, node=node, score=hit.score)
            for cursor, hit, node in zip(page.cursors, page.rows, nodes, strict=True)
            if node is not None
        ]
        return SearchHitConnection(page_info=page_info_of(page), edges=edges)
