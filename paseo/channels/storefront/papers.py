"""Carts and orders as papers: what a line is called, what stands under it, who pays a discount, the tax in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from paseo.capabilities.directory.values import StoreCard
from paseo.capabilities.ordering.values import CartQuoteLine, OrderLineView, OrderView
from paseo.capabilities.pricing.values import Quote
from paseo.kernel.money import Money
from paseo.platform.ui.formatting import localized, percent
from paseo.platform.ui.values import Receipt, ReceiptLine, ReceiptRow


def line_words(line: CartQuoteLine | OrderLineView) -> str:
    """The name of a thing, with its size or kind."""
    names: Mapping[str, Any] = line.names
    variant = line.variant_names if isinstance(line, CartQuoteLine) else names.get("variant", {})
    plain = {key: text for key, text in names.items() if isinstance(text, str)}
    parts = [localized(plain), localized(variant)]
    return " ".join(part for part in parts if part) or gettext("No longer on the menu")


def option_notes(options: Iterable[Mapping[str, Any]], note: str) -> tuple[str, ...]:
    """What was chosen, what is left out, and the word to the kitchen."""
    chosen = [localized(option["names"]) for option in options if option["kind"] != "without"]
    without = [localized(option["names"]).lower() for option in options if option["kind"] == "without"]
    notes = []
    if chosen:
        notes.append(gettext(", ").join(chosen))
    if without:
        notes.append(gettext("without %(names)s") % {"names": gettext(", ").join(without)})
    if note:
        notes.append(gettext("“%(note)s”") % {"note": note})
    return tuple(notes)


def rate_words(rate: Decimal) -> str:
    """``14%``, ``13.5%``."""
    hundred = rate * 100
    return percent(rate, 0 if hundred == hundred.to_integral_value() else 1)


def _discount_words(names: Mapping[str, str], funder: str, shop: str) -> str:
    name = localized(names)
    if funder == "operator":
        return gettext("Ticket “%(name)s”, paid by Paseo here") % {"name": name}
    if funder == "brand":
        return gettext("Ticket “%(name)s”, paid by the brand") % {"name": name}
    return gettext("Ticket “%(name)s”, paid by %(shop)s") % {"name": name, "shop": shop}


def _tax_row(rate: Decimal, tax: Money, included: bool) -> ReceiptRow:
    words = gettext("Tax %(rate)s included") if included else gettext("Tax %(rate)s added")
    return ReceiptRow(words % {"rate": rate_words(rate)}, tax, foot=True)


def quote_rows(quote: Quote | None, shop: str) -> list[ReceiptRow]:
    """Discounts with who pays them, and the tax by rate."""
    if quote is None:
        return []
    saved: dict[str, tuple[Mapping[str, str], str, int]] = {}
    for line in quote.lines:
        for part in line.discounts:
            minor = saved[part.source_id][2] if part.source_id in saved else 0
            saved[part.source_id] = (part.names, part.funder, minor + part.minor)
    rows = [
        ReceiptRow(_discount_words(names, funder, shop), Money(-minor, quote.currency), good=True)
        for names, funder, minor in saved.values()
    ]
    taxes = [share for share in quote.tax_by_rate if share.tax_minor]
    return rows + [_tax_row(share.rate, Money(share.tax_minor, quote.currency), quote.tax_included) for share in taxes]


def order_receipt(order: OrderView, card: StoreCard) -> Receipt:
    """What was bought, who paid what of it, and what went back."""
    summary = order.summary
    currency, shop = summary.currency, localized(card.name)
    paid = summary.is_paid
    rows = _order_discounts(order.lines, currency, shop)
    if order.tip_minor:
        rows.append(ReceiptRow(gettext("Tip"), Money(order.tip_minor, currency)))
    rows += _order_taxes(order)
    if summary.returned_minor:
        words = gettext("Given back") if paid else gettext("Taken off")
        rows.append(ReceiptRow(words, Money(-summary.returned_minor, currency)))
    total = Money(summary.total_minor - summary.returned_minor, currency)
    if paid and summary.returned_minor:
        words = gettext("Paid in the end")
    elif paid:
        words = gettext("Paid")
    elif summary.method == "cash" and not summary.is_over:
        words = gettext("To pay at the counter")
    elif summary.is_over:
        words = gettext("Not paid")
    else:
        words = gettext("To pay")
    return Receipt(
        total_words=words,
        total=total,
        title=gettext("Receipt"),
        lines=[_order_line(line, currency) for line in order.lines],
        rows=rows,
        foot=gettext("%(shop)s, %(address)s. Order %(number)s.")
        % {"shop": card.merchant_name or shop, "address": card.address.line, "number": summary.number},
    )


def _order_line(line: OrderLineView, currency: str) -> ReceiptLine:
    return ReceiptLine(
        words=line_words(line),
        amount=Money(line.gross_minor, currency),
        quantity=line.quantity,
        notes=option_notes(line.options, line.note),
        refused=line.state == "refused",
        explain=gettext("The shop ran out of it.") if line.state == "refused" else "",
        key=str(line.id),
    )


def _order_discounts(lines: Sequence[OrderLineView], currency: str, shop: str) -> list[ReceiptRow]:
    saved: dict[str, tuple[Mapping[str, str], str, int]] = {}
    for line in lines:
        for part in line.funded:
            source = str(part["source_id"])
            minor = saved[source][2] if source in saved else 0
            saved[source] = (part["names"], part["funder"], minor + int(part["minor"]))
    return [
        ReceiptRow(_discount_words(names, funder, shop), Money(-minor, currency), good=True)
        for names, funder, minor in saved.values()
    ]


def _order_taxes(order: OrderView) -> list[ReceiptRow]:
    by_rate: dict[Decimal, int] = {}
    for line in order.lines:
        if line.state == "ok":
            rate = Decimal(str(line.tax_rate))
            by_rate[rate] = by_rate.get(rate, 0) + line.tax_minor
    currency = order.summary.currency
    return [_tax_row(rate, Money(minor, currency), order.tax_included) for rate, minor in by_rate.items() if minor]
