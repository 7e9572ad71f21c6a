"""All orders: by state, day, store, or by what somebody remembers of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_GET

from paseo.capabilities.directory.values import StoreCard
from paseo.capabilities.fulfillment import queries as fulfillment
from paseo.capabilities.ordering import queries as ordering
from paseo.capabilities.ordering.values import OrderSummary
from paseo.channels.console.desk import desk, is_part, own_store, scope_of, staff, stores_of
from paseo.kernel import clock
from paseo.kernel.money import Money
from paseo.kernel.periods import Period, day_period
from paseo.platform.tenancy.values import Scope
from paseo.platform.ui.formatting import clock as clock_words
from paseo.platform.ui.formatting import day as day_words

PAGE = 30
STATES: dict[str, tuple[str, ...]] = {
    "": (),
    "open": ("confirmed",),
    "unpaid": ("placed",),
    "done": ("completed",),
    "ended": ("cancelled", "refused", "expired", "not_collected"),
}
FILTERS = (
    ("", gettext_noop("All")),
    ("open", gettext_noop("In hand")),
    ("unpaid", gettext_noop("Waiting for payment")),
    ("done", gettext_noop("Handed over")),
    ("ended", gettext_noop("Ended otherwise")),
)
STATE_WORDS = {
    "placed": gettext_noop("Waiting for payment"),
    "confirmed": gettext_noop("In hand"),
    "completed": gettext_noop("Handed over"),
    "cancelled": gettext_noop("Cancelled"),
    "refused": gettext_noop("Refused"),
    "expired": gettext_noop("Not paid in time"),
    "not_collected": gettext_noop("Not collected"),
}
MARKS = {"completed": "go", "refused": "stop", "cancelled": "stop", "expired": "stop", "not_collected": "stop"}


@dataclass(frozen=True, slots=True)
class Line:
    """One order in the list. ``total`` is None for those who may not see money."""

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


def sees_sums(scope: Scope, store_id: UUID) -> bool:
    """Whether this person may read what an order cost; the firm's money asks for a second factor besides."""
    return any("money.see" in holding.rights and holding.place_id in (None, store_id) for holding in scope.holdings)


@require_GET
@staff("orders.see")
def listing(request: HttpRequest, tenant_id: UUID) -> HttpResponse:
    scope, now = scope_of(request), clock.now()
    asked = request.GET
    state = asked.get("state", "") if asked.get("state", "") in STATES else ""
    text, at = asked.get("q", "").strip(), _date(asked.get("day", ""))
    store = own_store(request, UUID(asked["at"])) if _is_id(asked.get("at", "")) else None
    after = _instant(asked.get("after", ""))
    found = _found(scope, store, state, at, text, after)
    lines = _lines(found[:PAGE], scope, {card.id: card for card in stores_of(request)}, now)
    more = ""
    if len(found) > PAGE and not text:
        kept = {"state": state, "day": asked.get("day", ""), "at": asked.get("at", "")}
        cursor = found[PAGE - 1].placed_at.isoformat()
        more = "?" + urlencode({**{name: value for name, value in kept.items() if value}, "after": cursor})
    context: dict[str, Any] = {
        "lines": lines,
        "more_href": more,
        "filters": [(key, gettext(words), _query(asked, state=key), key == state) for key, words in FILTERS],
        "q": text,
        "day_asked": at,
        "store_asked": store,
        "state_asked": state,
        "many": len(stores_of(request)) > 1,
        "filtered": bool(state or text or at or store),
        "tenant_id": tenant_id,
    }
    if is_part(request) and after is not None:
        return render(request, "console/shop/orders.html#rows", context)
    return render(request, "console/shop/orders.html", desk(request, "orders", **context))


def _query(asked: Mapping[str, str], **changes: str) -> str:
    kept = {name: asked.get(name, "") for name in ("day", "at")}
    given = {name: value for name, value in {**kept, **changes}.items() if value}
    return "?" + urlencode(given)


def _found(
    scope: Scope, store: StoreCard | None, state: str, at: date | None, text: str, after: datetime | None
) -> list[OrderSummary]:
    if text:
        return ordering.search(text, scope=scope, limit=PAGE)
    zone = store.zone if store else None
    period: Period | None = day_period(at, zone or timezone.get_current_timezone_name()) if at else None
    states = STATES[state] or None
    if store is not None:
        return ordering.orders_of_store(
            store.id, scope=scope, states=states, period=period, limit=PAGE + 1, after=after
        )
    return ordering.orders_of_merchant(
        scope.tenant_id, scope=scope, states=states, period=period, limit=PAGE + 1, after=after
    )


def _lines(found: list[OrderSummary], scope: Scope, stores: dict[UUID, StoreCard], now: datetime) -> list[Line]:
    plates = fulfillment.handovers([order.id for order in found])
    rows = []
    for order in found:
        store = stores.get(order.store_id)
        sums = sees_sums(scope, order.store_id)
        zone = store.zone if store else None
        handover = plates.get(order.id)
        rows.append(
            Line(
                order=order,
                href=reverse("console:order", args=[scope.tenant_id, order.id]),
                plate=handover.plate if handover else "",
                state=gettext(STATE_WORDS[order.state]),
                mark=MARKS.get(order.state, ""),
                when=clock_words(order.placed_at, zone),
                day=day_words(order.placed_at, zone),
                store=store,
                total=order.total if sums else None,
                returned=Money(order.returned_minor, order.currency) if sums and order.returned_minor else None,
            )
        )
    return rows


def _date(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        return None
    return found if found.tzinfo else None


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
