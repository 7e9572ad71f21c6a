"""What a shop looks at all day."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db.models import Count, Q, Sum

from paseo.capabilities.directory import queries as directory
from paseo.capabilities.fulfillment import queries as fulfillment
from paseo.capabilities.fulfillment.values import HandoverView
from paseo.capabilities.ordering.models import Order, OrderChange
from paseo.capabilities.ordering.operations.confirming import CODE_PURPOSE
from paseo.capabilities.ordering.operations.counter import VOUCHER_PURPOSE, redeemed
from paseo.capabilities.ordering.queries.orders import summaries
from paseo.capabilities.ordering.values import BoardEntry, ChangeView, DayTotals, Redeemed
from paseo.capabilities.ordering.views import change_view
from paseo.kernel.periods import day_of, day_period
from paseo.platform.codes import queries as codes_read


def board(store_id: UUID, *, now: datetime) -> dict[str, list[BoardEntry]]:
    """Orders in hand by column (new, kitchen, shelf, done), due first; done newest first. Four statements."""
    found = fulfillment.board(store_id, now=now)
    columns: dict[str, tuple[HandoverView, ...]] = {
        "new": found.requested,
        "kitchen": found.preparing,
        "shelf": found.ready,
        "done": found.handed_over,
    }
    ids = [handover.id for column in columns.values() for handover in column]
    orders = summaries(ids)
    changes: dict[UUID, list[ChangeView]] = {}
    for row in OrderChange.objects.filter(order_id__in=ids, state="proposed").order_by("answer_by"):
        changes.setdefault(row.order_id, []).append(change_view(row))
    return {
        name: [
            BoardEntry(orders[handover.id], handover, tuple(changes.get(handover.id, ())))
            for handover in column
            if handover.id in orders
        ]
        for name, column in columns.items()
    }


def today(store_id: UUID, *, now: datetime, until: datetime | None = None) -> DayTotals:
    """The store's own calendar day around ``now``; ``until``: only what was placed before. One statement."""
    card = directory.store(store_id)
    day = day_period(day_of(now, card.zone), card.zone)
    rows = Order.objects.filter(store_id=store_id, placed_at__gte=day.start, placed_at__lt=until or day.end).exclude(
        state__in=["placed", "expired"]
    )
    paid = Q(paid_at__isnull=False)
    found = rows.aggregate(
        orders=Count("id"),
        open=Count("id", filter=Q(state="confirmed")),
        completed=Count("id", filter=Q(state="completed")),
        cancelled=Count("id", filter=Q(state="cancelled")),
        refused=Count("id", filter=Q(state="refused")),
        sold_minor=Sum("total_minor", filter=paid, default=0),
        returned_minor=Sum("returned_minor", filter=paid, default=0),
        cash_minor=Sum("total_minor", filter=paid & Q(method="cash"), default=0),
        online_minor=Sum("total_minor", filter=paid & ~Q(method="cash"), default=0),
        discount_minor=Sum("discount_minor", filter=paid, default=0),
        commission_minor=Sum("commission_minor", filter=paid, default=0),
    )
    return DayTotals(store_id=store_id, currency=card.currency, **found)


def open_changes(order_id: UUID) -> list[ChangeView]:
    """Proposals that wait for the buyer's answer."""
    rows = OrderChange.objects.filter(order_id=order_id, state="proposed").order_by("answer_by")
    return [change_view(row) for row in rows]


def recent_redemptions(*, tenant_id: UUID, place_ids: list[UUID] | None, since: datetime) -> list[Redeemed]:
    """What was used at these counters lately, newest first, for the list with the undo."""
    return [
        redeemed(one)
        for one in codes_read.recent_redemptions(tenant_id, place_ids, since)
        if one.purpose in {CODE_PURPOSE, VOUCHER_PURPOSE} and one.state == "done"
    ]
