"""One order, read only: its line, who moved it, its payments, its books, its events; and the money back if it must be."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_GET, require_POST

from paseo.capabilities.directory import queries as directory
from paseo.capabilities.ledger import queries as ledger
from paseo.capabilities.ledger.values import TransferView
from paseo.capabilities.ordering import operations, queries
from paseo.capabilities.ordering.refusals import NothingToGiveBack
from paseo.capabilities.ordering.values import HistoryStep, OrderView
from paseo.capabilities.payments import queries as payments
from paseo.capabilities.payments.refusals import NothingPaid, RefundTooLarge
from paseo.channels.console.city.frame import named_actors, operators, show, to
from paseo.channels.console.city.merchants import merchant_of
from paseo.channels.console.desk import is_part, scope_of
from paseo.channels.console.goods.sending import id_in
from paseo.channels.console.shop.order_line import line_of
from paseo.channels.console.shop.order_paper import money_rows, paper_of
from paseo.channels.console.shop.orders import MARKS, STATE_WORDS
from paseo.channels.console.shop.reasons import RETURN, RETURNED
from paseo.kernel import clock
from paseo.kernel.errors import N_, Invalid
from paseo.kernel.ids import new_id
from paseo.kernel.money import Money, exponent
from paseo.platform.audit.operations import record
from paseo.platform.db.unit import unit
from paseo.platform.live import topic_token
from paseo.platform.outbox import queries as outbox
from paseo.platform.tenancy.values import Scope
from paseo.platform.ui.formatting import money
from paseo.platform.ui.text import RefusalText, refusal_text

MACHINES = {
    "order": gettext_noop("Order"),
    "payment": gettext_noop("Payment"),
    "handover": gettext_noop("Hand-over"),
    "refund": gettext_noop("Refund"),
    "order_change": gettext_noop("Question to the buyer"),
}


@require_GET
@operators("orders.see")
def order(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Refuses NoOrder."""
    return order_page(request, order_id)


def order_page(request: HttpRequest, order_id: UUID, *, refusal: RefusalText | None = None) -> HttpResponse:
    scope, now = scope_of(request), clock.now()
    found = queries.order(order_id, scope=scope)
    merchant_of(scope.tenant_id, found.summary.merchant_id)
    card = directory.store(found.summary.store_id)
    steps = queries.history(order_id)
    context = {
        "order": found,
        "card": card,
        "plate": found.handover.plate if found.handover else "",
        "state_words": gettext(STATE_WORDS[found.summary.state]),
        "state_mark": MARKS.get(found.summary.state, ""),
        "stations": line_of(found, card, now, with_path=scope.may("insight.see")),
        "steps": _steps(steps),
        "events": [
            {"event": event, "body": json.dumps(event.body, indent=2, ensure_ascii=False, sort_keys=True)}
            for event in outbox.events_of(f"order:{order_id}")
        ],
        "refusal": refusal,
        "typed": request.POST,
        "zone": card.zone,
        **_money(scope, found, now),
    }
    status = refusal.status if refusal else 200
    if is_part(request) and refusal is None:
        return render(request, "console/city/order.html#live", {**context, "part": True})
    topics = topic_token([f"order:{order_id}"])
    return show(request, "order", "orders", status=status, topics_token=topics, **context)


def _steps(steps: list[HistoryStep]) -> list[dict[str, Any]]:
    names = named_actors(step.actor for step in steps)
    return [
        {
            "step": step,
            "machine": gettext(MACHINES.get(step.machine, step.machine)),
            "actor": names.get(step.actor, step.actor),
        }
        for step in steps
    ]


def _money(scope: Scope, found: OrderView, now: datetime) -> dict[str, Any]:
    """The receipt, every movement and the books; nothing for those who may not see money."""
    if not scope.may("money.see"):
        return {}
    summary = found.summary
    left = summary.total_minor - summary.returned_minor
    return {
        "paper": paper_of(found),
        "money_rows": money_rows(found),
        "payments": payments.payments_of(found.id),
        "transfers": _transfers(found.id),
        "left": Money(left, summary.currency),
        "can_refund": scope.may("money.act") and summary.is_paid and left > 0,
        "reasons": [(key, gettext(words)) for key, words in RETURN],
        "refund_id": new_id(),
    }


