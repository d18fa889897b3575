"""What is asked of the graph is awaited at the root or at an edge; a leaf is an attribute at hand."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import strawberry
from graphql import GraphQLObjectType, get_named_type, is_leaf_type
from strawberry import Schema

from graph_crm.schema import schema

ASKED_FOR: dict[str, str] = {
    "totalCount": "a statement of its own, only when it is selected",
    "Stakeholder.coverage": "read with the whole map, only when it is selected",
}
"""Leaves that are awaited: the field, or Type.field -> why."""


def resolvers(of: Schema) -> Iterator[tuple[str, str, bool, bool, bool]]:
    """Each field that a function answers: its type and name; whether at the root, a leaf, awaited."""
    roots = {of._schema.query_type, of._schema.mutation_type, of._schema.subscription_type}
    for name, kind in of._schema.type_map.items():
        if not isinstance(kind, GraphQLObjectType) or name.startswith("__"):
            continue
        for field in kind.extensions["strawberry-definition"].fields:
            if field.base_resolver is None:
                continue
            shown = of.config.name_converter.get_graphql_name(field)
            leaf = is_leaf_type(get_named_type(kind.fields[shown].type))
            awaited = inspect.iscoroutinefunction(field.base_resolver.wrapped_func)
            yield name, shown, kind in roots, leaf, awaited


def amiss(of: Schema) -> list[str]:
    """Fields at the root that are not awaited, and leaves that are."""
    return [
        f"{name}.{field}"
        for name, field, root, leaf, awaited in resolvers(of)
        if (root and not awaited)
        or (not root and leaf and awaited and not {field, f"{name}.{field}"} & set(ASKED_FOR))
    ]


def test_fields_at_the_root_are_awaited_and_leaves_are_not() -> None:
    assert amiss(schema) == []


@strawberry.type
class Deal:
    @strawberry.field
    async def name(self) -> str:
        return "Pilot"

    @strawberry.field
    def amount(self) -> int:
        return 1


@strawberry.type
class Query:
    @strawberry.field
    def deal(self) -> Deal:
        return Deal()


def test_the_check_sees_a_root_that_is_not_awaited_and_a_leaf_that_is() -> None:
    assert sorted(amiss(strawberry.Schema(Query))) == ["Deal.name", "Query.deal"]
