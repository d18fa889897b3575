"""Deals on a real database: made, found, listed and moved along."""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import replace
from decimal import Decimal

import pytest

from graph_crm.changes.types import RecordType, SourceKey
from graph_crm.errors import Ambiguous, Conflict, Duplicate, Invalid, NotFound, NotPermitted, Refusal
from graph_crm.graph.lists import AllOf, Comparison, Direction, Operator, Wanted
from graph_crm.language import Price
from graph_crm.opportunities import service
from graph_crm.opportunities.amounts import currency_of, minor_units, price_of
from graph_crm.opportunities.types import ConsensusRule, Move, NewOpportunity, TemplateSeat
from graph_crm.viewer import Role
from tests.api import Api, a_user
from tests.small_graph import a_contact, an_account, run

DAY = dt.timedelta(days=1)
SPANCO = "01900000-0000-7000-8000-000000000100"


async def deals(api: Api) -> int:
    return await api.count("Opportunity")


async def stage_of_life(api: Api, record_id: str) -> str:
    [row] = await run(
        api.graph, "MATCH (record:Record {id: $id}) RETURN record.lifecycle_stage AS stage", id=record_id
    )
    return row["stage"]


async def test_a_new_deal_enters_the_first_stage_of_the_standard_pipeline(api: Api) -> None:
    account, contact = await an_account(api.graph, "TechCorp"), await a_contact(api.graph, "Ladureau")
    made = await service.create(
        api.graph,
        api.viewer,
        NewOpportunity(
            "Six sites",
            account_id=account,
            primary_contact_id=contact,
            amount=Decimal("30000.00"),
            close_date=dt.date(2026, 3, 1),
        ),
        default_currency="EUR",
    )
    assert (made.name, made.stage.key, made.is_open, made.version) == ("Six sites", "QUALIFICATION", True, 1)
    assert (made.account_id, made.primary_contact_id, made.owner_id) == (account, contact, api.viewer.user_id)
    assert (made.price, made.close_date) == (Price(Decimal("30000.00"), "EUR"), dt.date(2026, 3, 1))
    assert made.primary_decision_maker_id is None
    [row] = await run(api.graph, "MATCH (deal:Opportunity) RETURN deal.amount AS amount, deal.readers AS readers")
    assert row == {"amount": 3_000_000, "readers": ["everyone"]}


async def test_a_deal_without_amount_and_close_date_has_neither(api: Api) -> None:
    contact = await a_contact(api.graph, "Ladureau")
    made = await service.create(api.graph, api.viewer, NewOpportunity("Site", primary_contact_id=contact))
    assert (made.price, made.close_date, made.account_id) == (None, None, None)


@pytest.mark.parametrize(
    ("change", "error", "field"),
    [
        ({"name": "  "}, Invalid, ("name",)),
        ({"account_id": None}, Invalid, ("accountId",)),
        ({"account_id": "nobody"}, NotFound, ("accountId",)),
        ({"owner_id": "nobody"}, NotFound, ("ownerId",)),
        ({"pipeline_id": "none"}, NotFound, ("pipelineId",)),
        ({"stage_key": "NEGOCIATION"}, Invalid, ("stageKey",)),
        ({"amount": Decimal("10.005"), "currency": "EUR"}, Invalid, ("amount",)),
        ({"amount": Decimal(-1), "currency": "EUR"}, Invalid, ("amount",)),
        ({"amount": Decimal(10)}, Invalid, ("currency",)),
        ({"amount": Decimal(10), "currency": "EURO"}, Invalid, ("currency",)),
        ({"entered_at": dt.datetime(2999, 1, 1, tzinfo=dt.UTC)}, Invalid, ("at",)),
    ],
)
async def test_a_refused_deal_is_not_made(
    api: Api, change: dict[str, object], error: type[Refusal], field: tuple[str, ...]
) -> None:
    account = await an_account(api.graph, "TechCorp")
    wanted = replace(NewOpportunity("Six sites", account_id=account), **change)  # pyright: ignore[reportArgumentType]
    with pytest.raises(error) as refusal:
        await service.create(api.graph, api.viewer, wanted)
    assert refusal.value.field == field
    assert await deals(api) == 0


async def test_an_amount_without_a_currency_says_which_setting_helps(api: Api) -> None:
    account = await an_account(api.graph, "TechCorp")
    with pytest.raises(Invalid, match="GRAPH_CRM_DEFAULT_CURRENCY"):
        await service.create(api.graph, api.viewer, NewOpportunity("X1", account_id=account, amount=Decimal(1)))