TEMPLATES = {
    "sale_authorized": gettext_noop("Payment reserved"),
    "sale_captured": gettext_noop("Sale, paid through the payment service"),
    "cash_sale": gettext_noop("Sale, paid in cash"),
    "discount_funded": gettext_noop("Discount and who pays it"),
    "refund": gettext_noop("Money owed to the buyer"),
    "refund_cash": gettext_noop("Money back in cash"),
    "payment_returned": gettext_noop("Payment that never became a sale, owed to its payer"),
    "refund_sent": gettext_noop("The payment service was asked to give it back"),
    "refund_paid": gettext_noop("It has arrived"),
    "refund_paid_by_bank": gettext_noop("It has arrived by bank transfer"),
}

VOIDED = {
    "sale_authorized": gettext_noop("The reserved payment was let go"),
    "refund_sent": gettext_noop("The payment service refused to give it back"),
}
"""What it means that an announcement was taken back."""

AMOUNTS = {
    "gross": gettext_noop("Paid by the buyer"),
    "commission": gettext_noop("Commission"),
    "commission_tax": gettext_noop("Tax on the commission"),
    "tip": gettext_noop("Tip"),
    "discount": gettext_noop("Discount"),
    "refund": gettext_noop("Back to the buyer"),
    "amount": gettext_noop("Amount"),
}


def _transfers(order_id: UUID) -> list[dict[str, Any]]:
    """What was booked, oldest first. An announcement is shown while it is one; settled or taken back it is the next
    line's."""
    booked = ledger.transfers_of(order_id)
    open_ones = ledger.unresolved_ids(one.id for one in booked if one.state == "pending")
    return [_transfer(one) for one in booked if one.state != "pending" or one.id in open_ones]


def _transfer(transfer: TransferView) -> dict[str, Any]:
    words = VOIDED.get(transfer.template) if transfer.state == "voided" else TEMPLATES.get(transfer.template)
    return {
        "transfer": transfer,
        "announced": transfer.state == "pending",
        "why": gettext(RETURNED[transfer.reason]) if transfer.reason in RETURNED else transfer.reason,
        "words": gettext(words) if words else transfer.template,
        "amounts": [
            (gettext(AMOUNTS.get(name, name)), Money(minor, transfer.unit))
            for name, minor in transfer.amounts.items()
            if minor
        ],
    }


@require_POST
@operators("orders.see", "money.act")
def refund(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """Gives money back in the operator's name. The same form twice is one refund."""
    scope, now = scope_of(request), clock.now()
    found = queries.order(order_id, scope=scope).summary
    merchant_of(scope.tenant_id, found.merchant_id)
    said = request.POST
    try:
        amount = _amount(said.get("amount", ""), found.currency)
        if said.get("reason", "") not in dict(RETURN):
            raise Invalid(fields={"reason": N_("Choose a reason.")})
        with unit():
            done = operations.refund(
                order_id=order_id,
                amount_minor=amount,
                reason=said["reason"],
                note=said.get("note", "").strip()[:300],
                actor=scope.actor,
                now=now,
                refund_id=id_in(said.get("refund_id")),
            )
            record(
                scope.actor, "order.refund", f"order:{order_id}", tenant_id=found.merchant_id, why=said["reason"],
                after={"amount": str(done.amount), "refund": str(done.id)}, at=now,
            )  # fmt: skip
    except (Invalid, NothingToGiveBack, NothingPaid, RefundTooLarge) as refusal:
        return order_page(request, order_id, refusal=refusal_text(refusal))
    return to(request, "city-order", order_id, said=gettext("%(sum)s goes back.") % {"sum": money(done.amount)})


def _amount(text: str, currency: str) -> int | None:
    """Minor units; None for an empty field, which means all that is left."""
    plain = text.strip().replace("\u00a0", "").replace(" ", "").replace(",", ".")
    if not plain:
        return None
    places = exponent(currency)
    try:
        number = Decimal(plain)
    except InvalidOperation:
        number = Decimal(-1)
    minor = number.scaleb(places) if number.is_finite() else Decimal(-1)
    if not 0 < minor < 10**12 or minor != minor.to_integral_value():
        raise Invalid(fields={"amount": N_("Write an amount like 4.20.")})
    return int(minor)
