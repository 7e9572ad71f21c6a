"""What an order means in the ledger. Shares that go back are counted on the running total, so that parts add up."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from paseo.capabilities.ledger import operations as ledger
from paseo.capabilities.ledger.values import share_back
from paseo.capabilities.ordering.models import Order
from paseo.kernel.ids import stable_id
from paseo.kernel.money import Money

FUNDERS = ("merchant", "operator", "brand")


def parties(order: Order) -> dict[str, UUID]:
    found = {"merchant": order.merchant_id, "operator": order.operator_id or order.merchant_id}
    if order.funded.get("brand_id"):
        found["brand"] = UUID(order.funded["brand_id"])
    return found


def sale_id(order_id: UUID) -> UUID:
    return stable_id("sale", order_id)


def _goods(order: Order) -> int:
    """What the goods cost, without the tip, as it was placed."""
    return order.total_minor - order.tip_minor


def _funded(order: Order) -> dict[str, int]:
    found = {}
    for funder in FUNDERS:
        minor = int(order.funded.get(funder, 0))
        if minor and (funder != "brand" or order.funded.get("brand_id")):
            found[f"discount_{funder}"] = minor
    return found


def _left(whole: int, order: Order) -> int:
    return whole - share_back(whole, _goods(order), 0, _returned_goods(order))


def _returned_goods(order: Order) -> int:
    return min(order.returned_minor, _goods(order))


def post_sale(order: Order, now: datetime) -> None:
    """The buyer's money is there: at the gateway, or in the till. Lines refused before that were never sold."""
    if order.total_minor == 0 and not _funded(order):
        return
    amounts = {
        "gross": _goods(order) - _returned_goods(order),
        "tip": order.tip_minor,
        "commission": _left(order.commission_minor, order),
        "commission_tax": _left(order.commission_tax_minor, order),
        **{name: _left(minor, order) for name, minor in _funded(order).items()},
    }
    ledger.post(
        transfer_id=sale_id(order.id),
        template="cash_sale" if order.method == "cash" else "sale_captured",
        amounts={name: Money(minor, order.currency) for name, minor in amounts.items() if minor or name == "gross"},
        parties=parties(order),
        subject_id=order.id,
        at=now,
    )


def post_refund(
    order: Order, refund_id: UUID, amount_minor: int, returned_before: int, reason: str, now: datetime
) -> None:
    """Money goes back: the merchant's share, the commission on it and each funder's part of the discounts."""
    goods = _goods(order)
    before = min(returned_before, goods)
    part = min(amount_minor, goods - before)
    amounts = {
        "refund": amount_minor,
        "commission": share_back(order.commission_minor, goods, before, part),
        "commission_tax": share_back(order.commission_tax_minor, goods, before, part),
        **{name: share_back(minor, goods, before, part) for name, minor in _funded(order).items()},
    }
    ledger.post(
        transfer_id=due_id(refund_id),
        template="refund_cash" if order.method == "cash" else "refund",
        amounts={name: Money(minor, order.currency) for name, minor in amounts.items() if minor or name == "refund"},
        parties=parties(order),
        subject_id=order.id,
        at=now,
        reason=reason[:60],
    )


def due_id(refund_id: UUID) -> UUID:
    """The transfer by which a buyer is owed the money of a refund."""
    return stable_id("refund", refund_id)


def sent_id(refund_id: UUID, round: int) -> UUID:
    """The announcement that the gateway was asked for it, in one round of tries."""
    return stable_id("refund_sent", refund_id, round)


def paid_id(refund_id: UUID) -> UUID:
    """The transfer by which it is paid."""
    return stable_id("refund_paid", refund_id)


def post_returned(order: Order, refund_id: UUID, amount: Money, reason: str, now: datetime) -> None:
    """A payment that never became a sale is owed to its payer, whole."""
    ledger.post(
        transfer_id=due_id(refund_id),
        template="payment_returned",
        amounts={"gross": amount},
        parties=parties(order),
        subject_id=order.id,
        at=now,
        reason=reason[:60],
    )
