from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from graphql import build_schema, get_introspection_query, parse

from graph_crm.edge.document_guard import DocumentGuard, Limits, Size, check_text
from graph_crm.edge.documents import Documents, Faulty
from graph_crm.errors import ErrorCode, LimitReached, Refusal

SCHEMA = build_schema(
    """
    interface Node { id: ID! }
    type PageInfo { hasNextPage: Boolean! }
    type AccountEdge { cursor: String! node: Account! }
    type AccountConnection { pageInfo: PageInfo! edges: [AccountEdge!]! totalCount: Int! }
    type Account implements Node {
      id: ID! name: String! parent: Account tags: [Tag!]! labels: [String!]!
      children(first: Int = 20, after: String): AccountConnection!
    }
    type Tag implements Node { id: ID! name: String! }
    type Query {
      accounts(first: Int = 20, last: Int): AccountConnection!
      account: Account
      nodes(ids: [ID!]!): [Node]!
      paths(first: Int = 5): Account
    }
    """
)


def verdict(text: str, **variables: object) -> Refusal | None:
    try:
        check_text(text, Limits())
        DocumentGuard(SCHEMA, parse(text)).check(variables)
    except Refusal as refusal:
        return refusal
    return None


def cost(text: str, **variables: object) -> int:
    """The cost, read from the refusal of a service that allows none."""
    guard = DocumentGuard(SCHEMA, parse(text), Limits(cost=-1))
    with pytest.raises(LimitReached) as refused:
        guard.check(variables)
    return refused.value.sentence.values["count"]


def chain(length: int) -> str:
    """Fragments each of which spreads the next one twice: 2^length fields when written out."""
    links = [
        f"fragment f{index} on Account {{ a: parent {{ ...f{index + 1} }} b: parent {{ ...f{index + 1} }} }}"
        if index % 8 == 0
        else f"fragment f{index} on Account {{ ...f{index + 1} ...f{index + 1} }}"
        for index in range(length)
    ]
    return "{ account { ...f0 } } " + " ".join(links) + f" fragment f{length} on Account {{ name }}"


class Watched(DocumentGuard):
    """Ends a walk that has lost its way, so that a test fails instead of hanging."""

    def _selections(self, *where: Any) -> Size:
        assert self.visits < 1_000
        return DocumentGuard._selections(self, *where)


def test_forty_chained_fragments_are_looked_at_once_each() -> None:
    guard = Watched(SCHEMA, parse(chain(40)), Limits())
    with pytest.raises(LimitReached) as refused:
        guard.check({})
    assert "fields" in refused.value.sentence.text
    assert guard.visits < 100


def test_a_chain_that_spreads_side_by_side_is_no_deeper_for_it() -> None:
    links = " ".join(f"fragment f{index} on Account {{ ...f{index + 1} ...f{index + 1} }}" for index in range(40))
    document = parse(f"{{ account {{ ...f0 }} }} {links} fragment f40 on Account {{ name }}")
    with pytest.raises(LimitReached) as refused:
        Watched(SCHEMA, document, Limits()).check({})
    assert refused.value.sentence.values == {"limit": 2_000}


@pytest.mark.parametrize(
    "text",
    [
        "{ account { ...a } } fragment a on Account { parent { ...a } }",
        "{ account { ...a } } fragment a on Account { ...b } fragment b on Account { parent { ...a } }",
        "{ account { ...a } } fragment a on Account { ...a }",
    ],
)
def test_a_fragment_that_contains_itself_is_named(text: str) -> None:
    refusal = verdict(text)
    assert refusal is not None
    assert refusal.code is ErrorCode.INVALID
    assert refusal.sentence.values == {"name": "a"}


@pytest.mark.parametrize(
    ("within", "beyond", "word"),
    [
        ("{ account { name } }" + " " * 14_980, "{ account { name } }" + " " * 14_981, "characters"),
        (
            "{ account { " + " ".join(f"n{i}: name" for i in range(15)) + " } }",
            "{ account { " + " ".join(f"n{i}: name" for i in range(16)) + " } }",
            "aliases",
        ),
        (
            "{ account { name " + "@include(if: true) " * 20 + "} }",
            "{ account { name " + "@include(if: true) " * 21 + "} }",
            "directives",
        ),
        (
            "{ " + " ".join(f"a{i}: account {{ name }}" for i in range(10)) + " }",
            "{ " + " ".join(f"a{i}: account {{ name }}" for i in range(11)) + " }",
            "questions",
        ),
        (
            "{ account " + "{ parent " * 10 + "{ name }" + " }" * 11,
            "{ account " + "{ parent " * 11 + "{ name }" + " }" * 12,
            "levels",
        ),
        (
            " ".join(f"query q{i} {{ account {{ name }} }}" for i in range(5)),
            " ".join(f"query q{i} {{ account {{ name }} }}" for i in range(6)),
            "operations",
        ),
        ("{ account { " + "name " * 30 + "} }", "{ account { " + "name " * 31 + "} }", "repeated"),
        ("{ account { name } } #" + " " * 90, "{ account { name } } " + "{ " * 51, "nested"),
        (
            "{ accounts(first: 70) { edges { node { children(first: 70) { totalCount } } } } }",
            "{ accounts(first: 71) { edges { node { children(first: 71) { edges { node { name } } } } } } }",
            "records",
        ),
        ("{ nodes(ids: [" + '"a" ' * 900 + "]) { id } }", "{ nodes(ids: [" + '"a" ' * 1_000 + "]) { id } }", "words"),
        ("{ accounts(first: 1) { totalCount } }", "{ accounts(first: " + "1" * 41 + ") { totalCount } }", "digits"),
    ],
)
def test_each_limit_holds_exactly_and_its_refusal_names_it(within: str, beyond: str, word: str) -> None:
    assert verdict(within) is None
    refusal = verdict(beyond)
    assert refusal is not None
    assert refusal.code is ErrorCode.LIMIT
    assert word in refusal.sentence.text


