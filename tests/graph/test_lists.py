"""Lists: one page after the other along an index, in any declared order, under any declared condition."""

from __future__ import annotations

import datetime as dt
import importlib
import pkgutil
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest

import graph_crm
from graph_crm.errors import Invalid, LimitReached
from graph_crm.graph import lists
from graph_crm.graph.client import Graph
from graph_crm.graph.identity import new_id
from graph_crm.graph.lists import (
    LISTED,
    AllOf,
    AnyOf,
    Comparison,
    Condition,
    Direction,
    Kind,
    Listing,
    NoneOf,
    Operator,
    Order,
    Span,
    Wanted,
    id_filter,
    linked_id_filter,
    number_filter,
    text_filter,
)
from tests.api import Api
from tests.contract.test_statements import explain

UP, DOWN = Direction.ASC, Direction.DESC
EVERYONE = ["everyone"]
START = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)


@dataclass(frozen=True, slots=True)
class Row:
    id: str
    name: str


COMPANIES = Listing(
    name="test/companies",
    row=Row,
    match="MATCH (account:Account)\nWHERE any(group IN account.readers WHERE group IN $viewer_groups)",
    carried="account",
    identity="account.id",
    returning="RETURN account.id AS id, account.name AS name",
    orders={
        "name": Order.by("account.name_key"),
        "created_at": Order.by("account.created_at", Kind.MOMENT),
        "last_interaction_at": Order.by("account.last_interaction_at", Kind.MOMENT, optional=True),
    },
    filters={
        "id": id_filter("account.id"),
        "name": text_filter("account.name_key"),
        "employee_count": number_filter("account.employee_count"),
        "owner_id": linked_id_filter("MATCH (account)<-[:OWNS]-(owner:User) WHERE true", "owner.id"),
    },
)

CHILDREN = Listing(
    name="test/children",
    row=Row,
    match=(
        "MATCH (parent:Record:Account {id: of_id})<-[:PART_OF]-(account:Account)\n"
        "WHERE any(group IN account.readers WHERE group IN $viewer_groups)"
    ),
    carried="account",
    identity="account.id",
    returning="RETURN account.id AS id, account.name AS name",
    orders=COMPANIES.orders,
    filters=COMPANIES.filters,
    anchored=True,
)


async def company(graph: Graph, name: str, **properties: Any) -> str:
    record_id = new_id()
    await graph.driver.execute_query(
        "CREATE (account:Record:Account) SET account = $properties",
        properties={
            "id": record_id,
            "name": name,
            "name_key": name.lower(),
            "readers": EVERYONE,
            "created_at": START,
            **properties,
        },
    )
    return record_id


async def names(api: Api, condition: Condition | None = None, *orders: tuple[str, Direction]) -> list[str]:
    page = await COMPANIES.page(api.graph, Wanted(condition, orders), viewer_groups=EVERYONE)
    assert await page.count() == len(page.rows)
    return [row.name for row in page.rows]


async def walked(graph: Graph, orders: tuple[tuple[str, Direction], ...], size: int, *, backward: bool) -> list[str]:
    """The ids of the whole list, page by page, from one end to the other."""
    found: list[str] = []
    cursor: str | None = None
    while True:
        wanted = Wanted(None, orders, Span(size, cursor, backward))
        page = await COMPANIES.page(graph, wanted, viewer_groups=EVERYONE)
        ids = [row.id for row in page.rows]
        assert len(ids) == size or not (page.has_previous if backward else page.has_next)
        found = ids + found if backward else found + ids
        if not (page.has_previous if backward else page.has_next):
            return found
        assert (page.has_next if backward else page.has_previous) is (cursor is not None)
        cursor = page.cursors[0 if backward else -1]


