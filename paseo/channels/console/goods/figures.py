"""The numbers of a merchant's money, each with the entries of the books that it is the sum of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext, gettext_noop

from paseo.capabilities.ledger import queries as ledger
from paseo.capabilities.ledger.values import StatementLine
from paseo.channels.console.shop.reasons import RETURNED
from paseo.kernel.money import Money
from paseo.kernel.periods import Period


@dataclass(frozen=True, slots=True)
class Number:
    """``parts``: an account, its lines, and whether they count as they stand (1) or the other way round (-1)."""

    key: str
    words: str
    parts: tuple[tuple[str, tuple[str, ...], int], ...]


_FEES = ("commission", "commission_back", "monthly_fee")
_FEE_TAX = ("commission_tax", "commission_tax_back", "monthly_fee_tax")

NUMBERS = {
    one.key: one
    for one in (
        Number("online", gettext_noop("Sold online"), (("merchant_payable", ("sale",), 1),)),
        Number("cash", gettext_noop("Sold in cash"), (("merchant_sales", ("sale",), 1),)),
        Number("tips", gettext_noop("Tips"), (("merchant_payable", ("tip",), 1), ("merchant_sales", ("tip",), 1))),
        Number("fees", gettext_noop("Fees"), (("merchant_payable", _FEES, -1), ("commission_receivable", _FEES, 1))),
        Number(
            "fee-tax",
            gettext_noop("Tax on the fees"),
            (("merchant_payable", _FEE_TAX, -1), ("commission_receivable", _FEE_TAX, 1)),
        ),
        Number(
            "own-discounts",
            gettext_noop("Discounts that you paid"),
            (("merchant_discounts", ("own_discount", "own_discount_back"), 1),),
        ),
        Number(
            "operator-discounts",
            gettext_noop("Discounts that the operator paid you"),
            (("merchant_payable", ("funded_discount", "funded_discount_back"), 1),),
        ),
        Number(
            "brand-discounts",
            gettext_noop("Discounts that a brand paid you"),
            (("merchant_payable", ("brand_discount", "brand_discount_back"), 1),),
        ),
        Number("returned-online", gettext_noop("Given back online"), (("merchant_payable", ("refund",), -1),)),
        Number("returned-cash", gettext_noop("Given back in cash"), (("merchant_sales", ("refund",), -1),)),
        Number("paid-out", gettext_noop("Paid out"), (("merchant_payable", ("payout",), -1),)),
    )
}

_LINES = {
    "sale": gettext_noop("Sale"),
    "tip": gettext_noop("Tip"),
    "commission": gettext_noop("Fee"),
    "commission_tax": gettext_noop("Tax on the fee"),
    "commission_back": gettext_noop("Fee given back"),
    "commission_tax_back": gettext_noop("Tax on the fee given back"),
    "monthly_fee": gettext_noop("Monthly fee"),
    "monthly_fee_tax": gettext_noop("Tax on the monthly fee"),
    "refund": gettext_noop("Given back to the buyer"),
    "payout": gettext_noop("Paid out to you"),
    "netted": gettext_noop("Fees of cash sales settled"),
    "own_discount": gettext_noop("Discount that you paid"),
    "own_discount_back": gettext_noop("Your discount came back"),
    "funded_discount": gettext_noop("Discount that the operator paid you"),
    "funded_discount_back": gettext_noop("The operator's discount went back"),
    "brand_discount": gettext_noop("Discount that a brand paid you"),
    "brand_discount_back": gettext_noop("The brand's discount went back"),
}


def line_words(line: StatementLine) -> str:
    return gettext(_LINES[line.line]) if line.line in _LINES else line.line


def reason_words(reason: str) -> str:
    """Why money went back, in words; what somebody wrote stays as it is."""
    return gettext(RETURNED[reason]) if reason in RETURNED else reason


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry as it counts in a number."""

    at: datetime
    words: str
    reason: str
    order_id: UUID | None
    amount: Money


def entries_of(
    number: Number, merchant_id: UUID, unit: str, period: Period, reason: str | None = None
) -> list[EntryRow]:
    """The entries that a number is the sum of, newest first; ``reason`` only those that went back for it."""
    rows = []
    for account, lines, sign in number.parts:
        for line in ledger.statement(merchant_id, account, unit, period).lines:
            if line.line in lines and (reason is None or line.reason == reason):
                rows.append(
                    EntryRow(line.at, line_words(line), reason_words(line.reason), line.subject_id, line.amount * sign)
                )
    return sorted(rows, key=lambda row: row.at, reverse=True)


def total_of(rows: Sequence[EntryRow], unit: str) -> Money:
    return Money(sum(row.amount.minor for row in rows), unit)