async def test_a_hidden_account_refuses_like_a_missing_one(api: Api) -> None:
    anna = await a_user(api.graph, "Anna")
    hidden = await an_account(api.graph, "Hidden", readers=["all-records"])
    refusals: list[str] = []
    for account_id in (hidden, "missing"):
        with pytest.raises(NotFound) as refusal:
            await service.create(api.graph, anna, NewOpportunity("Deal", account_id=account_id))
        refusals.append(str(refusal.value))
    assert refusals[0] == refusals[1]
    assert await deals(api) == 0


async def test_a_reader_makes_and_moves_no_deal(api: Api) -> None:
    reader = await a_user(api.graph, "Rita", Role.READER)
    account = await an_account(api.graph, "TechCorp")
    made = await service.create(api.graph, api.viewer, NewOpportunity("Deal", account_id=account))
    with pytest.raises(NotPermitted):
        await service.create(api.graph, reader, NewOpportunity("Other", account_id=account))
    with pytest.raises(NotPermitted):
        await service.move(api.graph, reader, Move(made.id, "WON"))
    assert await deals(api) == 1


async def test_a_seller_moves_no_deal_of_another_team(api: Api) -> None:
    anna, olivia = await a_user(api.graph, "Anna"), await a_user(api.graph, "Olivia")
    account = await an_account(api.graph, "TechCorp")
    made = await service.create(api.graph, anna, NewOpportunity("Deal", account_id=account))
    with pytest.raises(NotPermitted):
        await service.move(api.graph, olivia, Move(made.id, "WON"))
    found = await service.find(api.graph, olivia, record_id=made.id)
    assert found is not None
    assert (found.stage.key, found.version) == ("QUALIFICATION", 1)


async def test_a_won_deal_makes_its_account_and_primary_contact_customers(api: Api) -> None:
    account, contact = await an_account(api.graph, "TechCorp"), await a_contact(api.graph, "Ladureau")
    made = await service.create(
        api.graph, api.viewer, NewOpportunity("Deal", account_id=account, primary_contact_id=contact)
    )
    assert await stage_of_life(api, account) == "PROSPECT"
    won = await service.move(api.graph, api.viewer, Move(made.id, "won"), expected_version=1)
    assert (won.stage.key, won.is_open, won.version) == ("WON", False, 2)
    assert won.closed_at is not None
    assert [await stage_of_life(api, account), await stage_of_life(api, contact)] == ["CUSTOMER", "CUSTOMER"]
    rows = await run(api.graph, "MATCH (event:ChangeEvent) RETURN event.action AS action ORDER BY event.sequence")
    assert [row["action"] for row in rows] == [
        "opportunity.created",
        "opportunity.moved",
        "account.became_customer",
        "contact.became_customer",
    ]
    again = await service.move(api.graph, api.viewer, Move(made.id, "WON"))
    assert again.version == 2
    assert await api.count("ChangeEvent") == 4


async def test_a_deal_may_be_made_as_a_signed_one(api: Api) -> None:
    account = await an_account(api.graph, "Alpha")
    made = await service.create(api.graph, api.viewer, NewOpportunity("Site", account_id=account, stage_key="WON"))
    assert made.closed_at is not None
    assert not made.is_open
    assert await stage_of_life(api, account) == "CUSTOMER"


async def test_each_stage_keeps_its_dates(api: Api) -> None:
    account = await an_account(api.graph, "TechCorp")
    start = api.graph.now() - 100 * DAY
    made = await service.create(
        api.graph, api.viewer, NewOpportunity("Deal", account_id=account, pipeline_id=SPANCO, entered_at=start)
    )
    await service.move(api.graph, api.viewer, Move(made.id, "ANALYSE", at=start + 10 * DAY))
    lost = await service.move(api.graph, api.viewer, Move(made.id, "PERDU", at=start + 50 * DAY, lost_reason="Price"))
    assert (lost.lost_reason, lost.closed_at) == ("Price", start + 50 * DAY)
    history = (await service.stages_of(api.graph, api.viewer, [made.id]))[made.id]
    assert [(stay.stage.key, stay.entered_at, stay.left_at) for stay in history] == [
        ("SUSPECT", start, start + 10 * DAY),
        ("ANALYSE", start + 10 * DAY, start + 50 * DAY),
        ("PERDU", start + 50 * DAY, None),
    ]
    opened = await service.move(api.graph, api.viewer, Move(made.id, "ANALYSE"))
    assert (opened.is_open, opened.closed_at, opened.lost_reason) == (True, None, None)


