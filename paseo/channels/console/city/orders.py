"""Any order of the city: what needs a look, what is behind a number, or what somebody remembers of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_GET

from paseo.capabilities.directory import queries as directory
from paseo.capabilities.directory.values import StoreCard
from paseo.capabilities.fulfillment import queries as fulfillment
from paseo.capabilities.insight import queries as insight
from paseo.capabilities.ordering import queries as ordering
from paseo.capabilities.ordering.values import OrderSummary
from paseo.channels.console.city.frame import age, operators, show, today, zone
from paseo.channels.console.city.merchants import merchant_of
from paseo.channels.console.city.troubles import ANSWER_WITHIN
from paseo.channels.console.desk import is_part, scope_of
from paseo.channels.console.goods.sending import id_in
from paseo.channels.console.shop.orders import FILTERS, MARKS, STATE_WORDS, STATES
from paseo.kernel import clock
from paseo.kernel.money import Money
from paseo.kernel.periods import Period
from paseo.platform.tenancy.values import Scope
from paseo.platform.ui.formatting import clock as clock_words
from paseo.platform.ui.formatting import day as day_words

PAGE = 30
MOST = 600
STORES = 5_000
STAGES = {
    "conversion": gettext_noop("Orders that stand"),
    "consumption": gettext_noop("Orders that were received"),
    "feedback": gettext_noop("Orders with a review"),
    "retention": gettext_noop("Orders of people who had been here before"),
}
SPANS = {"": gettext_noop("Today"), "week": gettext_noop("Seven days"), "month": gettext_noop("Thirty days")}
DAYS = {"": 0, "week": 6, "month": 29}


@dataclass(frozen=True, slots=True)
class Line:
    """One order in a list. Sums are None for those who may not see money; ``wait`` says for how long it is late."""

    order: OrderSummary
    href: str
    plate: str
    state: str
    mark: str
    when: str
    day: str
    store: StoreCard | None
    total: Money | None
    returned: Money | None
    wait: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    text: str
    merchant_id: UUID | None
    state: str
    stage: str
    span: str
    count: int
    after: datetime | None


def _asked(request: HttpRequest) -> Asked:
    given = request.GET
    count = given.get("n", "")
    return Asked(
        text=given.get("q", "").strip()[:100],
        merchant_id=id_in(given.get("merchant")),
        state=given.get("state", "") if given.get("state", "") in STATES else "",
        stage=given.get("stage", "") if given.get("stage", "") in STAGES else "conversion",
        span=given.get("span", "") if given.get("span", "") in SPANS else "",
        count=min(max(int(count), PAGE), MOST) if count.isdecimal() and len(count) < 6 else PAGE,
        after=_instant(given.get("after", "")),
    )


def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        return None
    return found if found.tzinfo else None


@require_GET
@operators("orders.see")
def listing(request: HttpRequest) -> HttpResponse:
    scope, asked, now = scope_of(request), _asked(request), clock.now()
    if asked.text:
        context = _searched(scope, asked)
    elif asked.merchant_id is not None:
        context = _of_merchant(scope, asked)
    else:
        context = _of_city(scope, asked, now)
    context |= {"q": asked.text, "asked": asked}
    if is_part(request) and asked.after is not None:
        return render(request, "console/city/orders.html#rows", {**context, "zone": zone()})
    return show(request, "orders", "orders", **context)


def _searched(scope: Scope, asked: Asked) -> dict[str, Any]:
    found = ordering.search(asked.text, scope=scope, limit=PAGE)
    cards = directory.stores({order.store_id for order in found})
    return {
        "lines": lines_of(found, scope, cards),
        "title": gettext("Orders that fit “%(words)s”") % {"words": asked.text},
    }


def _of_merchant(scope: Scope, asked: Asked) -> dict[str, Any]:
    assert asked.merchant_id is not None
    merchant = merchant_of(scope.tenant_id, asked.merchant_id)
    found = ordering.orders_of_merchant(
        merchant.id, scope=scope, states=STATES[asked.state] or None, limit=PAGE + 1, after=asked.after
    )
    cards = {card.id: card for card in directory.stores_of_merchant(merchant.id)}
    kept = {"merchant": str(merchant.id), "state": asked.state}
    more = {**kept, "after": found[PAGE - 1].placed_at.isoformat()} if len(found) > PAGE else {}
    return {
        "merchant": merchant,
        "title": gettext("Orders of %(name)s") % {"name": merchant.legal_name},
        "lines": lines_of(found[:PAGE], scope, cards),
        "filters": [
            (gettext(words), "?" + urlencode({**kept, "state": key}), key == asked.state) for key, words in FILTERS
        ],
        "more_href": "?" + urlencode({name: value for name, value in more.items() if value}) if more else "",
        "in_place": True,
    }


def _of_city(scope: Scope, asked: Asked, now: datetime) -> dict[str, Any]:
    """What needs a look now, then the orders behind a stage of the city."""
    cards = {card.id: card for card in directory.stores_of_operator(scope.tenant_id, limit=STORES)}
    day = today(now)
    period = Period(day.start - timedelta(days=DAYS[asked.span]), day.end)
    behind = insight.orders_behind(list(cards), period, asked.stage, limit=asked.count + 1) if cards else []
    shown = [row.order_id for row in behind[: asked.count]]
    known = ordering.summaries(shown, scope=scope)
    kept = {"stage": asked.stage, "span": asked.span}
    more = {**kept, "n": str(asked.count + PAGE)} if len(behind) > asked.count < MOST else {}
    plain = asked.stage == "conversion" and not asked.span
    return {
        "title": gettext(STAGES[asked.stage]),
        "lines": lines_of([known[id] for id in shown if id in known], scope, cards),
        "urgent": _urgent(scope, cards, now) if plain else [],
        "stages": [
            (gettext(words), "?" + urlencode({**kept, "stage": key}), key == asked.stage)
            for key, words in STAGES.items()
        ],
        "filters": [
            (gettext(words), "?" + urlencode({**kept, "span": key}), key == asked.span) for key, words in SPANS.items()
        ],
        "more_href": "?" + urlencode({name: value for name, value in more.items() if value}) if more else "",
    }


def _urgent(scope: Scope, cards: Mapping[UUID, StoreCard], now: datetime) -> list[Line]:
    """Late orders and those that a shop has left without an answer, oldest promise first."""
    late = fulfillment.late(None, now=now, limit=PAGE)
    silent = fulfillment.unanswered(before=now - ANSWER_WITHIN, limit=PAGE)
    waits = {one.id: age(one.promised_at, now) for one in [*silent, *late]}
    known = ordering.summaries(waits, scope=scope)
    return lines_of([known[id] for id in waits if id in known], scope, cards, waits)


def lines_of(
    found: Sequence[OrderSummary],
    scope: Scope,
    cards: Mapping[UUID, StoreCard],
    waits: Mapping[UUID, str] | None = None,
) -> list[Line]:
    """Orders as lines of a list, each with its shop."""
    plates = fulfillment.handovers([order.id for order in found]) if found else {}
    sums = scope.may("money.see")
    lines = []
    for order in found:
        card, handover = cards.get(order.store_id), plates.get(order.id)
        zone = card.zone if card else None
        lines.append(
            Line(
                order=order,
                href=reverse("console:city-order", args=[order.id]),
                plate=handover.plate if handover else "",
                state=gettext(STATE_WORDS[order.state]),
                mark=MARKS.get(order.state, ""),
                when=clock_words(order.placed_at, zone),
                day=day_words(order.placed_at, zone),
                store=card,
                total=order.total if sums else None,
                returned=Money(order.returned_minor, order.currency) if sums and order.returned_minor else None,
                wait=(waits or {}).get(order.id, ""),
            )
        )
    return lines
