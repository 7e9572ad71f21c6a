"""Money: what was taken, what it cost, what went back and why, what is owed, and every entry behind each number."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from io import StringIO
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from paseo.capabilities.directory.values import StoreCard
from paseo.capabilities.insight import queries as insight
from paseo.capabilities.ledger import queries as ledger
from paseo.capabilities.ledger.values import MoneyReport
from paseo.capabilities.ordering import queries as ordering
from paseo.capabilities.ordering.values import OrderSummary
from paseo.channels.console.desk import own_store, scope_of, staff, store_of, stores_of
from paseo.channels.console.goods.figures import NUMBERS, Number, entries_of, line_words, reason_words, total_of
from paseo.channels.console.goods.sending import require_whole_firm, show
from paseo.channels.console.goods.spans import Span, span_of
from paseo.channels.console.shop.orders import STATE_WORDS
from paseo.kernel.errors import NotFound
from paseo.kernel.money import Money
from paseo.platform.ui.formatting import localized
from paseo.platform.ui.values import Receipt, ReceiptLine, ReceiptRow

LINES = 60


@dataclass(frozen=True, slots=True)
class Sum:
    """A number with the way to what is behind it."""

    words: str
    amount: Money
    href: str
    foot: str = ""


def _unit(request: HttpRequest, store: StoreCard) -> str:
    asked = request.GET.get("unit", "")
    return asked if len(asked) == 3 and asked.isalpha() and asked.isupper() else store.currency


def _store(request: HttpRequest) -> StoreCard:
    found = store_of(request)
    if found is None:
        raise NotFound
    return found


@require_GET
@staff("money.see")
def money(request: HttpRequest, tenant_id: UUID) -> HttpResponse:
    """The firm's money in a day, week or month."""
    store = store_of(request)
    if store is None:
        return show(request, "no_store", "money")
    if scope_of(request).place_ids is not None:
        return day(request, tenant_id=tenant_id)
    span, unit = span_of(request, store.zone), _unit(request, store)
    report = ledger.merchant_money(tenant_id, span.period, unit)
    statement = ledger.statement(tenant_id, "merchant_payable", unit, span.period)
    lines = statement.lines[-LINES:]
    orders = ordering.summaries({line.subject_id for line in lines if line.subject_id}, scope=scope_of(request))
    context: dict[str, Any] = {
        "span": span,
        "unit": unit,
        "report": report,
        "taken": _sums(request, span, unit, report, "online", "cash", "tips"),
        "cost": _sums(request, span, unit, report, "fees", "fee-tax"),
        "discounts": [
            one
            for one in _sums(request, span, unit, report, "own-discounts", "operator-discounts", "brand-discounts")
            if one.amount
        ],
        "returned": _returned(request, span, unit, report),
        "cost_together": report.fees + report.fee_tax,
        "given_back": report.given_back_online + report.given_back_cash,
        "paid_out": _sums(request, span, unit, report, "paid-out")[0],
        "paper": _paper(report),
        "lines": [
            (line, line_words(line), reason_words(line.reason), orders.get(line.subject_id or tenant_id))
            for line in reversed(lines)
        ],
        "opening": statement.opening,
        "closing": statement.closing,
        "more_lines": len(statement.lines) > LINES,
        "units": [one for one in ledger.units_of(tenant_id) if one != unit],
        "stores": stores_of(request),
        "tab": "money",
    }
    return show(request, "money", "money", **context)


def _amount(report: MoneyReport, key: str, request: HttpRequest, span: Span) -> Money:
    known = {
        "online": report.taken_online,
        "cash": report.taken_cash,
        "tips": report.tips_online + report.tips_cash,
        "fees": report.fees,
        "fee-tax": report.fee_tax,
        "own-discounts": report.own_discounts,
        "returned-online": report.given_back_online,
        "returned-cash": report.given_back_cash,
        "paid-out": report.paid_out,
    }
    if key in known:
        return known[key]
    rows = entries_of(NUMBERS[key], scope_of(request).tenant_id, report.unit, span.period)
    return total_of(rows, report.unit)


def _sums(request: HttpRequest, span: Span, unit: str, report: MoneyReport, *keys: str) -> list[Sum]:
    return [
        Sum(gettext(NUMBERS[key].words), _amount(report, key, request, span), _behind(request, key, span, unit))
        for key in keys
    ]


def _behind(request: HttpRequest, key: str, span: Span, unit: str, **more: str) -> str:
    from urllib.parse import urlencode

    query = urlencode({**span.parts, "unit": unit, **more})
    return f"{reverse('console:money-entries', args=[scope_of(request).tenant_id, key])}?{query}"


def _returned(request: HttpRequest, span: Span, unit: str, report: MoneyReport) -> list[tuple[Sum, int]]:
    """By reason, with how often."""
    return [
        (
            Sum(
                reason_words(one.reason) or gettext("Without a reason"),
                abs(one.amount),
                _behind(request, "returned", span, unit, why=one.reason),
            ),
            one.count,
        )
        for one in report.given_back
    ]