@pytest.mark.parametrize("size", [1, 4])
@pytest.mark.parametrize(
    "orders",
    [
        (("name", UP),),
        (("name", DOWN),),
        (("created_at", DOWN),),
        (("last_interaction_at", UP),),
        (("last_interaction_at", DOWN),),
        (("last_interaction_at", DOWN), ("name", UP)),
        (("name", UP), ("last_interaction_at", DOWN)),
        (("name", DOWN), ("last_interaction_at", UP), ("created_at", DOWN)),
    ],
)
async def test_pages_in_both_directions_join_to_the_whole_list(
    api: Api, orders: tuple[tuple[str, Direction], ...], size: int
) -> None:
    stored: list[dict[str, Any]] = []
    for number in range(14):
        values = {
            "name": f"Company {number % 4}",
            "created_at": START + dt.timedelta(days=number % 3),
            "last_interaction_at": None if number % 5 == 0 else START + dt.timedelta(hours=number % 3),
        }
        stored.append({"id": await company(api.graph, **values), **values})

    # Sorted from the last order to the first, each time keeping what was equal; missing values last.
    expected = sorted(stored, key=lambda entry: entry["id"], reverse=orders[0][1] is DOWN)
    for name, direction in reversed(orders):
        present = [entry for entry in expected if entry[name] is not None]
        missing = [entry for entry in expected if entry[name] is None]
        expected = [*stable(present, name, direction), *missing]
    ids = [entry["id"] for entry in expected]

    assert await walked(api.graph, orders, size, backward=False) == ids
    assert await walked(api.graph, orders, size, backward=True) == ids


def stable(entries: list[dict[str, Any]], name: str, direction: Direction) -> list[dict[str, Any]]:
    return sorted(entries, key=lambda entry: entry[name], reverse=direction is DOWN)


async def test_conditions_join_nest_and_turn_round(api: Api) -> None:
    await company(api.graph, "Alpha", employee_count=10)
    await company(api.graph, "Beta", employee_count=20)
    await company(api.graph, "Gamma")

    def is_(name: str) -> Comparison:
        return Comparison("name", Operator.EQUAL, name)

    def more_than(count: int) -> Comparison:
        return Comparison("employee_count", Operator.GREATER, count)

    assert await names(api, is_("ÁLPHA")) == ["Alpha"]
    assert await names(api, AnyOf((is_("alpha"), is_("gamma")))) == ["Alpha", "Gamma"]
    assert await names(api, AllOf((is_("alpha"), is_("gamma")))) == []
    assert await names(api, NoneOf(is_("alpha"))) == ["Beta", "Gamma"]
    assert await names(api, more_than(10)) == ["Beta"]
    # A missing value is neither more nor less, so NOT finds it.
    assert await names(api, NoneOf(more_than(10))) == ["Alpha", "Gamma"]
    assert await names(api, Comparison("employee_count", Operator.IS_NULL, value=True)) == ["Gamma"]
    assert await names(api, Comparison("employee_count", Operator.IS_NULL, value=False)) == ["Alpha", "Beta"]
    assert await names(api, Comparison("name", Operator.IN, ["alpha", "BETA"])) == ["Alpha", "Beta"]
    assert await names(api, Comparison("name", Operator.IN, [])) == []
    assert await names(api, Comparison("name", Operator.NOT_IN, ["alpha"])) == ["Beta", "Gamma"]
    assert await names(api, Comparison("name", Operator.CONTAINS, "M'M")) == []
    assert await names(api, Comparison("name", Operator.CONTAINS, "AM")) == ["Gamma"]
    assert await names(api, Comparison("owner_id", Operator.IS_NULL, value=True)) == ["Alpha", "Beta", "Gamma"]
    assert await names(api, AllOf(())) == ["Alpha", "Beta", "Gamma"]
    assert await names(api, AnyOf(())) == []
    deep = NoneOf(AnyOf((AllOf((is_("alpha"), NoneOf(more_than(50)))), is_("beta"))))
    assert await names(api, deep) == ["Gamma"]


async def test_what_the_viewer_may_not_see_is_neither_listed_nor_counted(api: Api) -> None:
    await company(api.graph, "Seen")
    await company(api.graph, "Hidden", readers=["another"])
    assert await names(api) == ["Seen"]


async def test_too_much_in_one_question_is_refused(api: Api) -> None:
    one = Comparison("name", Operator.EQUAL, "x")
    nested: Condition = one
    for _ in range(lists.DEEPEST + 1):
        nested = NoneOf(nested)
    with pytest.raises(LimitReached, match="nest at most 5"):
        COMPANIES.plan(Wanted(nested))
    with pytest.raises(LimitReached, match="at most 40 conditions"):
        COMPANIES.plan(Wanted(AnyOf((one,) * 41)))
    with pytest.raises(LimitReached, match="At most 100 values"):
        COMPANIES.plan(Wanted(Comparison("name", Operator.IN, ["x"] * 101)))
    with pytest.raises(LimitReached, match="ordered by at most 3"):
        COMPANIES.plan(Wanted(orders=(("name", UP),) * 4))


