"""Another try to pay, cash at the counter, and what a gateway's notice does to an order."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError

from paseo.capabilities.directory import queries as directory
from paseo.capabilities.inventory.refusals import HoldExpired, NoHold
from paseo.capabilities.ordering import access
from paseo.capabilities.ordering.books import post_sale
from paseo.capabilities.ordering.events import LatePaymentReturned, OrderPaid
from paseo.capabilities.ordering.facts import publish, step
from paseo.capabilities.ordering.models import Order
from paseo.capabilities.ordering.operations.confirming import complete_confirmation, take_goods
from paseo.capabilities.ordering.operations.returning import external_refund
from paseo.capabilities.ordering.refusals import NoOrder, OrderOver
from paseo.capabilities.ordering.values import Confirmed
from paseo.capabilities.payments import operations as payments
from paseo.capabilities.payments.refusals import AlreadyPaid
from paseo.capabilities.payments.values import Notice, PaymentView
from paseo.capabilities.vouchers import operations as vouchers
from paseo.kernel.errors import Refusal
from paseo.platform.db.returning import statement_returning, update_returning
from paseo.platform.db.unit import operation, unit

CASH = "cash"


@operation
def pay_again(*, order_id: UUID, method: str, now: datetime, return_url: str = "") -> PaymentView:
    """Another try, by the same or another method, while the goods are kept. An open try of the same kind is returned
    again. Changing to cash confirms the order. Refuses ``AlreadyPaid``, ``OrderOver``, ``NoOrder``.
    """
    order = Order.objects.select_for_update().filter(id=order_id).first()
    if order is None:
        raise NoOrder
    if order.paid_at is not None:
        raise AlreadyPaid
    if order.state == "confirmed" and method == order.method:
        pass
    elif order.state not in {"placed", "confirmed"} or (order.expires_at is not None and order.expires_at <= now):
        raise OrderOver
    card = directory.store(order.store_id)
    payment = payments.start_payment(
        subject_id=order.id,
        tenant_id=order.merchant_id,
        payer_key=f"person:{order.person_id}" if order.person_id else f"visitor:{order.visitor_id}",
        amount_minor=order.total_minor - order.returned_minor,
        currency=order.currency,
        method=method,
        description=f"{order.number} · {card.name.get('en') or next(iter(card.name.values()), '')}"[:120],
        return_url=return_url.replace("{id}", str(order.id)).replace("{token}", access.access_token(order.id)),
        locale=order.locale,
        expires_at=None if method == CASH else order.expires_at,
        now=now,
    )
    if method == CASH and order.state == "placed":
        if not take_goods(order, now):
            raise OrderOver
        Order.objects.filter(id=order.id).update(state="confirmed", method=CASH, confirmed_at=now, expires_at=None)
        order.state, order.method, order.confirmed_at, order.expires_at = "confirmed", CASH, now, None
        complete_confirmation(order, card, now=now, paid=False)
    return payment


@operation
def take_cash(*, order_id: UUID, actor: str, now: datetime) -> PaymentView:
    """The cashier has the money in hand; the sale stands in the books from now on. Refuses ``AlreadyPaid``,
    ``NothingToTake``, ``NoOrder``."""
    payment = payments.take_cash(subject_id=order_id, actor=actor, now=now)
    order = update_returning(
        Order.objects.filter(id=order_id, state__in=["confirmed", "completed"], paid_at=None), paid_at=now, method=CASH
    )
    if order is None:
        raise NoOrder
    post_sale(order, now)
    publish(OrderPaid, order, now, method=CASH)
    return payment


def receive_payment_notice(*, gateway: str, headers: Mapping[str, str], body: bytes, now: datetime) -> Confirmed:
    """A gateway's message: its signature is checked, then payment and order move together in one unit.

    Answer the gateway with ``status``. Refuses ``BadSignature``; whatever else it says is kept and acknowledged.
    """
    return apply_notice(notice=payments.read_notice(gateway=gateway, headers=headers, body=body, now=now), now=now)


def apply_notice(*, notice: Notice, now: datetime) -> Confirmed:
    """What is known about a payment (told by the gateway or fetched from it) becomes true for its order. Repeatable."""
    try:
        return _apply(notice, now)
    except IntegrityError:
        # The same message, or another success of the same order, was written in this very moment: now it can be seen.
        return _apply(notice, now)
    except (HoldExpired, NoHold):
        return _apply(notice, now, again=True)


@operation
def _apply(notice: Notice, now: datetime, again: bool = False) -> Confirmed:
    received = payments.receive_notice(notice=notice, now=now)
    payment = received.payment
    if payment is None:
        return Confirmed(received.outcome, status=received.status)
    if received.outcome == "captured":
        return _captured(payment, now, again)
    if received.outcome == "refund" or payment.state in {"refunded", "partly_refunded"}:
        external_refund(payment=payment, now=now)
    return Confirmed(received.outcome, payment.subject_id, status=received.status)


_CONFIRM = """
UPDATE ordering_order SET state = 'confirmed', confirmed_at = %s, paid_at = %s, method = %s
WHERE id = %s AND state = 'placed'
"""


def _captured(payment: PaymentView, now: datetime, again: bool) -> Confirmed:
    order = statement_returning(
        Order,
        _CONFIRM,
        (("confirmed_at", now), ("paid_at", now), ("method", payment.method), ("id", payment.subject_id)),
    )
    if order is None:
        return _late(payment, now)
    if not take_goods(order, now, again=again):
        return _give_up(order, "placed", payment, now)
    complete_confirmation(order, directory.store(order.store_id), now=now, paid=True)
    return Confirmed("captured", order.id, "confirmed")


def _late(payment: PaymentView, now: datetime) -> Confirmed:
    """Money for an order that does not wait for it any more: keep the order if that can be, else give the money
    back."""
    order = Order.objects.select_for_update().filter(id=payment.subject_id).first()
    if order is None:
        raise AssertionError(f"payment {payment.id} belongs to no order")
    if order.state in {"confirmed", "completed"} and order.paid_at is None:
        payments.cancel_open(subject_id=order.id, now=now, reason="paid online")
        order.paid_at, order.method = now, payment.method
        order.save(update_fields=["paid_at", "method"])
        post_sale(order, now)
        publish(OrderPaid, order, now, method=payment.method)
        return Confirmed("captured", order.id, order.state)
    if order.state == "expired" and _revive(order, payment, now):
        return Confirmed("late_confirmed", order.id, "confirmed")
    return _give_back(order, payment, now)


def _revive(order: Order, payment: PaymentView, now: datetime) -> bool:
    """Goods and coupons once more, or nothing of it."""
    try:
        with unit(savepoint=True):
            if order.explain.get("deals"):
                return False
            if order.voucher_ids:
                vouchers.reserve_for_order(
                    voucher_ids=[UUID(voucher) for voucher in order.voucher_ids], order_id=order.id, now=now
                )
            if not take_goods(order, now, again=True):
                raise OrderOver
    except Refusal:
        return False
    revived = update_returning(
        Order.objects.filter(id=order.id, state="expired"),
        state="confirmed",
        confirmed_at=now,
        paid_at=now,
        ended_at=None,
        method=payment.method,
    )
    assert revived is not None, "the order is locked"
    step(revived, "confirm_late", "expired", "confirmed", now, f"gateway:{payment.method}")
    complete_confirmation(revived, directory.store(revived.store_id), now=now, paid=True, late=True)
    return True


def _give_up(order: Order, before: str, payment: PaymentView, now: datetime) -> Confirmed:
    """The goods went while nobody paid: the order expires and its money goes back."""
    vouchers.release_for_order(order_id=order.id, now=now)
    Order.objects.filter(id=order.id).update(state="expired", confirmed_at=None, paid_at=None, ended_at=now)
    order.state = "expired"
    step(order, "expire", before, "expired", now, f"gateway:{payment.method}", "goods gone")
    return _give_back(order, payment, now)


def _give_back(order: Order, payment: PaymentView, now: datetime) -> Confirmed:
    refund = payments.request_refund(
        subject_id=order.id, reason="late" if order.state == "expired" else "order_over", actor="system", now=now
    )
    publish(LatePaymentReturned, order, now, amount_minor=refund.amount_minor, expected_by=refund.expected_by)
    return Confirmed("late_refunded", order.id, order.state)
