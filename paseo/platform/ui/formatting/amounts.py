"""Sums of money and plain numbers."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from babel.numbers import format_currency, format_decimal, format_percent

from paseo.kernel.money import Money
from paseo.platform.ui.formatting.readers import reader_locale

MINUS = "\u2212"


def money(amount: Any, currency: str | None = None, *, signed: bool = False) -> str:
    """A sum in the reader's language: ``€10.20``, ``10,20 €``. A true minus sign; ``signed`` also writes the plus.

    ``amount`` is Money, a pair (minor units, currency), or minor units with ``currency``. None gives no text.
    """
    if amount is None or amount == "":
        return ""
    if isinstance(amount, tuple | list):
        amount = Money(int(amount[0]), str(amount[1]))
    elif not isinstance(amount, Money):
        if currency is None:
            raise TypeError("Minor units need a currency to be written.")
        amount = Money(int(amount), currency)
    text = format_currency(abs(amount.decimal), amount.currency, locale=reader_locale())
    if amount.minor < 0:
        return MINUS + text
    return "+" + text if signed and amount.minor > 0 else text


def number(value: int | Decimal | float) -> str:
    """A count with the reader's grouping: ``41,200``."""
    return str(format_decimal(value, locale=reader_locale())).replace("-", MINUS)


def percent(share: float | Decimal, places: int = 0) -> str:
    """A share of one as per cent: 0.168 → ``16.8%`` with one place."""
    pattern = "#,##0" + ("." + "0" * places if places else "") + ("%" if str(reader_locale()) != "es_ES" else "\u00a0%")
    return str(format_percent(share, format=pattern, locale=reader_locale())).replace("-", MINUS)
