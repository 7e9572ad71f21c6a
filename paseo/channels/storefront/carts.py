"""Carts: one for each shop, at this moment's prices."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from paseo.capabilities.directory import queries as directory
from paseo.capabilities.directory.values import Lamp, StoreCard
from paseo.capabilities.journeys import operations as journeys
from paseo.capabilities.ordering import operations as ordering
from paseo.capabilities.ordering import queries as orders
from paseo.capabilities.ordering.refusals import CartOrdered, NoCart
from paseo.capabilities.ordering.values import Buyer, CartView
from paseo.channels.storefront import coupons
from paseo.channels.storefront.cart_rows import CartSheet, sheet_of
from paseo.channels.storefront.context import CHANNEL, buyer_of, frame, user_agent
from paseo.kernel import clock
from paseo.kernel.ids import stable_id
from paseo.platform.identity.web import visitor_of
from paseo.platform.ui.answers import is_fragment
from paseo.platform.ui.formatting import localized


@dataclass(frozen=True, slots=True)
class Pickup:
    """One of several carts, in the list."""

    cart: CartView
    store: StoreCard
    lamp: Lamp
    sheet: CartSheet


def known_buyer(request: HttpRequest) -> Buyer:
    """Whoever has a cart is remembered. Refuses NoCart for everybody else."""
    buyer = buyer_of(request)
    if buyer is None:
        raise NoCart
    return buyer


@require_GET
def all_carts(request: HttpRequest) -> HttpResponse:
    """One cart is shown at once; of several, what each is and that they are so many pickups."""
    now, buyer = clock.now(), buyer_of(request)
    carts = orders.carts_of(buyer) if buyer else []
    if len(carts) == 1:
        return HttpResponseRedirect(reverse("storefront:cart", args=[carts[0].id]))
    stores = directory.stores({cart.store_id for cart in carts})
    pickups = [
        Pickup(cart, card, directory.lamp(card, now), sheet_of(orders.quote_cart(cart.id, buyer=buyer, now=now), card))
        for cart in carts
        if buyer and (card := stores.get(cart.store_id))
    ]
    return render(request, "storefront/carts.html", frame("orders", pickups=pickups))


@require_GET
def page(request: HttpRequest, cart_id: UUID) -> HttpResponse:
    """Refuses NoCart. A cart that was ordered leads to its order and says so."""
    buyer, now = known_buyer(request), clock.now()
    context = cart_context(cart_id, buyer, now)
    ordered = to_order_of(request, context["cart"], buyer, now)
    if ordered is not None:
        return ordered
    card = context["store"]
    if context["sheet"].rows:
        journeys.record(
            "cart",
            now=now,
            visitor_id=visitor_of(request),
            person_id=buyer.person_id,
            store_id=card.id,
            merchant_id=card.merchant_id,
            subject_id=cart_id,
            channel=CHANNEL,
            contact_id=stable_id("storefront.cart", cart_id),
            user_agent=user_agent(request),
        )
    return render(request, "storefront/cart.html", context)


def to_order_of(request: HttpRequest, cart: CartView, buyer: Buyer, now: datetime) -> HttpResponse | None:
    """Where to go when this cart is an order already: the back button and a second window end there."""
    if cart.state == "open":
        return None
    if cart.state == "ordered":
        try:
            ordering.set_mode(cart_id=cart.id, buyer=buyer, mode=cart.mode, now=now)
        except CartOrdered as refusal:
            return ordered_already(request, refusal)
    raise NoCart


def ordered_already(request: HttpRequest, refusal: CartOrdered) -> HttpResponse:
    number, order_id = refusal.params["number"], refusal.params["order_id"]
    words = gettext("This cart was ordered already, as %(number)s. Nothing was ordered or charged a second time.")
    messages.info(request, words % {"number": number})
    return HttpResponseRedirect(reverse("storefront:order", args=[order_id]), status=303)


def cart_context(cart_id: UUID, buyer: Buyer, now: datetime) -> dict[str, Any]:
    quote = orders.quote_cart(cart_id, buyer=buyer, now=now)
    card = directory.store(quote.cart.store_id)
    others = [cart for cart in orders.carts_of(buyer) if cart.id != cart_id]
    other_stores = directory.stores({cart.store_id for cart in others}) if others else {}
    return frame(
        "orders",
        cart=quote.cart,
        quote=quote,
        store=card,
        lamp=directory.lamp(card, now),
        sheet=sheet_of(quote, card),
        coupons=coupons.coupons_of(quote, card, buyer, now),
        others=[(cart, other_stores[cart.store_id]) for cart in others if cart.store_id in other_stores],
    )


def _answer(request: HttpRequest, cart_id: UUID, buyer: Buyer, now: datetime, said: str = "") -> HttpResponse:
    """The cart as it is now: in place, or as a page."""
    if is_fragment(request):
        context = cart_context(cart_id, buyer, now)
        if said:
            context["said"] = said
        return render(request, "storefront/cart.html#cart", context)
    if said:
        messages.info(request, said)
    return HttpResponseRedirect(reverse("storefront:cart", args=[cart_id]), status=303)


@require_POST
def line(request: HttpRequest, cart_id: UUID, line_id: UUID) -> HttpResponse:
    """``quantity`` is the number wanted (0 takes it out), ``agree`` the price of one piece that stood on the page."""
    buyer, now = known_buyer(request), clock.now()
    said = ""
    try:
        if "agree" in request.POST:
            said = agree_to_price(cart_id, line_id, buyer, now, request.POST["agree"])
        else:
            wanted = request.POST.get("quantity", "")
            if wanted.isdecimal() and len(wanted) < 5:
                ordering.change_line(cart_id=cart_id, buyer=buyer, line_id=line_id, quantity=int(wanted), now=now)
    except CartOrdered as refusal:
        return _gone(request, refusal)
    return _answer(request, cart_id, buyer, now, said)


def agree_to_price(cart_id: UUID, line_id: UUID, buyer: Buyer, now: datetime, seen: str) -> str:
    """Agrees to the price that was read, not to another one that came meanwhile."""
    quote = orders.quote_cart(cart_id, buyer=buyer, now=now)
    asked = next((one for one in quote.lines if one.id == line_id), None)
    if asked is None:
        return ""
    if str(asked.unit_minor) != seen:
        return gettext("The price has moved once more. Look at it again.")
    options = tuple(UUID(str(option["id"])) for option in asked.options)
    ordering.change_line(cart_id=cart_id, buyer=buyer, line_id=line_id, option_ids=options, now=now)
    return ""


def _gone(request: HttpRequest, refusal: CartOrdered) -> HttpResponse:
    response = ordered_already(request, refusal)
    if is_fragment(request):
        response = HttpResponse(headers={"HX-Redirect": response["Location"]})
    return response


@require_POST
def ticket(request: HttpRequest, cart_id: UUID) -> HttpResponse:
    """Lays a ticket beside the cart, or takes it away."""
    buyer, now = known_buyer(request), clock.now()
    orders.cart(cart_id, buyer=buyer)
    try:
        coupons.do(request.POST.get("act", ""), cart_id=cart_id, buyer=buyer, now=now)
    except CartOrdered as refusal:
        return _gone(request, refusal)
    return _answer(request, cart_id, buyer, now)


@require_POST
def mode(request: HttpRequest, cart_id: UUID) -> HttpResponse:
    buyer, now = known_buyer(request), clock.now()
    try:
        ordering.set_mode(cart_id=cart_id, buyer=buyer, mode=request.POST.get("mode", ""), now=now)
    except CartOrdered as refusal:
        return _gone(request, refusal)
    return _answer(request, cart_id, buyer, now)


@require_POST
def empty(request: HttpRequest, cart_id: UUID) -> HttpResponse:
    """Gives the cart up. Again: no effect."""
    buyer, now = known_buyer(request), clock.now()
    card = directory.store(orders.cart(cart_id, buyer=buyer).store_id)
    ordering.empty_cart(cart_id=cart_id, buyer=buyer, now=now)
    messages.info(request, gettext("Your cart at %(shop)s is empty again.") % {"shop": localized(card.name)})
    return HttpResponseRedirect(reverse("storefront:store", args=[card.slug]), status=303)
