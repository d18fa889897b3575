"""Lists of deals: the orders and conditions they understand."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cache
from typing import Any, LiteralString, cast

from babel.numbers import get_currency_precision, list_currencies

from graph_crm.graph.client import Graph
from graph_crm.graph.lists import (
    Direction,
    Filter,
    Key,
    Kind,
    Listing,
    Operator,
    Order,
    boolean_filter,
    columns_of,
    id_filter,
    linked_id_filter,
    linked_text_filter,
    number_filter,
    text_filter,
)
from graph_crm.opportunities.store import OF_IDS
from graph_crm.opportunities.types import Opportunity
from graph_crm.viewer import Viewer

USUAL_DECIMALS = 2
LARGEST_UNITS = 2**62


def units_around(value: Any) -> Mapping[str, Any]:
    """An amount in the minor units of each currency, rounded down and up: deals of all currencies are compared.

    A currency that is not in the lists has the usual two decimals.
    """
    amount = Decimal(value)
    below, above = units(amount, USUAL_DECIMALS)
    floors: dict[str, int] = {}
    ceilings: dict[str, int] = {}
    for currency, decimals in unusual_currencies().items():
        floors[currency], ceilings[currency] = units(amount, decimals)
    return {"floors": floors, "ceilings": ceilings, "floor": below, "ceiling": above}


@cache
def unusual_currencies() -> Mapping[str, int]:
    """The currencies that have not two decimals, such as the yen."""
    decimals = {currency: get_currency_precision(currency) for currency in list_currencies()}
    return {currency: count for currency, count in decimals.items() if count != USUAL_DECIMALS}


def units(amount: Decimal, decimals: int) -> tuple[int, int]:
    exact = amount.scaleb(decimals)
    below = int(exact.to_integral_value(ROUND_FLOOR))
    above = int(exact.to_integral_value(ROUND_CEILING))
    return min(max(below, -LARGEST_UNITS), LARGEST_UNITS), min(max(above, -LARGEST_UNITS), LARGEST_UNITS)


def stage_keys(value: Any) -> Any:
    """Keys of stages as they are kept, in capitals."""
    if isinstance(value, list):
        return [one.strip().upper() for one in cast("list[str]", value)]
    return value.strip().upper()


BELOW: LiteralString = "coalesce($value.floors[opportunity.currency], $value.floor)"
ABOVE: LiteralString = "coalesce($value.ceilings[opportunity.currency], $value.ceiling)"
HAS_AMOUNT: LiteralString = "opportunity.amount IS NOT NULL AND "

AMOUNT = Filter(
    {
        Operator.EQUAL: "("
        + HAS_AMOUNT
        + "opportunity.amount = "
        + BELOW
        + " AND opportunity.amount = "
        + ABOVE
        + ")",
        Operator.GREATER: "(" + HAS_AMOUNT + "opportunity.amount > " + BELOW + ")",
        Operator.GREATER_OR_EQUAL: "(" + HAS_AMOUNT + "opportunity.amount >= " + ABOVE + ")",
        Operator.LESS: "(" + HAS_AMOUNT + "opportunity.amount < " + ABOVE + ")",
        Operator.LESS_OR_EQUAL: "(" + HAS_AMOUNT + "opportunity.amount <= " + BELOW + ")",
        Operator.IS_NULL: "((opportunity.amount IS NULL) = $value)",
    },
    lambda value: value if isinstance(value, bool) else units_around(value),
)

FILTERS: Mapping[str, Filter] = {
    "id": id_filter("opportunity.id"),
    "name": text_filter("opportunity.name_key"),
    "account_id": linked_id_filter(
        "MATCH (opportunity)-[:FOR_ACCOUNT]->(account:Account)"
        " WHERE any(group IN account.readers WHERE group IN $viewer_groups)",
        "account.id",
    ),
    "owner_id": linked_id_filter(
        "MATCH (opportunity)<-[ownership:OWNS]-(owner:User)"
        " WHERE (ownership.valid_to IS NULL OR ownership.valid_to > $today)",
        "owner.id",
    ),
    "stage_key": linked_text_filter(
        "MATCH (opportunity)-[:IN_STAGE]->(stage:Stage) WHERE true",
        "stage.key",
        prepare=stage_keys,
    ),
    "is_open": boolean_filter(
        "EXISTS { MATCH (opportunity)-[:IN_STAGE]->(stage:Stage) WHERE NOT stage.is_won AND NOT stage.is_lost }"
    ),
    "amount": AMOUNT,
    "close_date": number_filter("opportunity.close_date"),
    "source_key": Filter(
        {
            Operator.EQUAL: (
                "EXISTS { MATCH (opportunity)-[:FROM_SOURCE]->(origin:SourceRecord) WHERE origin.key = $value }"
            )
        }
    ),
}

ORDERS: Mapping[str, Order] = {
    "name": Order.by("opportunity.name_key"),
    "amount": Order(
        (
            Key("opportunity.currency", Kind.TEXT, optional=True),
            Key("opportunity.amount", Kind.INTEGER, optional=True),
        )
    ),
    "close_date": Order.by("opportunity.close_date", Kind.DAY, optional=True),
    "created_at": Order.by("opportunity.created_at", Kind.MOMENT),
}

OPPORTUNITIES = Listing(
    name="opportunities/list",
    row=Opportunity,
    match=("MATCH (opportunity:Opportunity)\nWHERE any(group IN opportunity.readers WHERE group IN $viewer_groups)"),
    carried="opportunity",
    identity="opportunity.id",
    returning=columns_of(OF_IDS),
    orders=ORDERS,
    filters=FILTERS,
)

NEWEST_FIRST = (("created_at", Direction.DESC),)

OF_ACCOUNT = Listing(
    name="opportunities/of_accounts",
    row=Opportunity,
    match=(
        "MATCH (employer:Record:Account {id: of_id})<-[:FOR_ACCOUNT]-(opportunity:Opportunity)\n"
        "WHERE any(group IN employer.readers WHERE group IN $viewer_groups)\n"
        "  AND any(group IN opportunity.readers WHERE group IN $viewer_groups)"
    ),
    carried="opportunity",
    identity="opportunity.id",
    returning=columns_of(OF_IDS),
    orders=ORDERS,
    filters=FILTERS,
    default=NEWEST_FIRST,
    anchored=True,
)

OF_CONTACT = Listing(
    name="opportunities/of_contacts",
    row=Opportunity,
    match=(
        "MATCH (person:Record:Contact {id: of_id})\n"
        "CALL (person) {\n"
        "  MATCH (person)<-[:HAS_PRIMARY_CONTACT]-(opportunity:Opportunity)\n"
        "  RETURN opportunity\n"
        "  UNION\n"
        "  MATCH (person)<-[:IS]-(:Stakeholder)<-[:HAS_STAKEHOLDER]-(opportunity:Opportunity)\n"
        "  RETURN opportunity\n"
        "}\n"
        "WITH of_id, person, opportunity\n"
        "WHERE any(group IN person.readers WHERE group IN $viewer_groups)\n"
        "  AND any(group IN opportunity.readers WHERE group IN $viewer_groups)"
    ),
    carried="opportunity",
    identity="opportunity.id",
    returning=columns_of(OF_IDS),
    orders=ORDERS,
    filters=FILTERS,
    default=NEWEST_FIRST,
    anchored=True,
)


def seen_by(graph: Graph, viewer: Viewer) -> dict[str, Any]:
    """What every list of deals asks of whoever reads it."""
    return {"viewer_groups": viewer.groups, "today": graph.now().date()}
