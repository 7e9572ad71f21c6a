"""Confirming an order: goods, coupons, books, code and handover, in the one unit that makes it true."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from paseo.capabilities.directory.values import StoreCard
from paseo.capabilities.fulfillment import operations as fulfillment
from paseo.capabilities.fulfillment.values import SlipLine
from paseo.capabilities.inventory import operations as inventory
from paseo.capabilities.inventory.refusals import HoldExists, LastOneGone, NoHold
from paseo.capabilities.ordering.books import post_sale
from paseo.capabilities.ordering.events import OrderConfirmed, OrderPlaced
from paseo.capabilities.ordering.facts import publish
from paseo.capabilities.ordering.models import Order
from paseo.capabilities.vouchers import operations as vouchers
from paseo.kernel.ids import new_id
from paseo.platform.codes import operations as codes

CODE_PURPOSE = "order"
"""The purpose of codes that open the hand-over of an order; their subject is the order."""


def confirm_new(order: Order, card: StoreCard, *, now: datetime, paid: bool, stocked: bool) -> None:
    """Confirms an order that this unit is just writing: cash at the counter, or nothing to pay."""
    order.state = "confirmed"
    order.confirmed_at = now
    order.paid_at = now if paid else None
    if stocked:
        inventory.convert(subject_id=order.id, now=now)
    complete_confirmation(order, card, now=now, paid=paid)


def take_goods(order: Order, now: datetime, *, again: bool = False) -> bool:
    """What was held is promised now. What has lapsed (or ``again``) is taken anew if it is still there; False: it
    is gone.

    Refuses ``HoldExpired`` when the hold lapsed although the order did not: the caller begins again with ``again``.
    """
    if not order.slip:
        return True
    if again or order.expires_at is None or order.expires_at <= now:
        try:
            inventory.reacquire(subject_id=order.id, expires_at=now + timedelta(minutes=5), now=now)
        except (LastOneGone, NoHold, HoldExists):
            return False
    inventory.convert(subject_id=order.id, now=now)
    return True


def complete_confirmation(order: Order, card: StoreCard, *, now: datetime, paid: bool, late: bool = False) -> None:
    """Everything that follows once the goods are promised and the order's row says confirmed, in the caller's unit."""
    if order.voucher_ids:
        vouchers.use_for_order(order_id=order.id, now=now, store_id=order.store_id)
    if order.explain.get("deals"):
        vouchers.issue_for_sale(order_id=order.id, now=now)
    if paid:
        post_sale(order, now)
    if order.slip:
        code_id = new_id()
        codes.issue(CODE_PURPOSE, order.id, order.merchant_id, [order.store_id], code_id=code_id)
        fulfillment.open_handover(
            order_id=order.id,
            store_id=order.store_id,
            merchant_id=order.merchant_id,
            kind=order.mode,
            zone=card.zone,
            code_id=code_id,
            customer=order.name,
            slip=slip_of(order),
            note=order.note,
            promised_at=max(order.promised_at, now) if late else order.promised_at,
            auto_accept=card.auto_accept,
            now=now,
        )
    if not late:
        publish(OrderPlaced, order, order.placed_at, method=order.method)
    publish(OrderConfirmed, order, now, method=order.method, paid=paid, late=late, discount_minor=order.discount_minor)


def slip_of(order: Order) -> tuple[SlipLine, ...]:
    return tuple(
        SlipLine(
            line_id=UUID(line["id"]),
            names=line["names"],
            quantity=line["quantity"],
            options=tuple(line["options"]),
            without=tuple(line["without"]),
            note=line["note"],
        )
        for line in order.slip
    )
