"""Deals in the graph."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from functools import cache
from typing import Any, LiteralString

from babel.numbers import get_currency_precision, list_currencies

from graph_crm.graph.client import Graph
from graph_crm.graph.folding import fold
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
    existence_filter,
    id_filter,
    linked_id_filter,
    linked_text_filter,
    number_filter,
    text_filter,
)
from graph_crm.graph.query import query
from graph_crm.graph.write import Write
from graph_crm.opportunities.types import (
    ConsensusRule,
    OpenAmounts,
    Opportunity,
    Part,
    Pipeline,
    Stage,
    TemplateSeat,
    primary_contact,
)
from graph_crm.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Identified:
    id: str


@dataclass(frozen=True, slots=True)
class End:
    id: str
    kind: str


@dataclass(frozen=True, slots=True)
class Stay:
    opportunity_id: str
    stage: Stage
    entered_at: dt.datetime
    left_at: dt.datetime | None


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a deal stands, whoever asks: what a move has to know and may not depend on what the mover sees."""

    name: str
    lost_reason: str | None
    stage: Stage
    entered_at: dt.datetime
    pipeline: Pipeline
    account_id: str | None
    attached_contact_id: str | None
    parts: list[Part]

    @property
    def primary_contact_id(self) -> str | None:
        return primary_contact(self.parts) or self.attached_contact_id


@dataclass(frozen=True, slots=True)
class NewCustomer:
    id: str
    before: str | None
    is_account: bool


@dataclass(frozen=True, slots=True)
class Template:
    roles: list[str]
    weights: list[float]
    from_probability: list[float]

    @property
    def seats(self) -> list[TemplateSeat]:
        return [TemplateSeat(*seat) for seat in zip(self.roles, self.weights, self.from_probability, strict=True)]


PIPELINES = query("opportunities/pipelines", Pipeline)
OF_IDS = query("opportunities/of_ids", Opportunity)
OF_NAME = query("opportunities/of_name", Identified)
STAGES_OF = query("opportunities/stages_of", Stay)
OPEN_AMOUNTS = query("opportunities/open_amounts", OpenAmounts)
ENDS = query("opportunities/ends", End)
CREATE = query("opportunities/create", Identified)
STANDING = query("opportunities/standing", Standing)
MOVE = query("opportunities/move", Identified)
GIVE_REASON = query("opportunities/give_reason", Identified)
BECOME_CUSTOMERS = query("opportunities/become_customers", NewCustomer)
CONSENSUS_RULE = query("opportunities/consensus_rule", ConsensusRule)
SET_CONSENSUS_RULE = query("opportunities/set_consensus_rule", Identified)
ROLE_TEMPLATE = query("opportunities/role_template", Template)
SET_ROLE_TEMPLATE = query("opportunities/set_role_template", Identified)
DROP_ROLE_TEMPLATE = query("opportunities/drop_role_template", Identified)


async def pipelines(graph: Graph) -> list[Pipeline]:
    return await graph.read(PIPELINES)


async def of_ids(graph: Graph, ids: Sequence[str], viewer: Viewer) -> list[Opportunity]:
    return await graph.read(OF_IDS, opportunity_ids=list(ids), viewer_groups=viewer.groups, today=graph.now().date())


async def ids_of_name(graph: Graph, name: str, viewer: Viewer, *, limit: int) -> list[str]:
    rows = await graph.read(OF_NAME, name_key=fold(name), viewer_groups=viewer.groups, limit=limit)
    return [row.id for row in rows]


async def stages_of(graph: Graph, viewer: Viewer, opportunity_ids: Sequence[str]) -> list[Stay]:
    return await graph.read(STAGES_OF, opportunity_ids=list(opportunity_ids), viewer_groups=viewer.groups)


async def open_amounts(graph: Graph, viewer: Viewer, account_ids: Sequence[str]) -> list[OpenAmounts]:
    return await graph.read(OPEN_AMOUNTS, account_ids=list(account_ids), viewer_groups=viewer.groups)