def test_twenty_thousand_aliases_are_refused_by_their_length_alone() -> None:
    refusal = verdict("{ " + " ".join(f"a{i}: account {{ name }}" for i in range(20_000)) + " }")
    assert refusal is not None
    assert "characters" in refusal.sentence.text


def test_a_page_counts_its_records_and_not_what_wraps_them() -> None:
    page = "{{ accounts{} {{ pageInfo {{ hasNextPage }} edges {{ cursor node {{ name tags {{ name }} }} }} }} }}"
    assert cost(page.format("")) == 20 * (1 + 10)
    assert cost(page.format("(first: 3)")) == 3 * (1 + 10)
    assert cost(page.format("(last: 4)")) == 4 * (1 + 10)
    assert cost(page.format("(first: 100000)")) == 100 * (1 + 10)
    assert cost(page.format("(first: -5)")) == 1 * (1 + 10)


def test_the_length_of_a_list_may_come_from_a_variable_or_its_default() -> None:
    page = "accounts(first: $count) { edges { node { name } } }"
    query = f"query ($count: Int = 50, $ids: [ID!]!) {{ {page} nodes(ids: $ids) {{ id }} }}"
    assert cost(query, ids=["a", "b"]) == 50 + 2
    assert cost(query, count=7, ids=["a"]) == 7 + 1
    assert cost(query, count="seven", ids=None) == 20 + 10


def test_lists_without_a_length_count_as_ten_and_single_records_as_one() -> None:
    assert cost("{ account { name parent { name } tags { name } labels } }") == 1 + 1 + 10
    assert cost("{ paths { name } }") == 5


def test_introspection_has_a_depth_of_its_own() -> None:
    standard = get_introspection_query(
        descriptions=True,
        specified_by_url=True,
        directive_is_repeatable=True,
        schema_description=True,
        input_value_deprecation=True,
    )
    assert verdict(standard) is None
    assert verdict(types_nested(12)) is None
    for levels in (13, 14, 40):
        refusal = verdict(types_nested(levels))
        assert refusal is not None
        assert "schema" in refusal.sentence.text


def types_nested(levels: int) -> str:
    """A question about the schema that is three levels deeper than this."""
    return "{ __schema { types " + "{ ofType " * levels + "{ kind }" + " }" * levels + " } }"


def test_introspection_cannot_go_round_in_circles() -> None:
    refusal = verdict("{ __schema { types { fields { type { fields { type { fields { name } } } } } } } }")
    assert refusal is not None
    assert "lists of fields" in refusal.sentence.text


def test_the_whole_stakeholder_map_is_within_the_limits() -> None:
    schema = build_schema((Path(__file__).parents[2] / "schema" / "schema.graphql").read_text("utf-8"))
    query = (Path(__file__).parent / "whole_map.graphql").read_text("utf-8")
    documents = Documents(schema)
    assert not isinstance(documents.check(query, {}), Refusal | Faulty)


def test_a_document_is_validated_once_and_kept_within_bounds() -> None:
    documents = Documents(SCHEMA, kept=60)
    for _ in range(3):
        documents.check("{ account { name } }", {})
    assert documents.validations == 1
    for name in ("a", "b", "c"):
        documents.check(f"{{ {name}: account {{ name }} }}", {})
    assert len(documents) == 2
    documents.check("{ account { name } }", {})
    assert documents.validations == 5


def test_a_refused_document_is_not_validated_and_may_pass_with_other_variables() -> None:
    documents = Documents(SCHEMA)
    inner = "children(first: $n) { edges { node { nope } } }"
    query = f"query ($n: Int!) {{ accounts(first: $n) {{ edges {{ node {{ {inner} }} }} }} }}"
    assert isinstance(documents.check(query, {"n": 100}), LimitReached)
    assert documents.validations == 0
    assert isinstance(documents.check(query, {"n": 10}), Faulty)
    assert isinstance(documents.check(query, {"n": 100}), LimitReached)
    assert documents.validations == 1


def test_one_key_of_a_one_of_input_may_be_a_variable_in_a_fragment() -> None:
    schema = build_schema("input By @oneOf { id: ID name: String } type Query { account(by: By!): String }")
    query = "fragment f on Query { account(by: {id: $id}) } query ($id: ID!) { ...f }"
    assert not isinstance(Documents(schema).check(query, {"id": "a"}), Refusal | Faulty)