@pytest.mark.parametrize(
    ("move", "field"),
    [
        (Move("", "WON", at=dt.datetime(2999, 1, 1, tzinfo=dt.UTC)), ("at",)),
        (Move("", "WON", at=dt.datetime(2001, 1, 1, tzinfo=dt.UTC)), ("at",)),
        (Move("", "NEGOCIATION"), ("stageKey",)),
        (Move("", "WON", lost_reason="Price"), ("lostReason",)),
    ],
)
async def test_a_refused_move_changes_nothing(api: Api, move: Move, field: tuple[str, ...]) -> None:
    account = await an_account(api.graph, "TechCorp")
    made = await service.create(api.graph, api.viewer, NewOpportunity("Deal", account_id=account))
    with pytest.raises(Invalid) as refusal:
        await service.move(api.graph, api.viewer, replace(move, opportunity_id=made.id))
    assert refusal.value.field == field
    assert await service.find(api.graph, api.viewer, record_id=made.id) == made
    assert await stage_of_life(api, account) == "PROSPECT"


async def test_a_stale_version_is_a_conflict(api: Api) -> None:
    account = await an_account(api.graph, "TechCorp")
    made = await service.create(api.graph, api.viewer, NewOpportunity("Deal", account_id=account))
    with pytest.raises(Conflict):
        await service.move(api.graph, api.viewer, Move(made.id, "WON"), expected_version=7)
    found = await service.find(api.graph, api.viewer, record_id=made.id)
    assert found is not None
    assert found.stage.key == "QUALIFICATION"


async def test_the_same_key_makes_one_deal_and_other_content_is_refused(api: Api) -> None:
    account = await an_account(api.graph, "TechCorp")
    wanted = NewOpportunity("Deal", account_id=account, source=SourceKey("zoho", RecordType.OPPORTUNITY, "7"))
    first = await service.create(api.graph, api.viewer, wanted, idempotency_key="once")
    second = await service.create(api.graph, api.viewer, wanted, idempotency_key="once")
    assert first == second
    with pytest.raises(Conflict):
        await service.create(api.graph, api.viewer, replace(wanted, name="Other"), idempotency_key="once")
    with pytest.raises(Duplicate):
        await service.create(api.graph, api.viewer, wanted)
    assert await deals(api) == 1
    assert await service.find(api.graph, api.viewer, source=wanted.source) == first


async def test_only_one_of_many_moves_at_once_wins_the_version(api: Api) -> None:
    account = await an_account(api.graph, "TechCorp")
    made = await service.create(api.graph, api.viewer, NewOpportunity("Deal", account_id=account))
    keys = ["DISCOVERY", "PROPOSAL", "NEGOTIATION", "LOST"]
    results = await asyncio.gather(
        *(service.move(api.graph, api.viewer, Move(made.id, key), expected_version=1) for key in keys),
        return_exceptions=True,
    )
    assert sum(isinstance(result, Conflict) for result in results) == 3, results
    history = (await service.stages_of(api.graph, api.viewer, [made.id]))[made.id]
    assert len(history) == 2


async def test_a_name_that_two_deals_share_asks_which_one(api: Api) -> None:
    account = await an_account(api.graph, "TechCorp")
    made = [
        await service.create(api.graph, api.viewer, NewOpportunity(name, account_id=account))
        for name in ("Été 2026", "ete 2026", "Other")
    ]
    with pytest.raises(Ambiguous) as refusal:
        await service.find(api.graph, api.viewer, name="ÉTÉ 2026")
    assert set(refusal.value.candidates) == {made[0].id, made[1].id}
    assert await service.find(api.graph, api.viewer, name="other") == made[2]
    assert await service.find(api.graph, api.viewer, name="nothing") is None


async def test_the_open_pipeline_is_a_sum_for_each_currency(api: Api) -> None:
    account, empty = await an_account(api.graph, "TechCorp"), await an_account(api.graph, "Empty")
    for name, amount, currency, stage in (
        ("A1", "30000.00", "EUR", None),
        ("B1", "12000.00", "EUR", None),
        ("C1", "8000.00", "EUR", None),
        ("D1", "500000", "JPY", None),
        ("Lost", "20000", "EUR", "LOST"),
    ):
        await service.create(
            api.graph,
            api.viewer,
            NewOpportunity(name, account_id=account, amount=Decimal(amount), currency=currency, stage_key=stage),
        )
    found = await service.open_pipeline(api.graph, api.viewer, [account, empty])
    assert found == {account: [Price(Decimal("50000.00"), "EUR"), Price(Decimal(500000), "JPY")]}


