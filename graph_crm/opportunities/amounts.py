"""Amounts of money: exact decimals outside, whole minor units of one currency inside, never a float."""

from __future__ import annotations

from decimal import Decimal

from babel.numbers import get_currency_precision, list_currencies

from graph_crm.errors import Invalid
from graph_crm.language import Price

LARGEST_AMOUNT = 10**15


def minor_units(amount: Decimal, currency: str) -> int:
    """The amount in the smallest unit of its currency: 12.50 EUR is 1250. Refuses what would be rounded."""
    if not amount.is_finite() or amount < 0 or amount >= LARGEST_AMOUNT:
        raise Invalid("An amount is a number from 0 to {limit}.", limit=LARGEST_AMOUNT, field=("amount",))
    decimals = get_currency_precision(currency)
    units = amount.scaleb(decimals)
    if units != units.to_integral_value():
        raise Invalid(
            "{currency} has {decimals} decimals; {amount} has more.",
            currency=currency,
            decimals=decimals,
            amount=str(amount),
            field=("amount",),
        )
    return int(units)


def price_of(units: int | None, currency: str | None) -> Price | None:
    """The amount that is stored in minor units, with the decimals of its currency."""
    if units is None or currency is None:
        return None
    return Price(Decimal(units).scaleb(-get_currency_precision(currency)), currency)


def currency_of(given: str | None, default: str | None) -> str:
    """The currency of an amount: the one given, else the default of the settings. None is ever guessed."""
    code = (given or default or "").strip().upper()
    if not code:
        raise Invalid(
            "This amount needs a currency: give one, or set GRAPH_CRM_DEFAULT_CURRENCY.", field=("currency",)
        )
    if code not in list_currencies():
        raise Invalid("{code} is not a currency; write three letters, such as EUR.", code=code, field=("currency",))
    return code
