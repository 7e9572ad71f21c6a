"""One order: its line with the contacts that led here, its receipt, its money, and what can be done with it now."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from paseo.capabilities.directory.values import StoreCard
from paseo.capabilities.ordering import queries as ordering
from paseo.capabilities.ordering.values import BoardEntry, ChangeView, OrderView
from paseo.channels.console.desk import desk, is_part, listening, own_store, scope_of, staff
from paseo.channels.console.shop.order_line import line_of
from paseo.channels.console.shop.order_paper import money_rows, paper_of
from paseo.channels.console.shop.orders import MARKS, STATE_WORDS, sees_sums
from paseo.channels.console.shop.reasons import REFUSE, RETURN
from paseo.channels.console.shop.slips import act_href, cash_due, named, slip_of
from paseo.kernel import clock
from paseo.kernel.errors import NotFound
from paseo.kernel.ids import new_id
from paseo.kernel.money import Money
from paseo.platform.tenancy.values import Scope
from paseo.platform.ui.formatting import clock as clock_words
from paseo.platform.ui.text import RefusalText

LATER = (5, 10, 15, 20, 30, 45)
SOONER = (5, 10, 15, 20, 30)


@require_GET
@staff("orders.see")
def order(request: HttpRequest, tenant_id: UUID, order_id: UUID) -> HttpResponse:
    return order_page(request, order_id)


def order_page(
    request: HttpRequest, order_id: UUID, *, refusal: RefusalText | None = None, tried: str = ""
) -> HttpResponse:
    """``tried`` is the act that was refused: its form stays open, with what was typed."""
    scope, now = scope_of(request), clock.now()
    found = ordering.order(order_id, scope=scope)
    if found.summary.merchant_id != scope.tenant_id:
        raise NotFound
    store = own_store(request, found.summary.store_id)
    context = _context(scope, store, found, now)
    context |= {"refusal": refusal, "tried": tried, "typed": request.POST}
    status = refusal.status if refusal else 200
    if is_part(request) and refusal is None:
        return render(request, "console/shop/order.html#live", {**context, "part": True})
    page = desk(request, "orders", **context)
    page["topics_token"] = listening(scope, f"order:{order_id}", f"store:{store.id}")
    return render(request, "console/shop/order.html", page, status=status)


def _context(scope: Scope, store: StoreCard, found: OrderView, now: datetime) -> dict[str, Any]:
    summary = found.summary
    sums = sees_sums(scope, store.id)
    may_act = scope.may("orders.act", store.id)
    slip = None
    if found.handover is not None:
        entry = BoardEntry(summary, found.handover, found.open_changes)
        slip = slip_of(entry, scope.tenant_id, now, back="order", may_act=may_act)
    return {
        "tenant_id": scope.tenant_id,
        "order": found,
        "order_store": store,
        "slip": slip,
        "state_words": gettext(STATE_WORDS[summary.state]),
        "state_mark": MARKS.get(summary.state, ""),
        "stations": line_of(found, store, now, with_path=scope.may("insight.see", store.id)),
        "paper": paper_of(found) if sums else None,
        "money_rows": money_rows(found) if sums else (),
        "cash": cash_due(summary),
        "open_changes": [(change, _change_words(change, found)) for change in found.open_changes],
        **_possible(scope, store, found, now, may_act),
    }


def _change_words(change: ChangeView, found: OrderView) -> str:
    until = clock_words(change.answer_by)
    if change.kind == "later":
        return gettext("The customer was asked for %(time)s. Without an answer by %(until)s it counts as agreed.") % {
            "time": clock_words(change.promised_at),
            "until": until,
        }
    line = next((line for line in found.lines if line.id == change.line_id), None)
    return gettext(
        "The customer was told that %(thing)s is sold out. Without an answer by %(until)s it counts as agreed."
    ) % {
        "thing": named(line.names) if line else "",
        "until": until,
    }


def _possible(scope: Scope, store: StoreCard, found: OrderView, now: datetime, may_act: bool) -> dict[str, Any]:
    """What can be done besides the next step, each as a small form."""
    summary, handover = found.summary, found.handover
    state = handover.state if handover else ""
    confirmed = summary.state == "confirmed"
    working = confirmed and state in {"requested", "accepted", "preparing"}
    asked_later = any(change.kind == "later" for change in found.open_changes)
    asked_lines = {change.line_id for change in found.open_changes}
    left = summary.total_minor - summary.returned_minor
    money_acts = scope.holds("money.act") and sees_sums(scope, store.id)
    undo_until = None
    if summary.state == "completed" and summary.ended_at is not None:
        undo_until = summary.ended_at + timedelta(minutes=int(settings.PASEO["UNDO_MINUTES"]))
    hrefs = {
        name.replace("-", "_"): act_href(scope.tenant_id, found.id, name)
        for name in ("accept", "start", "later", "sold-out", "withdraw", "refuse", "refund", "not-collected", "undo")
    }
    return {
        "hrefs": hrefs,
        "can_sooner": may_act and state == "requested" and confirmed,
        "can_start": may_act and state == "accepted" and confirmed,
        "can_later": may_act and working and not asked_later,
        "can_withdraw": may_act,
        "can_refuse": may_act and confirmed and state != "handed_over",
        "can_undo": may_act and undo_until is not None and now < undo_until and state == "handed_over",
        "undo_until": undo_until,
        "can_not_collect": may_act and confirmed and state == "ready",
        "can_refund": may_act and money_acts and summary.is_paid and left > 0,
        "money_acts": money_acts,
        "left": Money(left, summary.currency),
        "lines_to_refuse": [
            line for line in found.lines if line.state == "ok" and may_act and working and line.id not in asked_lines
        ],
        "later_choices": LATER,
        "sooner_choices": _sooner(found, now),
        "refuse_reasons": [(key, gettext(words)) for key, words in REFUSE],
        "return_reasons": [(key, gettext(words)) for key, words in RETURN],
        "fresh_ids": {"change": new_id(), "refund": new_id()},
    }


def _sooner(found: OrderView, now: datetime) -> list[int]:
    """Minutes that end before the promise: a later time is a question to the customer instead."""
    promised = found.summary.promised_at
    return [minutes for minutes in SOONER if now + timedelta(minutes=minutes) < promised]
