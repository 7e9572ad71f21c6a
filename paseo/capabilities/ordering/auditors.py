"""What must always be true of orders and their money, looked for in the living system."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.conf import settings
from django.db.models import Sum

from paseo.capabilities.fulfillment import queries as fulfillment
from paseo.capabilities.inventory import queries as inventory
from paseo.capabilities.ledger import queries as ledger
from paseo.capabilities.ordering.books import sale_id
from paseo.capabilities.ordering.models import Order, OrderLine
from paseo.capabilities.payments import queries as payments
from paseo.kernel import clock
from paseo.platform.audit.checks import Finding, auditor

PORTION = 500
LIVING = ("confirmed", "completed", "not_collected")


def _say(check: str, order: Order, sentence: str) -> Finding:
    return Finding(check, f"order:{order.id}", f"{order.number}: {sentence}")


def _portions(**filters: object) -> Iterable[list[Order]]:
    """Orders that were made here, a few hundred at a time."""
    rows = Order.objects.filter(**filters).exclude(channel="import").order_by("id")
    last = None
    while True:
        found = list((rows if last is None else rows.filter(id__gt=last))[:PORTION])
        if not found:
            return
        yield found
        last = found[-1].id


@auditor("ordering.totals_agree_with_lines")
def totals_agree_with_lines() -> Iterable[Finding]:
    sums = OrderLine.objects.values("order_id").annotate(
        gross=Sum("gross_minor"), off=Sum("discount_minor"), tax=Sum("tax_minor"), whole=Sum("total_minor")
    )
    by_order = {row["order_id"]: row for row in sums.order_by().iterator()}
    for order in Order.objects.order_by("id").iterator():
        row = by_order.get(order.id)
        if row is None:
            yield _say("ordering.totals_agree_with_lines", order, "has no lines")
        elif (row["gross"], row["off"], row["tax"], row["whole"] + order.tip_minor) != (
            order.subtotal_minor,
            order.discount_minor,
            order.tax_minor,
            order.total_minor,
        ):
            yield _say("ordering.totals_agree_with_lines", order, "the totals are not the sum of the lines")


@auditor("ordering.confirmed_orders_are_whole")
def confirmed_orders_are_whole() -> Iterable[Finding]:
    name = "ordering.confirmed_orders_are_whole"
    for orders in _portions(state__in=LIVING):
        handovers = fulfillment.handovers([order.id for order in orders])
        paid = payments.money_of([order.id for order in orders])
        sold = ledger_sales(orders)
        for order in orders:
            arrived = paid.get(order.id, (0, 0))[0]
            if order.paid_at is not None and order.total_minor > 0:
                expected = order.total_minor - (0 if order.method != "cash" else _struck_before(order, arrived))
                if arrived != expected:
                    yield _say(name, order, f"is paid, but {arrived} instead of {expected} arrived")
                if order.id not in sold:
                    yield _say(name, order, "is paid, but the sale is not in the books")
            elif order.paid_at is None and order.method != "cash":
                yield _say(name, order, "is confirmed without money and without cash due")
            if order.slip and order.id not in handovers:
                yield _say(name, order, "is confirmed, but the shop has no handover of it")


def _struck_before(order: Order, arrived: int) -> int:
    """Lines that were struck before the cash was taken were never asked for."""
    return order.total_minor - arrived if 0 < order.total_minor - arrived <= order.returned_minor else 0


def ledger_sales(orders: list[Order]) -> set[object]:
    """The orders of these whose sale is posted."""
    return {
        order.id
        for order in orders
        if any(
            transfer.id == sale_id(order.id) and transfer.state == "posted"
            for transfer in ledger.transfers_of(order.id)
        )
    }


@auditor("ordering.goods_are_promised")
def goods_are_promised() -> Iterable[Finding]:
    """An order in hand keeps its goods, an order that is over keeps none."""
    name = "ordering.goods_are_promised"
    for orders in _portions():
        for order in orders:
            hold = inventory.hold_of(order.id)
            state = hold.state if hold else None
            if order.state == "confirmed" and state in {"active", "expired", "released"} and not _all_struck(order):
                yield _say(name, order, f"is confirmed, but its goods are {state}")
            if order.state in {"cancelled", "refused", "expired", "not_collected"} and state in {"active", "converted"}:
                yield _say(name, order, f"is {order.state}, but still keeps goods")


def _all_struck(order: Order) -> bool:
    return OrderLine.objects.filter(order_id=order.id, state="refused").exists()


@auditor("ordering.nothing_is_stuck")
def nothing_is_stuck() -> Iterable[Finding]:
    late = clock.now() - timedelta(minutes=max(15, settings.PASEO["HOLD_MINUTES"]))
    for order in Order.objects.filter(state="placed", expires_at__lt=late):
        yield _say("ordering.nothing_is_stuck", order, "waits for money although its time is over")


@auditor("ordering.captured_money_has_an_order_or_a_refund")
def captured_money_has_an_order_or_a_refund() -> Iterable[Finding]:
    name = "ordering.captured_money_has_an_order_or_a_refund"
    held: dict[object, int] = {}
    for payment in payments.captured_without():
        held[payment.subject_id] = payment.refundable_minor
    for payment in payments.parked():
        if payment.refundable_minor:
            yield Finding(name, f"payment:{payment.id}", f"{payment.amount} is parked: {payment.trouble}")
    orders = Order.objects.in_bulk(list(held))
    for subject_id, minor in held.items():
        order = orders.get(subject_id)
        if order is None:
            yield Finding(name, f"order:{subject_id}", "money was captured for an order that does not exist")
        elif order.state not in LIVING and minor > 0:
            yield _say(name, order, f"is {order.state}, but {minor} of its money is neither kept for it nor going back")


@auditor("ordering.returned_money_agrees")
def returned_money_agrees() -> Iterable[Finding]:
    """What orders say went back is what payments are giving back."""
    for orders in _portions(paid_at__isnull=False):
        money = payments.money_of([order.id for order in orders])
        for order in orders:
            arrived, back = money.get(order.id, (0, 0))
            struck = _struck_before(order, arrived) if order.method == "cash" else 0
            if back != order.returned_minor - struck:
                yield _say(
                    "ordering.returned_money_agrees",
                    order,
                    f"gave {order.returned_minor - struck} back, payments say {back}",
                )
