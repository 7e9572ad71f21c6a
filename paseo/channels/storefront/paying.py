"""To the gateway and back. Nobody believes what the address says on return: the gateway's signed notice counts."""

from __future__ import annotations

from datetime import timedelta
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_POST

from paseo.capabilities.directory import queries as directory
from paseo.capabilities.ordering import operations as ordering
from paseo.capabilities.ordering.refusals import NoOrder
from paseo.capabilities.ordering.values import OrderView
from paseo.capabilities.payments import queries as payments
from paseo.capabilities.payments.refusals import AlreadyPaid
from paseo.channels.storefront.context import frame
from paseo.channels.storefront.keyring import open_order
from paseo.kernel import clock
from paseo.kernel.errors import Refusal
from paseo.platform.live import topic_token
from paseo.platform.ui.answers import is_fragment
from paseo.platform.ui.text import refusal_text

LONG = timedelta(seconds=45)
"""After this the page says that it takes longer than usual."""


def return_address(request: HttpRequest) -> str:
    """Where the gateway sends the buyer back to: this device's host, and nothing that opens the order."""
    if urlsplit(settings.PUBLIC_URL).netloc == request.get_host():
        origin = settings.PUBLIC_URL
    else:
        origin = f"{request.scheme}://{request.get_host()}"
    return f"{origin}/pay/{{id}}/back/"


@require_GET
def back(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Waits for the notice and says so; as soon as it is known how the payment went, the order's page tells.

    In another browser than the one that ordered it says where to look, and nothing about the order.
    """
    try:
        order = open_order(request, order_id)
    except NoOrder:
        response = render(request, "storefront/elsewhere.html", frame("orders"))
        response["Cache-Control"] = "no-store"
        return response
    to = reverse("storefront:order", args=[order_id])
    if not _is_open(order):
        if is_fragment(request):
            return HttpResponse(headers={"HX-Redirect": to, "Cache-Control": "no-store"})
        return HttpResponseRedirect(f"{to}?new" if order.summary.is_paid else to)
    now = clock.now()
    payment = order.payments[-1]
    context = frame(
        "orders",
        order=order,
        store=directory.store(order.summary.store_id),
        payment=payment,
        long=now - payment.created_at > LONG,
        said_pending=payment.state != "created",
        topics_token=topic_token([f"order:{order_id}"]),
    )
    response = render(
        request, "storefront/waiting.html#wait" if is_fragment(request) else "storefront/waiting.html", context
    )
    response["Cache-Control"] = "no-store"
    return response


def _is_open(order: OrderView) -> bool:
    """Whether the last try may still become a payment."""
    return order.summary.state == "placed" and bool(order.payments) and order.payments[-1].is_open


@require_POST
def again(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Another try, or cash at the counter instead. Pressed twice it is one payment."""
    order, now = open_order(request, order_id), clock.now()
    method = request.POST.get("method", "")
    to = reverse("storefront:order", args=[order_id])
    try:
        if method not in payments.methods():
            method = order.summary.method
        payment = ordering.pay_again(order_id=order_id, method=method, now=now, return_url=return_address(request))
        if payment.redirect_url and payment.is_open:
            to = payment.redirect_url
    except AlreadyPaid:
        messages.info(request, gettext("This order is paid already. Nothing was taken a second time."))
    except Refusal as refusal:
        messages.error(request, str(refusal_text(refusal)))
    return HttpResponseRedirect(to, status=303)
