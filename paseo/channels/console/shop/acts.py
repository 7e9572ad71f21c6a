"""What staff do with an order. Each is one form, sent to its own address, that leads back to the page it came from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from paseo.capabilities.fulfillment import queries as fulfillment
from paseo.capabilities.ordering import operations as ordering
from paseo.capabilities.ordering import queries as orders
from paseo.capabilities.ordering.refusals import NoChange, NothingToGiveBack
from paseo.capabilities.ordering.values import OrderSummary
from paseo.channels.console.desk import scope_of, staff
from paseo.channels.console.shop.order import order_page
from paseo.channels.console.shop.reasons import REFUSE, RETURN
from paseo.kernel import clock
from paseo.kernel.errors import N_, Invalid, NotFound
from paseo.kernel.money import Money
from paseo.kernel.states import NotAllowed
from paseo.platform.codes import queries as codes
from paseo.platform.tenancy.values import Scope
from paseo.platform.ui.formatting import money
from paseo.platform.ui.text import refusal_text

PAGES = {"today": "console:today", "board": "console:board"}
SOONEST, LATEST = 1, 240


def _minutes(request: HttpRequest) -> int:
    text = request.POST.get("minutes", "")
    if not text.isdecimal() or not SOONEST <= int(text) <= LATEST:
        raise Invalid(fields={"minutes": N_("Choose how many minutes.")})
    return int(text)


def _id(request: HttpRequest, name: str) -> UUID | None:
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError:
        return None


def _accept(request: HttpRequest, order: OrderSummary, scope: Scope, now: datetime) -> str:
    minutes = _minutes(request) if request.POST.get("minutes") else None
    ordering.accept(order_id=order.id, actor=scope.actor, now=now, minutes=minutes)
    return ""


def _start(request: HttpRequest, order: OrderSummary, scope: Scope, now: datetime) -> str:
    ordering.start(order_id=order.id, actor=scope.actor, now=now)
    return ""


def _ready(request: HttpRequest, order: OrderSummary, scope: Scope, now: datetime) -> str:
    ordering.ready(order_id=order.id, actor=scope.actor, now=now)
    return ""


def _hand_over(request: HttpRequest, order: OrderSummary, scope: Scope, now: datetime) -> str:
    cash_taken = request.POST.get("cash_taken") == "1"
    ordering.hand_over(order_id=order.id, actor=scope.actor, now=now, cash_taken=cash_taken)
    return ""


def _undo(request: HttpRequest, order: OrderSummary, scope: Scope, now: datetime) -> str:
    used = next((one for one in codes.redemptions_of(order.id) if one.state == "done"), None)
    if used is not None:
        # It was handed over by its code, which can be used again afterwards.
        ordering.undo_redemption(redemption_id=used.id, actor=scope.actor, now=now)
    else:
        ordering.undo_hand_over(order_id=order.id, actor=scope.actor, now=now)
    return gettext("Taken back. It stands on the shelf again.")


def _later(request: HttpRequest, order: OrderSummary, scope: Scope, now: datetime) -> str:
    ordering.propose_later(
        order_id=order.id,
        minutes=_minutes(request),
        actor=scope.actor,
        now=now,
        reason=request.POST.get("reason", "").strip(),
        change_id=_id(request, "change_id"),
    )
    return gettext("The customer was asked.")


def _sold_out(request: HttpRequest, order: OrderSummary, scope: Scope, now: datetime) -> str:
    line_id = _id(request, "line_id")
    if line_id is None:
        raise NotFound
    ordering.propose_sold_out(
        order_id=order.id, line_id=line_id, actor=scope.actor, now=now, change_id=_id(request, "change_id")
    )
    return gettext("The customer was asked.")


def _withdraw(request: HttpRequest, order: OrderSummary, scope: Scope, now: datetime) -> str:
    change_id = _id(request, "change_id")
    if change_id not in {change.id for change in orders.open_changes(order.id)}:
        raise NoChange
    assert change_id is not None
    ordering.withdraw_change(change_id=change_id, actor=scope.actor, now=now)
    return gettext("The question was taken back.")


def _reason(request: HttpRequest, known: tuple[tuple[str, str], ...]) -> str:
    """The chosen reason, or the one that was written; what the customer reads."""
    written, chosen = request.POST.get("note", "").strip(), request.POST.get("reason", "")
    if chosen not in dict(known):
        raise Invalid(fields={"reason": N_("Choose a reason, the customer will read it.")})
    return written or gettext(dict(known)[chosen])


def _refuse(request: HttpRequest, order: OrderSummary, scope: Scope, now: datetime) -> str:
    reason = _reason(request, REFUSE)
    refund = ordering.cancel(order_id=order.id, by="shop", actor=scope.actor, now=now, reason=reason)
    if refund is None:
        return gettext("Refused. Nothing had been paid.")
    return gettext("Refused. The customer gets the money back.")


def _refund(request: HttpRequest, order: OrderSummary, scope: Scope, now: datetime) -> str:
    scope.require("money.act", order.store_id)
    reason = request.POST.get("reason", "")
    if reason not in dict(RETURN):
        raise Invalid(fields={"reason": N_("Choose why the money goes back.")})
    refund = ordering.refund(
        order_id=order.id,
        amount_minor=_amount(request.POST.get("amount", ""), order.currency),
        reason=reason,
        note=request.POST.get("note", "").strip(),
        actor=scope.actor,
        now=now,
        refund_id=_id(request, "refund_id"),
    )
    return gettext("%(sum)s go back to the customer.") % {"sum": money(refund.amount)}


def _amount(text: str, currency: str) -> int:
    """Minor units of what somebody typed: "4.20", "4,20" or "€4.20"."""
    typed = "".join(letter for letter in text if letter.isdigit() or letter in ".,").replace(",", ".")
    try:
        amount = Money.parse(typed, currency).minor
    except ValueError:
        amount = 0
    if amount <= 0:
        raise Invalid(fields={"amount": N_("Write an amount above nought, like 4.20.")})
    return amount


def _not_collected(request: HttpRequest, order: OrderSummary, scope: Scope, now: datetime) -> str:
    give_back = request.POST.get("give_money_back") == "1"
    if give_back:
        scope.require("money.act", order.store_id)
    ordering.not_collected(order_id=order.id, actor=scope.actor, now=now, give_money_back=give_back)
    return gettext("Closed as not collected.")


Act = Callable[[HttpRequest, OrderSummary, Scope, datetime], str]
ACTS: dict[str, Act] = {
    "accept": _accept,
    "start": _start,
    "ready": _ready,
    "hand-over": _hand_over,
    "undo": _undo,
    "later": _later,
    "sold-out": _sold_out,
    "withdraw": _withdraw,
    "refuse": _refuse,
    "refund": _refund,
    "not-collected": _not_collected,
}

REACHED = {
    "accept": {"accepted", "preparing", "ready", "handed_over"},
    "start": {"preparing", "ready", "handed_over"},
    "ready": {"ready", "handed_over"},
    "hand-over": {"handed_over"},
    "undo": {"ready"},
    "refuse": {"refused", "cancelled"},
    "not-collected": {"not_collected"},
}
"""Where an act has led when it was done already: the second press of the same button is no mistake."""


@require_POST
@staff("orders.act")
def act(request: HttpRequest, tenant_id: UUID, order_id: UUID, act: str) -> HttpResponse:
    """Refuses NotFound for another's order, and what the operation refuses."""
    scope, now, do = scope_of(request), clock.now(), ACTS.get(act)
    order = orders.summaries([order_id], scope=scope).get(order_id)
    if do is None or order is None or order.merchant_id != tenant_id:
        raise NotFound
    try:
        said = do(request, order, scope, now)
    except NotAllowed:
        handover = fulfillment.handovers([order_id]).get(order_id)
        if handover is None or handover.state not in REACHED.get(act, ()):
            raise
        said = ""
    except (Invalid, NothingToGiveBack) as refusal:
        return order_page(request, order_id, refusal=refusal_text(refusal), tried=act)
    if said:
        messages.success(request, said)
    page = PAGES.get(request.POST.get("back", ""))
    own = reverse("console:order", args=[tenant_id, order_id])
    target = f"{reverse(page, args=[tenant_id])}?store={order.store_id}" if page else own
    return HttpResponseRedirect(target, status=303)