async def kinds_of_ends(write: Write, viewer: Viewer, ids: Sequence[str]) -> dict[str, str]:
    """Which of these ids are visible accounts, visible contacts or active colleagues."""
    rows = await write.run(ENDS, ids=list(ids), viewer_groups=viewer.groups)
    return {row.id: row.kind for row in rows}


async def create(write: Write, properties: Mapping[str, Any]) -> None:
    await write.run(CREATE, **properties)


async def standing(write: Write, opportunity_id: str) -> Standing | None:
    return await write.one(STANDING, opportunity_id=opportunity_id)


async def move(
    write: Write,
    opportunity_id: str,
    stage: Stage,
    *,
    at: dt.datetime,
    lost_reason: str | None,
) -> None:
    await write.run(
        MOVE,
        opportunity_id=opportunity_id,
        stage_id=stage.id,
        at=at,
        closed_at=None if stage.is_open else at,
        lost_reason=lost_reason,
    )


async def give_reason(write: Write, opportunity_id: str, lost_reason: str) -> None:
    await write.run(GIVE_REASON, opportunity_id=opportunity_id, lost_reason=lost_reason)


async def become_customers(write: Write, record_ids: Sequence[str]) -> list[NewCustomer]:
    return await write.run(BECOME_CUSTOMERS, record_ids=sorted(record_ids))


async def consensus_rule(graph: Graph, viewer: Viewer, opportunity_id: str) -> ConsensusRule | None:
    return await graph.read_one(CONSENSUS_RULE, opportunity_id=opportunity_id, viewer_groups=viewer.groups)


async def set_consensus_rule(write: Write, opportunity_id: str, rule: ConsensusRule) -> None:
    await write.run(
        SET_CONSENSUS_RULE,
        opportunity_id=opportunity_id,
        needed_contact_ids=list(rule.needed_contact_ids) or None,
        needed_count=rule.needed_count,
        veto_contact_ids=list(rule.veto_contact_ids) or None,
    )


async def role_template(graph: Graph, viewer: Viewer, opportunity_id: str) -> list[TemplateSeat] | None:
    row = await graph.read_one(ROLE_TEMPLATE, opportunity_id=opportunity_id, viewer_groups=viewer.groups)
    return None if row is None else row.seats


async def set_role_template(write: Write, opportunity_id: str, seats: Sequence[TemplateSeat]) -> None:
    if not seats:
        await write.run(DROP_ROLE_TEMPLATE, opportunity_id=opportunity_id)
        return
    await write.run(
        SET_ROLE_TEMPLATE,
        opportunity_id=opportunity_id,
        roles=[seat.role for seat in seats],
        weights=[float(seat.weight) for seat in seats],
        from_probability=[float(seat.from_probability) for seat in seats],
    )


# ------------------------------------------------------------------- lists

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
    if isinstance(value, str):
        return value.strip().upper()
    return [one.strip().upper() for one in value]


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

FILTERS: dict[str, Filter] = {
    "id": id_filter("opportunity.id"),
    "name": text_filter("opportunity.name_key"),
    "account_id": linked_id_filter(
        "MATCH (opportunity)-[:FOR_ACCOUNT]->(account:Account)"
        " WHERE any(group IN account.readers WHERE group IN $viewer_groups)",
        "account.id",
    ),
    "owner_id": linked_id_filter(
        "MATCH (opportunity)<-[ownership:OWNS]-(owner:User)"
        " WHERE (ownership.valid_from IS NULL OR ownership.valid_from <= $today)"
        " AND (ownership.valid_to IS NULL OR ownership.valid_to > $today)",
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
    "source_key": existence_filter("(opportunity)-[:FROM_SOURCE]->(:SourceRecord {key: $value})"),
}

"""What deals are filtered by. Slices to the right add what they know of a deal, under its name in `where`."""

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
    now = graph.now()
    return {"viewer_groups": viewer.groups, "viewer_id": viewer.user_id, "today": now.date(), "now": now}
