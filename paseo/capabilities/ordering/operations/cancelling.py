"""The end of orders that will not be: cancelled, refused, expired, not collected."""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from paseo.capabilities.fulfillment import operations as fulfillment
from paseo.capabilities.fulfillment import queries as fulfillment_read
from paseo.capabilities.inventory import operations as inventory
from paseo.capabilities.ordering.events import OrderCancelled, OrderExpired, OrderNotCollected, OrderPlaced
from paseo.capabilities.ordering.facts import publish, step
from paseo.capabilities.ordering.models import Order, OrderChange
from paseo.capabilities.ordering.operations.returning import give_back
from paseo.capabilities.ordering.refusals import AlreadyPreparing, NoOrder
from paseo.capabilities.ordering.states import ORDER
from paseo.capabilities.payments import operations as payments
from paseo.capabilities.payments.values import RefundView
from paseo.capabilities.vouchers import operations as vouchers
from paseo.kernel.errors import Refusal
from paseo.kernel.states import NotAllowed
from paseo.platform.codes import operations as codes
from paseo.platform.db.returning import update_returning
from paseo.platform.db.unit import operation, unit

By = Literal["buyer", "shop", "operator", "system"]
SUSPENDED = "suspended"
"""The reason of an order that ends because its shop sells no more; pages have words for it."""


@operation
def cancel(*, order_id: UUID, by: By, actor: str, now: datetime, reason: str = "") -> RefundView | None:
    """Takes an order back: goods and coupons are free again, money goes back to where it came from.

    A buyer may until preparation begins, the shop and the operator until it is handed over. A shop's no to a confirmed
    order is a refusal. Returns the refund with its date, None when nothing was paid.
    Refuses ``NoOrder``, ``AlreadyPreparing``, ``NotAllowed``, ``AlreadyUsedInPart`` (a deal of it was used).
    """
    order = locked(order_id)
    verb = "refuse" if by == "shop" and order.state == "confirmed" else "cancel"
    target = ORDER.next(order.state, verb)
    before = order.state
    if before == "confirmed":
        _stop_handover(order, by, actor, reason, now)
        inventory.deallocate(subject_id=order.id, now=now)
        codes.block(order.id, "cancelled", now=now, actor=actor)
    else:
        inventory.release(subject_id=order.id, now=now)
    vouchers.release_for_order(order_id=order.id, now=now, actor=actor)
    payments.cancel_open(subject_id=order.id, now=now, actor=actor, reason=reason)
    OrderChange.objects.filter(order_id=order.id, state="proposed").update(
        state="withdrawn", answered_at=now, answered_by=actor
    )
    found = None
    was_paid = order.paid_at is not None
    if was_paid and order.total_minor > order.returned_minor:
        why = {"buyer": "cancelled", "shop": "refused"}.get(by, "cancelled")
        note = reason if by in {"buyer", "shop"} else ""  # what the system says has words of its own
        found = give_back(order, order.total_minor - order.returned_minor, reason=why, note=note, actor=actor, now=now)
    _end(order, before, target, verb, actor, reason, now)
    if before == "placed":
        publish(OrderPlaced, order, order.placed_at, method=order.method)
    publish(OrderCancelled, order, now, by=by, reason=reason, was_paid=was_paid, state=target)
    return found


def _stop_handover(order: Order, by: By, actor: str, reason: str, now: datetime) -> None:
    if not order.slip:
        return
    handover = fulfillment_read.handover(order.id)
    if by == "buyer" and handover.state not in {"requested", "accepted"}:
        raise AlreadyPreparing
    if by == "shop" and handover.state in {"requested", "accepted"}:
        fulfillment.refuse(order_id=order.id, now=now, actor=actor, reason=reason)
    else:
        fulfillment.cancel(order_id=order.id, now=now, actor=actor, reason=reason)


@operation
def end_orders(*, merchant_id: UUID, confirmed: bool, actor: str, now: datetime) -> list[UUID]:
    """The merchant sells no more: unpaid orders are cancelled, and with ``confirmed`` those in hand as well, each whole
    or not at all. Returns the orders in hand that stay, such as one whose deal was used in part."""
    open_ones = Order.objects.filter(merchant_id=merchant_id, state__in=["placed", "confirmed"]).exclude(
        channel="import"
    )
    kept = []
    for order_id, state in list(open_ones.order_by("placed_at", "id").values_list("id", "state")):
        if state == "confirmed" and not confirmed:
            kept.append(order_id)
            continue
        try:
            with unit(savepoint=True):
                cancel(order_id=order_id, by="operator", actor=actor, now=now, reason=SUSPENDED)
        except NotAllowed:
            continue  # it ended meanwhile
        except Refusal:
            kept.append(order_id)
    return kept


def locked(order_id: UUID) -> Order:
    order = Order.objects.select_for_update().filter(id=order_id).first()
    if order is None:
        raise NoOrder
    return order


def _end(order: Order, before: str, target: str, verb: str, actor: str, reason: str, now: datetime) -> None:
    ended = update_returning(
        Order.objects.filter(id=order.id, state=before),
        state=target,
        ended_at=now,
        reason=reason[:200],
        expires_at=None,
    )
    if ended is None:
        raise NotAllowed(machine=ORDER.name, state=before, verb=verb)
    order.state = target
    step(order, verb, before, target, now, actor, reason)


def expire_due(*, now: datetime, limit: int = 100) -> int:
    """Ends unpaid orders whose time is over, each in a unit of its own; returns how many.

    A payment that comes later is dealt with when it comes.
    """
    due = Order.objects.filter(state="placed", expires_at__lte=now).order_by("expires_at").values_list("id", flat=True)
    return sum(_expire(order_id, now) for order_id in list(due[:limit]))


@operation
def _expire(order_id: UUID, now: datetime) -> bool:
    order = update_returning(
        Order.objects.filter(id=order_id, state="placed", expires_at__lte=now), state="expired", ended_at=now
    )
    if order is None:
        return False
    step(order, "expire", "placed", "expired", now, "system")
    inventory.release(subject_id=order.id, now=now)
    vouchers.release_for_order(order_id=order.id, now=now)
    publish(OrderPlaced, order, order.placed_at, method=order.method)
    publish(OrderExpired, order, now)
    return True


@operation
def not_collected(*, order_id: UUID, actor: str, now: datetime, give_money_back: bool = False) -> RefundView | None:
    """Nobody came: what can be sold again goes back to the shelf. The money stays, or goes back if the shop says so.

    Refuses ``NotAllowed`` unless it stands ready on the shelf.
    """
    order = locked(order_id)
    target = ORDER.next(order.state, "not_collected")
    fulfillment.not_collected(order_id=order.id, now=now, actor=actor)
    inventory.deallocate(subject_id=order.id, now=now)
    codes.block(order.id, "not collected", now=now, actor=actor)
    payments.cancel_open(subject_id=order.id, now=now, actor=actor, reason="not collected")
    found = None
    if give_money_back and order.paid_at is not None and order.total_minor > order.returned_minor:
        found = give_back(order, order.total_minor - order.returned_minor, reason="not_collected", actor=actor, now=now)
    _end(order, "confirmed", target, "not_collected", actor, "", now)
    publish(OrderNotCollected, order, now)
    return found
