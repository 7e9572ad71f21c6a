"""Money of an order on its way back, and what that does to its books."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import F

from paseo.capabilities.ledger import operations as ledger
from paseo.capabilities.ledger import queries as ledger_read
from paseo.capabilities.ordering.books import due_id, paid_id, parties, post_refund, post_returned, sent_id
from paseo.capabilities.ordering.events import OrderRefunded
from paseo.capabilities.ordering.facts import publish
from paseo.capabilities.ordering.models import Order
from paseo.capabilities.ordering.refusals import NoOrder, NothingToGiveBack
from paseo.capabilities.payments import operations as payments
from paseo.capabilities.payments import queries as payments_read
from paseo.capabilities.payments.values import NOT_A_SALE, PaymentView, RefundView
from paseo.kernel.ids import stable_id
from paseo.kernel.money import Money
from paseo.platform.db.returning import update_returning
from paseo.platform.db.unit import operation


@operation
def refund(
    *,
    order_id: UUID,
    amount_minor: int | None = None,
    reason: str,
    note: str = "",
    actor: str,
    now: datetime,
    refund_id: UUID | None = None,
) -> RefundView:
    """Gives money of a paid order back, all that is left or a part, to where it came from. The order stays as it is.

    The same ``refund_id`` again gives the same refund. Refuses ``NoOrder``, ``NothingToGiveBack``, ``RefundTooLarge``.
    """
    if refund_id is not None:
        known = next((one for one in payments_read.refunds_of(order_id) if one.id == refund_id), None)
        if known is not None:
            return known
    order = Order.objects.select_for_update().filter(id=order_id, paid_at__isnull=False).first()
    if order is None:
        raise NoOrder
    left = order.total_minor - order.returned_minor
    amount = left if amount_minor is None else amount_minor
    if not 0 < amount <= left:
        raise NothingToGiveBack(left=Money(left, order.currency))
    return give_back(order, amount, reason=reason, note=note, actor=actor, now=now, refund_id=refund_id)


def give_back(
    order: Order, amount: int, *, reason: str, actor: str, now: datetime, note: str = "", refund_id: UUID | None = None
) -> RefundView:
    """Takes ``amount`` off a paid order: refund, books, fact. The caller holds the order's row."""
    before = order.returned_minor
    taken = update_returning(
        Order.objects.filter(id=order.id, returned_minor=before, total_minor__gte=before + amount),
        returned_minor=F("returned_minor") + amount,
    )
    if taken is None:
        raise NothingToGiveBack(left=Money(order.total_minor - before, order.currency))
    order.returned_minor = before + amount
    found = payments.request_refund(
        subject_id=order.id, amount_minor=amount, reason=reason, note=note, actor=actor, now=now, refund_id=refund_id
    )
    post_refund(order, found.id, amount, before, reason, now)
    publish(
        OrderRefunded,
        order,
        now,
        refund_id=found.id,
        amount_minor=amount,
        returned_minor=order.returned_minor,
        reason=reason,
        expected_by=found.expected_by,
    )
    return found


def external_refund(*, payment: PaymentView, now: datetime) -> None:
    """A refund that was made at the gateway itself: the order and its books follow it. Again: nothing to follow."""
    order = Order.objects.select_for_update().filter(id=payment.subject_id).first()
    if order is None or order.paid_at is None:
        return
    for one in payments_read.refunds_of(order.id):
        if one.reason != "gateway" or one.payment_id != payment.id:
            continue
        _follow(order, one, now)


def _follow(order: Order, found: RefundView, now: datetime) -> None:
    if ledger_read.posted_ids([due_id(found.id)]):
        return
    before = order.returned_minor
    amount = min(found.amount_minor, order.total_minor - before)
    if amount <= 0:
        return
    Order.objects.filter(id=order.id).update(returned_minor=before + amount)
    order.returned_minor = before + amount
    post_refund(order, found.id, amount, before, "gateway", now)
    publish(
        OrderRefunded,
        order,
        now,
        refund_id=found.id,
        amount_minor=amount,
        returned_minor=order.returned_minor,
        reason="gateway",
        expected_by=found.expected_by,
    )


@operation
def book_refund(*, refund_id: UUID, now: datetime) -> None:
    """Brings the books to where a refund stands now: owed to the buyer, asked of the gateway (announced), refused by it
    (taken back: still owed), or paid. Repeatable, in whatever order its events arrive. Cash is booked when it is due.
    """
    found = payments_read.refund(refund_id)
    order = Order.objects.filter(id=found.subject_id).first()
    if order is None or found.method == "cash":
        return
    if found.reason in NOT_A_SALE:
        post_returned(order, found.id, found.amount, found.reason, found.requested_at)
    announced = [sent_id(found.id, number) for number in range(found.round + 1)]
    open_ones = ledger_read.unresolved_ids(announced)
    under_way = found.state in {"requested", "sent"}
    for pending_id in open_ones - ({announced[-1]} if under_way or found.state == "done" else set()):
        ledger.void(pending_id=pending_id, transfer_id=stable_id("void", pending_id), at=now, reason="refused")
    amounts, told = {"amount": found.amount}, parties(order)
    if under_way:
        ledger.post_pending(
            transfer_id=announced[-1], template="refund_sent", amounts=amounts, parties=told, subject_id=order.id,
            at=now if found.round else found.requested_at, reason=found.reason,
        )  # fmt: skip
    if found.state != "done" or paid_id(found.id) in ledger_read.posted_ids([paid_id(found.id)]):
        return
    paid: dict[str, Any] = {
        "transfer_id": paid_id(found.id),
        "template": "refund_paid_by_bank" if found.elsewhere == "bank" else "refund_paid",
        "amounts": amounts,
        "at": found.done_at or now,
        "reason": found.reason,
    }
    if announced[-1] in open_ones:
        ledger.settle(pending_id=announced[-1], **paid)
    else:
        ledger.post(parties=told, subject_id=order.id, **paid)