@pytest.mark.parametrize(
    ("arguments", "sentence", "path"),
    [
        ({"first": 101}, "first is at most 100.", ("first",)),
        ({"last": 101}, "last is at most 100.", ("last",)),
        ({"first": -1}, "first cannot be negative.", ("first",)),
        ({"last": -1}, "last cannot be negative.", ("last",)),
        ({"first": 1, "last": 1}, "not both", ("first",)),
        ({"after": "x", "before": "y"}, "not both", ("first",)),
        ({"first": 1, "before": "y"}, "before goes with last", ("after",)),
        ({"last": 1, "after": "y"}, "after goes with first", ("after",)),
    ],
)
def test_the_part_of_a_list_is_bounded(arguments: dict[str, Any], sentence: str, path: tuple[str, ...]) -> None:
    with pytest.raises((Invalid, LimitReached), match=sentence) as refusal:
        Span.of(**arguments)
    assert refusal.value.field == path


def test_twenty_come_first_when_nothing_is_said() -> None:
    assert Span.of() == Span(20, None, backward=False)
    assert Span.of(before="x") == Span(20, "x", backward=True)
    assert Span.of(first=0) == Span(0)


async def test_no_row_is_asked_for_and_none_comes(api: Api) -> None:
    await company(api.graph, "Alpha")
    page = await COMPANIES.page(api.graph, Wanted(span=Span(0)), viewer_groups=EVERYONE)
    assert page.rows == []
    assert page.has_next


