"""What must always be true of orders and their money, looked for in the living system."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Case, Count, F, Q, Sum, Value, When
from django.db.models.functions import Coalesce

from paseo.capabilities.fulfillment import queries as fulfillment
from paseo.capabilities.inventory import queries as inventory
from paseo.capabilities.ledger import queries as ledger
from paseo.capabilities.ordering.books import due_id, paid_id, sale_id, sent_id
from paseo.capabilities.ordering.models import Order, OrderLine
from paseo.capabilities.payments import queries as payments
from paseo.kernel import clock
from paseo.platform.audit.checks import Finding, auditor
from paseo.platform.outbox import queries as outbox

PORTION = 4_000
REFUND_EVENTS = tuple(f"payments.refund_{step}" for step in ("requested", "retried", "failed", "done"))
LIVING = ("confirmed", "completed", "not_collected")


def _say(check: str, order: Any, sentence: str) -> Finding:
    return Finding(check, f"order:{order.id}", f"{order.number}: {sentence}")


def _portions(*columns: str, **filters: object) -> Iterable[list[Any]]:
    """Orders that were made here, some thousand at a time, as plain rows of these columns. ``made`` says whether
    anything of it is made in the shop: the documents themselves are most of a row and are left where they are."""
    rows = Order.objects.filter(**filters).exclude(channel="import").order_by("id")
    if "made" in columns:
        rows = rows.annotate(made=Case(When(slip=[], then=Value(False)), default=Value(True)))
    last = None
    while True:
        after = rows if last is None else rows.filter(id__gt=last)
        found = list(after.values_list("id", "number", *columns, named=True)[:PORTION])
        if not found:
            return
        yield found
        last = found[-1].id


@auditor("ordering.totals_agree_with_lines")
def totals_agree_with_lines() -> Iterable[Finding]:
    """One statement; only orders that are wrong come back."""
    rows = Order.objects.only("number").annotate(
        count=Count("lines"),
        gross=Coalesce(Sum("lines__gross_minor"), 0),
        off=Coalesce(Sum("lines__discount_minor"), 0),
        tax=Coalesce(Sum("lines__tax_minor"), 0),
        whole=Coalesce(Sum("lines__total_minor"), 0) + F("tip_minor"),
    )
    right = Q(
        count__gt=0,
        gross=F("subtotal_minor"),
        off=F("discount_minor"),
        tax=F("tax_minor"),
        whole=F("total_minor"),
    )
    for order in rows.exclude(right).order_by("id").iterator():
        sentence = "the totals are not the sum of the lines" if order.count else "has no lines"
        yield _say("ordering.totals_agree_with_lines", order, sentence)


@auditor("ordering.confirmed_orders_are_whole")
def confirmed_orders_are_whole() -> Iterable[Finding]:
    name = "ordering.confirmed_orders_are_whole"
    columns = ("state", "paid_at", "method", "total_minor", "returned_minor", "made")
    for orders in _portions(*columns, state__in=LIVING):
        ids = [order.id for order in orders]
        handovers, paid = fulfillment.with_handover(ids), payments.money_of(ids)
        sales = {id: sale_id(id) for id in ids}
        sold = ledger.posted_ids(sales.values())
        for order in orders:
            arrived = paid.get(order.id, (0, 0))[0]
            if order.paid_at is not None and order.total_minor > 0:
                expected = order.total_minor - (0 if order.method != "cash" else _struck_before(order, arrived))
                if arrived != expected:
                    yield _say(name, order, f"is paid, but {arrived} instead of {expected} arrived")
                if sales[order.id] not in sold:
                    yield _say(name, order, "is paid, but the sale is not in the books")
            elif order.paid_at is None and order.method != "cash":
                yield _say(name, order, "is confirmed without money and without cash due")
            if order.made and order.id not in handovers:
                yield _say(name, order, "is confirmed, but the shop has no handover of it")


def _struck_before(order: Any, arrived: int) -> int:
    """Lines that were struck before the cash was taken were never asked for."""
    return order.total_minor - arrived if 0 < order.total_minor - arrived <= order.returned_minor else 0


@auditor("ordering.goods_are_promised")
def goods_are_promised() -> Iterable[Finding]:
    """An order in hand keeps its goods, an order that is over keeps none."""
    name = "ordering.goods_are_promised"
    over = ("cancelled", "refused", "expired", "not_collected")
    for orders in _portions("state", state__in=["confirmed", *over]):
        holds = inventory.hold_states([order.id for order in orders])
        for order in orders:
            state = holds.get(order.id)
            if order.state == "confirmed" and state in {"active", "expired", "released"} and not _all_struck(order):
                yield _say(name, order, f"is confirmed, but its goods are {state}")
            if order.state in over and state in {"active", "converted"}:
                yield _say(name, order, f"is {order.state}, but still keeps goods")


def _all_struck(order: Any) -> bool:
    return OrderLine.objects.filter(order_id=order.id, state="refused").exists()


@auditor("ordering.nothing_is_stuck")
def nothing_is_stuck() -> Iterable[Finding]:
    late = clock.now() - timedelta(minutes=max(15, settings.PASEO["HOLD_MINUTES"]))
    for order in Order.objects.filter(state="placed", expires_at__lt=late):
        yield _say("ordering.nothing_is_stuck", order, "waits for money although its time is over")


@auditor("ordering.captured_money_has_an_order_or_a_refund")
def captured_money_has_an_order_or_a_refund() -> Iterable[Finding]:
    name = "ordering.captured_money_has_an_order_or_a_refund"
    for payment in payments.parked():
        yield Finding(name, f"payment:{payment.id}", f"{payment.amount} is parked: {payment.trouble}")
    last = None
    while portion := payments.captured_after(last, PORTION):
        last = portion[-1][0]
        rows = Order.objects.filter(id__in=[subject_id for _, subject_id, _ in portion])
        orders = {row.id: row for row in rows.values_list("id", "number", "state", named=True)}
        for _, subject_id, minor in portion:
            order = orders.get(subject_id)
            if order is None:
                yield Finding(name, f"order:{subject_id}", "money was captured for an order that does not exist")
            elif order.state not in LIVING and minor > 0:
                sentence = f"is {order.state}, but {minor} of its money is neither kept for it nor going back"
                yield _say(name, order, sentence)


@auditor("ordering.returned_money_agrees")
def returned_money_agrees() -> Iterable[Finding]:
    """What orders say went back is what payments are giving back."""
    for orders in _portions("method", "total_minor", "returned_minor", paid_at__isnull=False):
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


@auditor("ordering.refunds_are_in_the_books")
def refunds_are_in_the_books() -> Iterable[Finding]:
    """A refund is owed to the buyer until it is paid, announced exactly while the gateway is asked, and paid once.

    Refunds whose events are under way are looked at next time.
    """
    name = "ordering.refunds_are_in_the_books"
    moving = outbox.undelivered(REFUND_EVENTS)
    last = None
    while portion := payments.refunds_after(last, PORTION):
        last = portion[-1].id
        known = set(Order.objects.filter(id__in=[one.subject_id for one in portion]).values_list("id", flat=True))
        found = [
            one for one in portion
            if one.method != "cash" and one.subject_id in known and f"order:{one.subject_id}" not in moving
        ]  # fmt: skip
        announced = {one.id: [sent_id(one.id, number) for number in range(one.round + 1)] for one in found}
        posted = ledger.posted_ids(id for one in found for id in (due_id(one.id), paid_id(one.id)))
        pending = ledger.unresolved_ids(id for ids in announced.values() for id in ids)
        for one in found:
            under_way = one.state in {"requested", "sent"}
            open_ones = [id for id in announced[one.id] if id in pending]
            wrong = [
                "nothing is owed to the buyer in the books" * (due_id(one.id) not in posted),
                "is done, but not paid in the books" * (one.state == "done" and paid_id(one.id) not in posted),
                "is not done, but paid in the books" * (one.state != "done" and paid_id(one.id) in posted),
                f"is {one.state}, but announced {len(open_ones)} times" * (len(open_ones) != under_way),
            ]
            for sentence in filter(None, wrong):
                yield Finding(name, f"refund:{one.id}", f"A refund of {one.amount}: {sentence}")