def _paper(report: MoneyReport) -> Receipt:
    """How what is owed came about."""
    plus = [
        (gettext("Owed before"), report.owed_before),
        (gettext("Sold online"), report.taken_online),
        (gettext("Tips online"), report.tips_online),
        (gettext("Discounts paid by others"), report.funded_discounts),
    ]
    minus = [
        (gettext("Given back online"), report.given_back_online),
        (gettext("Fees"), report.fees),
        (gettext("Tax on the fees"), report.fee_tax),
        (gettext("Paid out"), report.paid_out),
    ]
    lines = [ReceiptLine(words, amount) for words, amount in plus if amount or words == plus[0][0]]
    rows = [ReceiptRow(words, -amount) for words, amount in minus if amount]
    owes = report.owed.minor < 0
    return Receipt(
        gettext("You owe the operator") if owes else gettext("Owed to you"), abs(report.owed), lines=lines, rows=rows
    )


@require_GET
@staff("money.see")
def entries(request: HttpRequest, tenant_id: UUID, number: str) -> HttpResponse:
    """The entries of the books that a number is the sum of, each with its order."""
    require_whole_firm(request)
    store = _store(request)
    span, unit = span_of(request, store.zone), _unit(request, store)
    reason = request.GET.get("why") if number == "returned" else None
    found = _number(number)
    rows = entries_of(found, tenant_id, unit, span.period, reason)
    orders = ordering.summaries({row.order_id for row in rows if row.order_id}, scope=scope_of(request))
    context: dict[str, Any] = {
        "span": span,
        "number": number,
        "words": reason_words(reason) if reason else gettext(found.words),
        "rows": [(row, orders.get(row.order_id) if row.order_id else None) for row in rows],
        "total": total_of(rows, unit),
        "tab": "money",
    }
    return show(request, "money_entries", "money", **context)


def _number(key: str) -> Number:
    if key == "returned":
        parts = NUMBERS["returned-online"].parts + NUMBERS["returned-cash"].parts
        return Number("returned", "Given back", parts)
    if key not in NUMBERS:
        raise NotFound
    return NUMBERS[key]


@require_GET
@staff("money.see")
def day(request: HttpRequest, tenant_id: UUID) -> HttpResponse:
    """The evening of one store: its orders, what went back and why, and what the books of the firm say."""
    store = _store(request)
    own_store(request, store.id)
    span = span_of(request, store.zone)
    if span.kind != "day":
        span = Span("day", min(span.last, span.today), min(span.last, span.today), span.today, span.zone)
    report = insight.day_report(store.id, span.first)
    orders = ordering.orders_of_store(store.id, scope=scope_of(request), period=span.period, limit=500)
    state = request.GET.get("state", "")
    numbers = {row.order_id for row in report.refunds}
    known = {one.id: one for one in orders} | ordering.summaries(numbers, scope=scope_of(request))
    context: dict[str, Any] = {
        "span": span,
        "report": report,
        "unit": report.totals.currency,
        "kept": report.totals.sold_minor - report.totals.returned_minor,
        "orders": [(one, gettext(STATE_WORDS[one.state])) for one in _of_state(orders, state)],
        "state": state,
        "refunds": [(one, reason_words(one.reason), known.get(one.order_id)) for one in report.refunds],
        "whole": scope_of(request).place_ids is None,
        "tab": "day",
    }
    return show(request, "money_day", "money", **context)


def _of_state(orders: Iterable[OrderSummary], state: str) -> list[OrderSummary]:
    groups = {
        "open": {"confirmed"},
        "completed": {"completed"},
        "ended": {"cancelled", "refused", "expired", "not_collected"},
    }
    if state == "cash":
        return [one for one in orders if one.method == "cash" and one.confirmed_at]
    if state == "online":
        return [one for one in orders if one.method != "cash" and one.confirmed_at]
    if state == "discount":
        return [one for one in orders if one.discount_minor]
    return [one for one in orders if state not in groups or one.state in groups[state]]


@require_GET
@staff("money.see")
def statement_csv(request: HttpRequest, tenant_id: UUID) -> HttpResponse:
    """The statement of what the operator owes, as a file: one row for each entry, amounts with a point."""
    require_whole_firm(request)
    store = _store(request)
    span, unit = span_of(request, store.zone), _unit(request, store)
    found = ledger.statement(tenant_id, "merchant_payable", unit, span.period)
    orders = ordering.summaries({line.subject_id for line in found.lines if line.subject_id}, scope=scope_of(request))
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(["at", "entry", "what", "order", "store", "reason", "amount", "balance", "currency"])
    writer.writerow([span.period.start.isoformat(), "", "opening", "", "", "", "", str(found.opening.decimal), unit])
    names = {card.id: localized(card.name) for card in stores_of(request)}
    for line in found.lines:
        order = orders.get(line.subject_id) if line.subject_id else None
        writer.writerow(
            [
                line.at.isoformat(),
                line.entry_id,
                line.line,
                order.number if order else "",
                names.get(order.store_id, "") if order else "",
                _plain(line.reason),
                str(line.amount.decimal),
                str(line.balance.decimal),
                unit,
            ]
        )
    response = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="statement-{span.first}-{span.last}-{unit}.csv"'
    return response


def _plain(text: str) -> str:
    """Words that a spreadsheet does not take for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t" and text else text