async def test_a_cursor_that_was_tampered_with_or_belongs_elsewhere_is_refused(api: Api) -> None:
    for name in ("Alpha", "Beta"):
        await company(api.graph, name)
    page = await COMPANIES.page(api.graph, Wanted(span=Span(1)), viewer_groups=EVERYONE)
    cursor = page.cursors[0]
    raw = bytearray(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    raw[-3] ^= 1
    tampered = urlsafe_b64encode(raw).decode()
    forms = [tampered, cursor[:-4], cursor + "AAAA", "", "é", "null", "AAAA" * 10_000, "1", "=", "*:*"]
    for form in forms:
        with pytest.raises(Invalid, match="does not belong to this list") as refusal:
            COMPANIES.plan(Wanted(span=Span(1, form)))
        assert refusal.value.field == ("after",)
    with pytest.raises(Invalid, match="in this order"):
        COMPANIES.plan(Wanted(orders=(("name", DOWN),), span=Span(1, cursor)))
    with pytest.raises(Invalid, match="does not belong to this list"):
        CHILDREN.plan(Wanted(span=Span(1, cursor)))
    with pytest.raises(Invalid) as refusal:
        COMPANIES.plan(Wanted(span=Span(1, "x", backward=True)))
    assert refusal.value.field == ("before",)


async def test_the_lists_of_many_records_are_one_statement_and_their_totals_one_more(api: Api) -> None:
    parents = [await company(api.graph, f"Parent {number}") for number in range(3)]
    for parent, count in zip(parents, (0, 2, 5), strict=True):
        for number in range(count):
            child = await company(api.graph, f"Child {number}")
            await api.graph.driver.execute_query(
                "MATCH (child {id: $child}), (parent {id: $parent}) CREATE (child)-[:PART_OF]->(parent)",
                child=child,
                parent=parent,
            )
    api.graph.queries = []
    pages = await CHILDREN.pages_of_each(api.graph, parents, Wanted(span=Span(2)), viewer_groups=EVERYONE)
    assert [len(pages[parent].rows) for parent in parents] == [0, 2, 2]
    assert [pages[parent].has_next for parent in parents] == [False, False, True]
    assert [await pages[parent].count() for parent in parents] == [0, 2, 5]
    assert api.graph.queries == ["test/children", "test/children:count"]

    onward = Wanted(span=Span(2, pages[parents[2]].cursors[-1]))
    following = (await CHILDREN.pages_of_each(api.graph, [parents[2]], onward, viewer_groups=EVERYONE))[parents[2]]
    assert [row.name for row in following.rows] == ["Child 2", "Child 3"]
    last = Wanted(span=Span(2, None, backward=True))
    end = (await CHILDREN.pages_of_each(api.graph, [parents[2]], last, viewer_groups=EVERYONE))[parents[2]]
    assert [row.name for row in end.rows] == ["Child 3", "Child 4"]


async def test_a_page_deep_in_a_long_list_costs_no_more_than_its_own_rows(api: Api) -> None:
    await api.graph.driver.execute_query(
        """UNWIND range(0, 3999) AS number
        CREATE (:Record:Account {
          id: 'id-' + toString(number), name: 'Company', name_key: 'company ' + toString(number % 1000),
          created_at: datetime('2026-01-01T00:00:00Z') + duration({minutes: number}),
          last_interaction_at: CASE WHEN number % 2 = 0 THEN datetime('2026-01-01T00:00:00Z') END,
          readers: ['everyone']})"""
    )
    await api.graph.driver.execute_query("CALL db.prepareForReplanning(10)")
    for name, direction, ceiling in [
        ("name", UP, 110),
        ("name", DOWN, 110),
        ("created_at", UP, 110),
        ("created_at", DOWN, 110),
        # Many at one moment: the equal ones before the cursor are read again, from the index alone.
        ("last_interaction_at", DOWN, 1_200),
    ]:
        cursor: str | None = None
        for _ in range(10):
            wanted = Wanted(None, ((name, direction),), Span(20, cursor))
            plan = COMPANIES.plan(wanted)
            _, summary, _ = await api.graph.driver.execute_query(
                f"PROFILE {plan.query.text}", {**plan.after, "limit": 21, "viewer_groups": EVERYONE}
            )
            assert summary.profile is not None
            assert hits(summary.profile) <= ceiling, (name, direction, cursor)
            cursor = (await COMPANIES.page(api.graph, wanted, viewer_groups=EVERYONE)).cursors[-1]


def hits(profile: dict[str, Any]) -> int:
    return profile.get("dbHits", 0) + sum(hits(child) for child in profile.get("children", []))


# ---------------------------------------------------------------- every list


def every_list() -> dict[str, Listing[Any]]:
    for module in pkgutil.walk_packages(graph_crm.__path__, "graph_crm."):
        if module.name.endswith(".store"):
            importlib.import_module(module.name)
    return {name: listing for name, listing in LISTED.items() if not name.startswith("test/")}


@pytest.mark.parametrize("name", sorted(every_list()))
async def test_the_server_takes_every_order_field_and_operator_of_a_list(graph: Graph, name: str) -> None:
    listing = every_list()[name]
    texts: set[str] = set()
    for order in listing.orders:
        for direction in Direction:
            for backward in (False, True):
                orders = ((order, direction),)
                first = listing.plan(Wanted(None, orders, Span(1, None, backward)))
                cursor = first.cursor([VALUES[term.kind] for term in first.terms(coalesced=listing.anchored)])
                onward = listing.plan(Wanted(None, orders, Span(1, cursor, backward)))
                texts |= {first.query.text, onward.query.text}
    for field, declared in listing.filters.items():
        # All operators of a field in one statement: planning is what takes the time.
        every_operator = AllOf(tuple(sample(listing, field, operator) for operator in declared.fragments))
        plan = listing.plan(Wanted(every_operator))
        texts |= {plan.query.text, plan.count.text}
    assert [f"{notice}\n{text}" for text in sorted(texts) for notice in await explain(graph, text)] == []


VALUES = {Kind.TEXT: "x", Kind.INTEGER: 1, Kind.DAY: START.date(), Kind.MOMENT: START}


def sample(listing: Listing[Any], field: str, operator: Operator) -> Comparison:
    """A comparison whose value the field understands, whatever its kind."""
    if operator is Operator.IS_NULL:
        return Comparison(field, operator, value=True)
    for value in ("x", 1, Decimal(1)):
        try:
            listing.filters[field].prepare(value)
        except (AttributeError, TypeError, ArithmeticError):
            continue
        return Comparison(field, operator, value)
    raise AssertionError(field)


def test_every_fragment_holds_its_value_as_a_parameter_and_is_never_null() -> None:
    for listing in every_list().values():
        for field, declared in listing.filters.items():
            for operator, fragment in declared.fragments.items():
                assert fragment.count("$value") >= 1, (listing.name, field, operator)
                guarded = "IS NULL" in fragment or "IS NOT NULL" in fragment or "EXISTS" in fragment
                assert guarded or "coalesce" in fragment, (listing.name, field, operator)
