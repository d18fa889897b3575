"""Joins the slices' parts into one GraphQL schema."""

from __future__ import annotations

import sys

import strawberry
from strawberry.schema.config import StrawberryConfig

from graph_crm.accounts.graphql import AccountsMutation, AccountsQuery
from graph_crm.activities.graphql import ActivitiesMutation
from graph_crm.changes.graphql import ChangeEvent
from graph_crm.contacts.graphql import ContactsMutation, ContactsQuery
from graph_crm.opportunities.graphql import OpportunitiesMutation, OpportunitiesQuery
from graph_crm.paths.graphql import PathsQuery
from graph_crm.search.graphql import SearchQuery
from graph_crm.stakeholders.graphql import StakeholdersMutation, StakeholdersQuery
from graph_crm.team.graphql import TeamMember, TeamMutation, TeamQuery
from graph_crm.ties.graphql import TiesMutation
from graph_crm.vocabulary import VocabularyQuery
from graph_crm.wire import SCALARS, HiddenPerson, NodeQuery


@strawberry.type
class Query(
    NodeQuery,
    VocabularyQuery,
    TeamQuery,
    AccountsQuery,
    ContactsQuery,
    OpportunitiesQuery,
    SearchQuery,
    StakeholdersQuery,
    PathsQuery,
):
    """Each slice adds its part as one more base class."""


@strawberry.type
class Mutation(
    TeamMutation,
    AccountsMutation,
    ContactsMutation,
    OpportunitiesMutation,
    TiesMutation,
    ActivitiesMutation,
    StakeholdersMutation,
):
    """Each slice adds its part as one more base class."""


REACHED_BY_ID = (ChangeEvent, TeamMember, HiddenPerson)
"""Wire types that only an interface leads to."""

schema = strawberry.Schema(
    query=Query, mutation=Mutation, types=REACHED_BY_ID, config=StrawberryConfig(scalar_map=SCALARS)
)


def printed() -> str:
    """The published contract, as `schema/schema.graphql` holds it."""
    return schema.as_str() + "\n"


if __name__ == "__main__":
    sys.stdout.write(printed())
