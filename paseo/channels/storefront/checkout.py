"""One page from the cart to the order: who, when, how to pay. Without an account, with an e-mail only."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_http_methods

from paseo.capabilities.journeys import queries as journeys
from paseo.capabilities.ordering import operations as ordering
from paseo.capabilities.ordering import queries as orders
from paseo.capabilities.ordering.refusals import CartOrdered
from paseo.capabilities.ordering.values import Buyer, Placed
from paseo.capabilities.payments import queries as payments
from paseo.channels.storefront import coupons
from paseo.channels.storefront.carts import agree_to_price, cart_context, known_buyer, ordered_already, to_order_of
from paseo.channels.storefront.context import CHANNEL
from paseo.channels.storefront.keyring import remember_order
from paseo.channels.storefront.paying import return_address
from paseo.channels.storefront.pickup_times import times_of
from paseo.channels.storefront.wishes import CheckoutForm
from paseo.kernel import clock
from paseo.kernel.errors import Invalid, Refusal
from paseo.platform.identity.web import current_person, ensure_visitor
from paseo.platform.ui.answers import is_fragment
from paseo.platform.ui.formatting import day_and_clock
from paseo.platform.ui.values import Station

CASH = "cash"


@require_http_methods(["GET", "POST"])
def page(request: HttpRequest, cart_id: UUID) -> HttpResponse:
    """GET shows it. POST orders; with ``act`` or ``look`` it only lays a ticket beside, or looks again with what was
    typed. A cart that was ordered leads to its order."""
    buyer, now = known_buyer(request), clock.now()
    if request.method == "GET":
        return _show(request, cart_id, buyer, now, _first(request))
    form = CheckoutForm(request.POST)
    form.is_valid()
    try:
        if "act" in request.POST or "look" in request.POST:
            return _look(request, cart_id, buyer, now, form)
        if form.errors:
            return _show(request, cart_id, buyer, now, form, status=422)
        placed = _place(request, cart_id, buyer, now, form)
    except CartOrdered as refusal:
        return ordered_already(request, refusal)
    except Invalid as refusal:
        for name, words in refusal.fields.items():
            form.add_error(name if name in form.fields else None, str(words))
        return _show(request, cart_id, buyer, now, form, status=422)
    except Refusal as refusal:
        return _show(request, cart_id, buyer, now, form, refusal)
    return _onward(request, placed)


def _first(request: HttpRequest) -> CheckoutForm:
    person = current_person(request)
    known = {"email": person.email or "", "name": person.name} if person else {}
    return CheckoutForm(initial=known)


def _look(request: HttpRequest, cart_id: UUID, buyer: Buyer, now: datetime, form: CheckoutForm) -> HttpResponse:
    """Changes what the sum depends on; nothing is ordered and nothing that was typed is lost or found fault with."""
    act, mode = request.POST.get("act", ""), request.POST.get("mode", "")
    refusal = None
    try:
        _do(act, cart_id, buyer, now)
        if mode in {"pickup", "here"}:
            ordering.set_mode(cart_id=cart_id, buyer=buyer, mode=mode, now=now)
    except CartOrdered:
        raise
    except Refusal as caught:
        refusal = caught
    typed = CheckoutForm(initial={name: request.POST.get(name, "") for name in form.fields})
    return _show(request, cart_id, buyer, now, typed, refusal, status=200)


def _do(act: str, cart_id: UUID, buyer: Buyer, now: datetime) -> None:
    """``agree:<line>:<price of one>``, ``out:<line>``, or what is done with a ticket."""
    verb, _, rest = act.partition(":")
    line, _, seen = rest.partition(":")
    if verb not in {"agree", "out"}:
        coupons.do(act, cart_id=cart_id, buyer=buyer, now=now)
        return
    try:
        line_id = UUID(line)
    except ValueError:
        return
    if verb == "agree":
        agree_to_price(cart_id, line_id, buyer, now, seen)
    else:
        ordering.change_line(cart_id=cart_id, buyer=buyer, line_id=line_id, quantity=0, now=now)


def _show(
    request: HttpRequest,
    cart_id: UUID,
    buyer: Buyer,
    now: datetime,
    form: CheckoutForm,
    refusal: Refusal | None = None,
    status: int | None = None,
) -> HttpResponse:
    context = checkout_context(cart_id, buyer, now, form)
    ordered = to_order_of(request, context["cart"], buyer, now)
    if ordered is not None:
        return ordered
    context["refusal"] = refusal
    context["person"] = current_person(request)
    fragment = is_fragment(request)
    template = "storefront/checkout.html#form" if fragment else "storefront/checkout.html"
    status = status or (refusal.status if refusal is not None else 200)
    return render(request, template, context, status=200 if fragment else status)


def checkout_context(cart_id: UUID, buyer: Buyer, now: datetime, form: CheckoutForm) -> dict[str, Any]:
    context = cart_context(cart_id, buyer, now)
    card, quote = context["store"], context["quote"]
    methods = [key for key in payments.methods() if key != CASH]
    chosen = form["method"].value() or (methods[0] if methods else CASH)
    only_deals = bool(quote.lines) and all(one.kind == "deal" for one in quote.lines)
    ready = day_and_clock(quote.promise.at, card.zone) if quote.promise and not only_deals else ""
    return {
        **context,
        "form": form,
        "methods": methods,
        "chosen_method": chosen if chosen in {*methods, CASH} else CASH,
        "modes": () if only_deals else card.services,
        "mode": quote.cart.mode,
        "times": () if only_deals else times_of(card, quote.cart.mode, quote.promise, now),
        "wanted": form["wanted_at"].value() or "",
        "only_deals": only_deals,
        "line": way_ahead(quote.cart.mode, ready, moved=context["sheet"].moved, deals=only_deals),
        "nothing_to_pay": quote.total_minor == 0,
    }


def way_ahead(mode: str, ready: str, *, moved: bool, deals: bool) -> list[Station]:
    """What is done, what is asked for now, and what comes."""
    line = [Station(gettext("Chosen"), "done")]
    if moved:
        line.append(Station(gettext("Price"), "now", time=gettext("answer first")))
    pay = (
        Station(gettext("Pay"), "next", "change") if moved else Station(gettext("Pay"), "now", "change", gettext("now"))
    )
    line.append(pay)
    if deals:
        return [*line, Station(gettext("Your tickets"), "next", "end")]
    place = gettext("Table") if mode == "here" else gettext("Counter")
    return [*line, Station(gettext("Ready"), "next", time=ready), Station(place, "next", "end")]


def _place(request: HttpRequest, cart_id: UUID, buyer: Buyer, now: datetime, form: CheckoutForm) -> Placed:
    wish = form.cleaned_data
    store_id = orders.cart(cart_id, buyer=buyer).store_id
    touches = journeys.touches(buyer.visitor_id, buyer.person_id, now, store_id=store_id)
    return ordering.place(
        cart_id=cart_id,
        buyer=buyer,
        agreed_total_minor=wish["agreed"],
        method=wish["method"],
        email=wish["email"],
        name=wish["name"],
        note=wish["note"],
        locale=get_language() or "en",
        mode=wish["mode"] or None,
        wanted_at=wish["wanted_at"],
        channel=CHANNEL,
        first_touchpoint_id=touches.first.touchpoint_id if touches.first else None,
        last_touchpoint_id=touches.last.touchpoint_id if touches.last else None,
        return_url=return_address(request),
        now=now,
    )


def _onward(request: HttpRequest, placed: Placed) -> HttpResponse:
    """To the gateway's page, or to the order when there is nothing to pay there (any more)."""
    to = reverse("storefront:order", args=[placed.order_id])
    waits = placed.state == "placed" and placed.payment is not None and placed.payment.is_open
    if waits and placed.payment is not None and placed.payment.redirect_url:
        to = placed.payment.redirect_url
    response = HttpResponseRedirect(to, status=303)
    response["Cache-Control"] = "no-store"
    if current_person(request) is None:
        # Whoever is signed in opens it by that, and on a shared device nobody else does afterwards.
        remember_order(request, response, placed.order_id)
    ensure_visitor(request, response)
    return response
