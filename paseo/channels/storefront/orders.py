"""An order's own page, live; and the list of the reader's orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_GET

from paseo.capabilities.directory import queries as directory
from paseo.capabilities.directory.values import StoreCard
from paseo.capabilities.fulfillment import queries as fulfillment
from paseo.capabilities.fulfillment.values import HandoverView
from paseo.capabilities.ordering import queries as ordering
from paseo.capabilities.ordering.refusals import NoOrder
from paseo.capabilities.ordering.values import Buyer, CartView, OrderSummary
from paseo.channels.storefront.context import buyer_of, frame
from paseo.channels.storefront.keyring import known_orders, open_order, remember_order
from paseo.channels.storefront.order_state import order_context
from paseo.kernel import clock
from paseo.kernel.ids import new_id
from paseo.platform.identity.web import current_person
from paseo.platform.ui.answers import is_fragment

PAGE = 20


@dataclass(frozen=True, slots=True)
class OrderRow:
    order: OrderSummary
    store: StoreCard
    handover: HandoverView | None
    key: UUID

    @property
    def is_live(self) -> bool:
        return not self.order.is_over


@require_GET
@sensitive_variables("key")
def page(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Refuses NoOrder. The key of a guest's link leaves the address: from now on this device opens the order."""
    key = request.GET.get("key", "")
    order = open_order(request, order_id, key)
    if key:
        response: HttpResponse = HttpResponseRedirect(reverse("storefront:order", args=[order_id]), status=303)
        response["Referrer-Policy"] = "no-referrer"
        response["Cache-Control"] = "no-store"
        remember_order(request, response, order_id)
        return response
    person = current_person(request)
    context = order_context(order, clock.now(), person.id if person else None)
    context["key"] = new_id()
    context["fresh"] = "new" in request.GET
    fragment = is_fragment(request)
    context["fragment"] = fragment
    response = render(request, "storefront/order.html#live" if fragment else "storefront/order.html", context)
    # Kept on the device for the counter without network, and nowhere else.
    response["Cache-Control"] = "private, max-age=0, must-revalidate"
    return response


@require_GET
def by_number(request: HttpRequest, number: str) -> HttpResponse:
    """The address with the number that people say leads to the order, for those who may see it."""
    plain = number.upper()
    for summary in _mine(request, limit=200, after=None):
        if summary.number == plain:
            return HttpResponseRedirect(reverse("storefront:order", args=[summary.id]))
    raise NoOrder


def _mine(request: HttpRequest, *, limit: int, after: datetime | None) -> list[OrderSummary]:
    """The buyer's orders and those whose link was opened here, newest first."""
    buyer = buyer_of(request)
    found = {one.id: one for one in ordering.orders_of_buyer(buyer, limit=limit, after=after)} if buyer else {}
    linked = [order_id for order_id in known_orders(request) if order_id not in found]
    if linked:
        found |= {
            order_id: one
            for order_id, one in ordering.summaries(linked).items()
            if after is None or one.placed_at < after
        }
    return sorted(found.values(), key=lambda one: (one.placed_at, one.id), reverse=True)


@require_GET
def all_orders(request: HttpRequest) -> HttpResponse:
    """What is on its way first, then what was; each can be ordered again in one press."""
    text = request.GET.get("before", "")
    try:
        before = datetime.fromisoformat(text) if text else None
    except ValueError:
        before = None
    if before is not None and before.tzinfo is None:
        before = None
    found = _mine(request, limit=PAGE + 1, after=before)
    shown = found[:PAGE]
    stores = directory.stores({one.store_id for one in shown}) if shown else {}
    handovers = fulfillment.handovers([one.id for one in shown]) if shown else {}
    rows = [
        OrderRow(one, stores[one.store_id], handovers.get(one.id), new_id()) for one in shown if one.store_id in stores
    ]
    buyer = buyer_of(request)
    context = frame(
        "orders",
        live=[row for row in rows if row.is_live],
        past=[row for row in rows if not row.is_live],
        carts=_carts(buyer) if before is None else [],
        person=current_person(request),
        more=f"?before={shown[-1].placed_at.isoformat().replace('+', '%2B')}" if len(found) > PAGE else "",
    )
    return render(request, "storefront/orders.html", context)


def _carts(buyer: Buyer | None) -> list[tuple[CartView, StoreCard]]:
    carts = ordering.carts_of(buyer) if buyer else []
    stores = directory.stores({cart.store_id for cart in carts}) if carts else {}
    return [(cart, stores[cart.store_id]) for cart in carts if cart.store_id in stores]