async def test_lists_filter_by_amount_in_each_currency_and_order_by_it(api: Api) -> None:
    account = await an_account(api.graph, "TechCorp")
    for name, amount, currency in (
        ("A1", "100.50", "EUR"),
        ("B1", "100", "JPY"),
        ("C1", "101", "JPY"),
        ("D1", "0.5", "EUR"),
        ("E1", "100.505", "TND"),
        ("F1", None, None),
    ):
        await service.create(
            api.graph,
            api.viewer,
            NewOpportunity(
                name, account_id=account, amount=None if amount is None else Decimal(amount), currency=currency
            ),
        )

    async def names(operator: Operator, value: str | bool) -> list[str]:
        given = value if isinstance(value, bool) else Decimal(value)
        wanted = Wanted(Comparison("amount", operator, given))
        return [found.name for found in (await service.page(api.graph, api.viewer, wanted)).rows]

    assert await names(Operator.GREATER, "100.5") == ["C1", "E1"]
    assert await names(Operator.GREATER_OR_EQUAL, "100.5") == ["A1", "C1", "E1"]
    assert await names(Operator.LESS, "100.5") == ["B1", "D1"]
    assert await names(Operator.LESS_OR_EQUAL, "100.505") == ["A1", "B1", "D1", "E1"]
    assert await names(Operator.EQUAL, "100.5") == ["A1"]
    assert await names(Operator.EQUAL, "100.505") == ["E1"]
    assert await names(Operator.IS_NULL, value=True) == ["F1"]
    ordered = await service.page(api.graph, api.viewer, Wanted(orders=(("amount", Direction.DESC),)))
    assert [found.name for found in ordered.rows] == ["E1", "C1", "B1", "A1", "D1", "F1"]


async def test_lists_filter_by_stage_owner_and_whether_a_deal_is_open(api: Api) -> None:
    anna = await a_user(api.graph, "Anna")
    account = await an_account(api.graph, "TechCorp")
    for name, stage, viewer in (("A1", None, anna), ("B1", "WON", anna), ("C1", "DISCOVERY", api.viewer)):
        await service.create(api.graph, viewer, NewOpportunity(name, account_id=account, stage_key=stage))

    async def names(*comparisons: Comparison) -> list[str]:
        page = await service.page(api.graph, api.viewer, Wanted(AllOf(comparisons)))
        assert await page.count() == len(page.rows)
        return [found.name for found in page.rows]

    assert await names(Comparison("is_open", Operator.EQUAL, value=True)) == ["A1", "C1"]
    assert await names(Comparison("is_open", Operator.EQUAL, value=False)) == ["B1"]
    assert await names(Comparison("owner_id", Operator.EQUAL, anna.user_id)) == ["A1", "B1"]
    assert await names(Comparison("stage_key", Operator.IN, ["won", "DISCOVERY"])) == ["B1", "C1"]
    assert await names(Comparison("account_id", Operator.EQUAL, account)) == ["A1", "B1", "C1"]
    pages = await service.of_accounts(
        api.graph, api.viewer, [account, "none"], Wanted(Comparison("is_open", Operator.EQUAL, value=True))
    )
    assert sorted(found.name for found in pages[account].rows) == ["A1", "C1"]
    assert [await pages[account].count(), await pages["none"].count()] == [2, 0]


async def test_a_deal_is_reached_from_its_contact_and_from_whoever_has_a_part_in_it(api: Api) -> None:
    account = await an_account(api.graph, "Alpha")
    perez, ladureau, bourges = [await a_contact(api.graph, name) for name in ("Perez", "Ladureau", "Bourges")]
    made = await service.create(
        api.graph, api.viewer, NewOpportunity("Site", account_id=account, primary_contact_id=ladureau)
    )
    for contact, roles, primary in ((ladureau, ["DECISION_MAKER"], True), (bourges, ["DECISION_MAKER"], False)):
        await run(
            api.graph,
            """MATCH (deal:Opportunity {id: $deal}), (contact:Contact {id: $contact})
            CREATE (deal)-[:HAS_STAKEHOLDER]->(part:Record:Stakeholder {id: randomUUID(), key: $deal + $contact})
              -[:IS]->(contact), (part)-[:CURRENT]->(:Record:Assessment {
                id: randomUUID(), roles: $roles, is_primary: $primary})""",
            deal=made.id,
            contact=contact,
            roles=roles,
            primary=primary,
        )
    found = await service.find(api.graph, api.viewer, record_id=made.id)
    assert found is not None
    assert (found.primary_contact_id, found.primary_decision_maker_id) == (ladureau, ladureau)
    pages = await service.of_contacts(api.graph, api.viewer, [perez, ladureau, bourges], Wanted())
    assert [[deal.id for deal in pages[contact].rows] for contact in (perez, ladureau, bourges)] == [
        [],
        [made.id],
        [made.id],
    ]
    assert [await pages[contact].count() for contact in (perez, ladureau, bourges)] == [0, 1, 1]


