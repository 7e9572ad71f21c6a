"""What follows from facts, each in a unit of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from paseo.capabilities.fulfillment import queries as fulfillment
from paseo.capabilities.ordering.letters import tell_buyer
from paseo.capabilities.ordering.models import Order, OrderChange, OrderLine
from paseo.capabilities.ordering.operations.cancelling import end_orders
from paseo.capabilities.ordering.operations.returning import book_refund
from paseo.kernel.money import Money
from paseo.platform.codes import queries as codes
from paseo.platform.db.prepared import Prepared
from paseo.platform.outbox import reaction

_with_ids = Prepared(lambda order_ids: Order.objects.filter(id__in=order_ids))


def _order(order_id: UUID) -> Order | None:
    return next(iter(_with_ids([order_id])), None)


@reaction("ordering.order_confirmed", name="ordering.tell_confirmed", batch=True)
def tell_confirmed(confirmed: Sequence[tuple[Any, Any]]) -> None:
    ids = [event.order_id for event, _ in confirmed]
    orders = {order.id: order for order in _with_ids(ids)}
    handovers = fulfillment.handovers(ids)
    texts = codes.texts_of({handover.code_id for handover in handovers.values() if handover.code_id})
    for event, _ in confirmed:
        order, handover = orders.get(event.order_id), handovers.get(event.order_id)
        if order is None:
            continue
        tell_buyer(
            order,
            "ordering.confirmed",
            code=texts.get(handover.code_id, "") if handover and handover.code_id else "",
            plate=handover.plate if handover else "",
            paid=event.paid,
            late=event.late,
        )


@reaction("ordering.order_ready", name="ordering.tell_ready")
def tell_ready(event: Any, envelope: Any) -> None:
    order = _order(event.order_id)
    if order is not None:
        tell_buyer(order, "ordering.ready", plate=event.plate)


@reaction("ordering.change_proposed", name="ordering.tell_proposed")
def tell_proposed(event: Any, envelope: Any) -> None:
    order, change = _order(event.order_id), OrderChange.objects.filter(id=event.change_id).first()
    if order is not None and change is not None and change.state == "proposed":
        line = OrderLine.objects.filter(id=change.line_id).first() if change.line_id else None
        tell_buyer(
            order,
            "ordering.change_proposed",
            kind=change.kind,
            later_at=change.promised_at,
            answer_by=change.answer_by,
            thing=dict(line.names) if line else {},
            amount=Money(line.total_minor if line else 0, order.currency),
        )


@reaction("ordering.order_changed", name="ordering.tell_changed")
def tell_changed(event: Any, envelope: Any) -> None:
    order = _order(event.order_id)
    if order is not None and event.answer == "lapsed" and order.state == "confirmed":
        line = OrderLine.objects.filter(id__in=OrderChange.objects.filter(id=event.change_id).values("line_id")).first()
        returned = Money(line.total_minor if line else 0, order.currency)
        tell_buyer(order, "ordering.changed", kind=event.kind, returned=returned)


@reaction("ordering.order_cancelled", name="ordering.tell_cancelled")
def tell_cancelled(event: Any, envelope: Any) -> None:
    order = _order(event.order_id)
    if order is not None and event.by != "buyer":
        tell_buyer(order, "ordering.cancelled", by=event.by, reason=event.reason, was_paid=event.was_paid)


@reaction("ordering.order_refunded", name="ordering.tell_refunded")
def tell_refunded(event: Any, envelope: Any) -> None:
    order = _order(event.order_id)
    if order is not None:
        tell_buyer(
            order,
            "ordering.refunded",
            amount=Money(event.amount_minor, event.currency),
            expected_by=event.expected_by,
            cash=order.method == "cash",
        )


@reaction("ordering.late_payment_returned", name="ordering.tell_late")
def tell_late(event: Any, envelope: Any) -> None:
    order = _order(event.order_id)
    if order is not None:
        tell_buyer(
            order,
            "ordering.paid_too_late",
            amount=Money(event.amount_minor, event.currency),
            expected_by=event.expected_by,
        )


@reaction("directory.merchant_suspended", name="ordering.end_with_the_shop")
def end_with_the_shop(event: Any, envelope: Any) -> None:
    """Nobody finds out at a dark door. Who has not paid is not asked to any more; what is in hand is taken back, or its
    buyer is told that it is still made."""
    kept = end_orders(
        merchant_id=event.merchant_id, confirmed=event.orders == "cancel", actor="system", now=envelope.at
    )
    for order_id in kept:
        if (order := _order(order_id)) is not None:
            tell_buyer(order, "ordering.shop_suspended")


@reaction(
    "payments.refund_requested",
    "payments.refund_retried",
    "payments.refund_failed",
    "payments.refund_done",
    name="ordering.book_refund",
)
def follow_refund(event: Any, envelope: Any) -> None:
    """The books follow a refund from step to step."""
    book_refund(refund_id=event.refund_id, now=envelope.at)


@reaction("payments.refund_done", name="ordering.tell_settled")
def tell_settled(event: Any, envelope: Any) -> None:
    """Money that came another way than it was promised is looked for in the wrong place unless one is told."""
    order = _order(event.subject_id)
    if order is not None and event.elsewhere == "bank":
        tell_buyer(order, "ordering.refunded_by_bank", amount=Money(event.amount_minor, event.currency))
