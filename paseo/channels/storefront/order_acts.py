"""What a buyer does with an order: takes it back, answers the shop, says that they are there."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from paseo.capabilities.directory import queries as directory
from paseo.capabilities.ordering import operations as ordering
from paseo.capabilities.ordering.refusals import NoChange
from paseo.capabilities.ordering.values import OrderView
from paseo.channels.storefront.context import frame
from paseo.channels.storefront.keyring import actor_of, open_order
from paseo.kernel import clock
from paseo.kernel.money import Money
from paseo.platform.ui.formatting import clock as clock_words


def _to(order: OrderView) -> HttpResponse:
    return HttpResponseRedirect(reverse("storefront:order", args=[order.id]), status=303)


@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """GET says what comes back, POST takes the order back. Again: the order's page, which says how it is."""
    order = open_order(request, order_id)
    summary = order.summary
    if summary.is_over:
        return _to(order)
    if request.method == "GET":
        back = Money(summary.total_minor - summary.returned_minor, summary.currency) if summary.is_paid else None
        card = directory.store(summary.store_id)
        return render(request, "storefront/cancel.html", frame("orders", order=order, store=card, back=back))
    ordering.cancel(order_id=order_id, by="buyer", actor=actor_of(request, order), now=clock.now())
    return _to(order)


@require_POST
def answer(request: HttpRequest, order_id: UUID, change_id: UUID) -> HttpResponse:
    """Refuses NoChange for a proposal of another order, ChangeAnswered when it was answered otherwise."""
    order = open_order(request, order_id)
    if change_id not in {change.id for change in order.changes}:
        raise NoChange
    agree = request.POST.get("agree") == "1"
    ordering.answer_change(change_id=change_id, agree=agree, actor=actor_of(request, order), now=clock.now())
    if agree:
        messages.success(request, gettext("Thank you. The shop knows."))
    return _to(order)


@require_POST
def arrive(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Says that the customer is there; says nothing about the goods. Again: the first time stays."""
    order, now = open_order(request, order_id), clock.now()
    handover = ordering.arrive(order_id=order_id, now=now)
    card = directory.store(order.summary.store_id)
    at = clock_words(handover.arrived_at or now, card.zone)
    messages.success(request, gettext("The shop knows since %(time)s that you are here.") % {"time": at})
    return _to(order)