async def test_who_must_agree_is_kept_with_the_deal(api: Api) -> None:
    account = await an_account(api.graph, "Ferrand-Lys")
    people = [await a_contact(api.graph, name) for name in ("Hélène", "Bertrand", "Nadia", "Émilie")]
    made = await service.create(api.graph, api.viewer, NewOpportunity("Six sites", account_id=account))
    rule = ConsensusRule(tuple(people[:3]), 2, (people[3],))
    changed = await service.set_consensus_rule(api.graph, api.viewer, made.id, rule)
    assert changed.version == 2
    assert await service.consensus_rule(api.graph, api.viewer, made.id) == ConsensusRule(
        tuple(sorted(people[:3])), 2, (people[3],)
    )
    for refused in (
        ConsensusRule(tuple(people[:1]), 2),
        ConsensusRule(tuple(people[:1]), 0),
        ConsensusRule(("nobody",)),
    ):
        with pytest.raises((Invalid, NotFound)):
            await service.set_consensus_rule(api.graph, api.viewer, made.id, refused)
    kept = await service.consensus_rule(api.graph, api.viewer, made.id)
    assert kept is not None
    assert kept.needed_count == 2
    await service.set_consensus_rule(api.graph, api.viewer, made.id, ConsensusRule())
    [row] = await run(
        api.graph, "MATCH (deal:Opportunity) RETURN [key IN keys(deal) WHERE key STARTS WITH 'consensus'] AS keys"
    )
    assert row["keys"] == []


async def test_a_deal_may_need_one_seat_more_than_its_pipeline_says(api: Api) -> None:
    account = await an_account(api.graph, "Ferrand-Lys")
    made = await service.create(api.graph, api.viewer, NewOpportunity("Six sites", account_id=account))
    usual = await service.role_template(api.graph, api.viewer, made.id)
    assert [(seat.role, seat.weight) for seat in usual] == [
        ("ECONOMIC_BUYER", 3),
        ("CHAMPION", 3),
        ("TECHNICAL_BUYER", 2),
        ("END_USER", 1),
        ("PROCUREMENT", 1),
    ]
    legal = TemplateSeat("LEGAL_COMPLIANCE", 1, 0.6)
    await service.add_seat(api.graph, api.viewer, made.id, legal)
    assert await service.role_template(api.graph, api.viewer, made.id) == [*usual, legal]
    with pytest.raises(Invalid):
        await service.set_role_template(api.graph, api.viewer, made.id, [TemplateSeat("KING", 1)])
    await service.set_role_template(api.graph, api.viewer, made.id, [])
    assert await service.role_template(api.graph, api.viewer, made.id) == usual


def test_amounts_are_exact_in_every_currency() -> None:
    assert minor_units(Decimal("57.47"), "EUR") == 5747
    assert minor_units(Decimal(57), "JPY") == 57
    assert minor_units(Decimal("1.234"), "TND") == 1234
    assert price_of(5747, "EUR") == Price(Decimal("57.47"), "EUR")
    assert str(price_of(1000, "EUR")) == str(Price(Decimal("10.00"), "EUR"))
    assert currency_of(" eur ", None) == "EUR"
    assert currency_of(None, "USD") == "USD"
    with pytest.raises(Invalid):
        minor_units(Decimal("0.5"), "JPY")
    with pytest.raises(Invalid):
        minor_units(Decimal("1e20"), "EUR")


def test_seats_are_the_buying_roles_and_the_champion() -> None:
    from graph_crm.opportunities.types import CHAMPION_SEAT, SEAT_ROLES
    from graph_crm.stakeholders.types import BuyingRole

    assert {*(role.value for role in BuyingRole), CHAMPION_SEAT} == SEAT_ROLES
