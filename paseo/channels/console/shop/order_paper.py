"""The receipt of an order as the shop reads it, and what happened to its money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext

from paseo.capabilities.ordering.values import OrderLineView, OrderView
from paseo.channels.console.shop.reasons import RETURNED
from paseo.channels.console.shop.slips import left_out, named
from paseo.kernel.money import Money
from paseo.platform.ui.formatting import localized, percent
from paseo.platform.ui.values import Receipt, ReceiptLine, ReceiptRow

_STATES = {
    "created": "now",
    "pending": "now",
    "authorized": "now",
    "captured": "go",
    "partly_refunded": "go",
    "refunded": "",
    "declined": "stop",
    "cancelled": "",
    "expired": "",
    "done": "go",
    "failed": "stop",
    "requested": "now",
    "sent": "now",
}


@dataclass(frozen=True, slots=True)
class MoneyRow:
    """One movement: a try to pay, or money that went back."""

    words: str
    state: str
    mark: str
    amount: Money
    at: datetime
    detail: str


def paper_of(order: OrderView) -> Receipt:
    summary, currency = order.summary, order.summary.currency
    rows = [
        ReceiptRow(_discount_words(fund), Money(-int(fund.get("minor", 0)), currency), good=True)
        for line in order.lines
        for fund in line.funded
        if int(fund.get("minor", 0))
    ]
    if not rows and summary.discount_minor:
        rows.append(ReceiptRow(gettext("Discount"), Money(-summary.discount_minor, currency), good=True))
    if order.tip_minor:
        rows.append(ReceiptRow(gettext("Tip"), Money(order.tip_minor, currency)))
    rows += _taxes(order)
    if summary.returned_minor:
        rows.append(ReceiptRow(gettext("Given back"), Money(-summary.returned_minor, currency)))
    return Receipt(
        total_words=gettext("Paid") if summary.is_paid else gettext("To pay"),
        total=Money(summary.total_minor - summary.returned_minor, currency),
        lines=[_line(line, currency) for line in order.lines],
        rows=rows,
        title=gettext("Receipt"),
    )


def _line(line: OrderLineView, currency: str) -> ReceiptLine:
    notes = [localized(option.get("names", {})) for option in line.options if option.get("kind") != "without"]
    without = [left_out(localized(option["names"])) for option in line.options if option.get("kind") == "without"]
    if line.note:
        notes.append(gettext("“%(words)s”") % {"words": line.note})
    return ReceiptLine(
        words=named(line.names),
        amount=Money(line.gross_minor, currency),
        quantity=line.quantity,
        notes=tuple(note for note in notes if note),
        hurt=gettext(", ").join(without),
        refused=line.state != "ok",
        key=str(line.id),
    )


def _discount_words(fund: object) -> str:
    name = localized(fund.get("names") or fund.get("name") or {})  # type: ignore[attr-defined]
    funder = str(fund.get("funder", "merchant"))  # type: ignore[attr-defined]
    who = {
        "merchant": gettext("you pay it"),
        "operator": gettext("the operator pays it"),
        "brand": gettext("the brand pays it"),
    }.get(funder, funder)
    return f"{name or gettext('Discount')} ({who})"


def _taxes(order: OrderView) -> list[ReceiptRow]:
    by_rate: dict[str, int] = {}
    for line in order.lines:
        if line.state == "ok":
            by_rate[line.tax_rate] = by_rate.get(line.tax_rate, 0) + line.tax_minor
    template = gettext("Tax %(rate)s included") if order.tax_included else gettext("Tax %(rate)s")
    return [
        ReceiptRow(template % {"rate": _rate(rate)}, Money(minor, order.summary.currency), foot=True)
        for rate, minor in sorted(by_rate.items())
        if minor
    ]


def _rate(rate: str) -> str:
    share = Decimal(rate)
    return percent(share, 0 if share * 100 == (share * 100).to_integral_value() else 1)


def money_rows(order: OrderView) -> tuple[MoneyRow, ...]:
    """Tries to pay and money given back, in the order in which they happened."""
    words = {
        "created": gettext("begun"),
        "pending": gettext("under way"),
        "authorized": gettext("reserved"),
        "captured": gettext("paid"),
        "partly_refunded": gettext("paid, part given back"),
        "refunded": gettext("given back"),
        "declined": gettext("declined"),
        "cancelled": gettext("ended"),
        "expired": gettext("ended"),
        "requested": gettext("on its way"),
        "sent": gettext("on its way"),
        "done": gettext("arrived"),
        "failed": gettext("failed"),
    }
    rows = [
        MoneyRow(
            gettext("Cash") if one.method == "cash" else gettext("Card"),
            words.get(one.state, one.state),
            _STATES.get(one.state, ""),
            one.amount,
            one.captured_at or one.created_at,
            one.trouble,
        )
        for one in order.payments
    ]
    rows += [
        MoneyRow(
            gettext("Given back"),
            words.get(one.state, one.state),
            _STATES.get(one.state, ""),
            -one.amount,
            one.requested_at,
            one.note or (gettext(RETURNED[one.reason]) if one.reason in RETURNED else ""),
        )
        for one in order.refunds
    ]
    return tuple(sorted(rows, key=lambda row: row.at))
