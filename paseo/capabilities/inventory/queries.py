"""Reading stock. Every answer is a value; counts are base units."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from django.db.models import F, QuerySet, Sum

from paseo.capabilities.inventory.models import Hold, HoldLine, Movement, StockItem
from paseo.capabilities.inventory.states import ACTIVE
from paseo.capabilities.inventory.values import HoldLineView, HoldView, MovementKind, MovementView, Reason, StockView
from paseo.kernel.periods import Period
from paseo.platform.db.prepared import Prepared

_STOCK = ("id", "store_id", "variant_id", "tracked", "on_hand", "allocated", "held", "safety")


_counts = Prepared(
    lambda store_id, variant_ids: StockItem.objects.filter(
        store_id=store_id, variant_id__in=variant_ids, tracked=True
    ).values_list("variant_id", "on_hand", "allocated", "held", "safety")
)


def availability(store_id: UUID, variant_ids: Iterable[UUID]) -> dict[UUID, int | None]:
    """What can be ordered now of each variant in this store; None where it never runs out. One statement.

    Goods of a hold that lapsed seconds ago count as taken until the sweeper or the next order frees them.
    """
    wanted = list(variant_ids)
    answer: dict[UUID, int | None] = dict.fromkeys(wanted)
    for variant_id, on_hand, allocated, held, safety in _counts(store_id, wanted):
        answer[variant_id] = max(0, on_hand - allocated - held - safety)
    return answer


def availability_in(store_ids: Iterable[UUID], variant_ids: Iterable[UUID]) -> dict[tuple[UUID, UUID], int | None]:
    """``availability`` for several stores: (store id, variant id) to what can be ordered. One statement."""
    stores, wanted = list(store_ids), list(variant_ids)
    answer: dict[tuple[UUID, UUID], int | None] = {(store, variant): None for store in stores for variant in wanted}
    for view in _views(StockItem.objects.filter(store_id__in=stores, variant_id__in=wanted, tracked=True)):
        answer[view.store_id, view.variant_id] = view.available
    return answer


def stock_of_store(
    store_id: UUID, *, variant_ids: Iterable[UUID] | None = None, after: UUID | None = None, limit: int = 200
) -> list[StockView]:
    """The items of a store by variant id; ``after`` is the last variant id of the page before."""
    rows = StockItem.objects.filter(store_id=store_id)
    if variant_ids is not None:
        rows = rows.filter(variant_id__in=list(variant_ids))
    if after is not None:
        rows = rows.filter(variant_id__gt=after)
    return _views(rows.order_by("variant_id")[:limit])


def low_stock(store_id: UUID, *, at_most: int = 3, limit: int = 50) -> list[StockView]:
    """Tracked items of which ``at_most`` can still be sold, the emptiest first."""
    left = F("on_hand") - F("allocated") - F("held") - F("safety")
    rows = StockItem.objects.filter(store_id=store_id, tracked=True).annotate(left=left).filter(left__lte=at_most)
    return _views(rows.order_by("left", "variant_id")[:limit])


def movements(
    store_id: UUID, *, variant_id: UUID | None = None, period: Period | None = None, limit: int = 100
) -> list[MovementView]:
    """The history of a store's stock, or of one variant in it, newest first, each with the number on hand after it."""
    rows = Movement.objects.filter(item__store_id=store_id)
    if variant_id is not None:
        rows = rows.filter(item__variant_id=variant_id)
    later = rows
    if period is not None:
        rows = rows.filter(at__gte=period.start)
        if period.end is not None:
            rows = rows.filter(at__lt=period.end)
    columns = ("item_id", "id", "item__variant_id", "kind", "delta", "reason", "note", "actor", "subject_id", "at")
    page = list(rows.order_by("-at", "-id").values_list(*columns)[:limit])
    after = dict(StockItem.objects.filter(id__in={row[0] for row in page}).values_list("id", "on_hand"))
    if period is not None and period.end is not None:
        since = later.filter(item_id__in=list(after), at__gte=period.end)
        for item_id, delta in since.values_list("item_id").annotate(Sum("delta")):
            after[item_id] -= delta
    found = []
    for item_id, id, variant, kind, delta, reason, note, actor, subject_id, at in page:
        why = Reason(reason) if reason else None
        found.append(
            MovementView(
                id, store_id, variant, MovementKind(kind), delta, after[item_id], why, note, actor, subject_id, at
            )
        )
        after[item_id] -= delta
    return found


def hold_of(subject_id: UUID) -> HoldView | None:
    """The newest hold of an order, whatever its state."""
    row = Hold.objects.filter(subject_id=subject_id).order_by("-created_at", "-id").first()
    return _holds([row])[0] if row else None


def hold_states(subject_ids: Iterable[UUID]) -> dict[UUID, str]:
    """The state of the newest hold of each order; orders without one are missing. One statement."""
    rows = Hold.objects.filter(subject_id__in=list(subject_ids)).order_by("created_at", "id")
    return dict(rows.values_list("subject_id", "state"))


def holds_of(owner_key: str, *, now: datetime) -> list[HoldView]:
    """What is kept for a buyer right now."""
    return _holds(
        list(Hold.objects.filter(owner_key=owner_key, state=ACTIVE, expires_at__gt=now).order_by("expires_at"))
    )


def _holds(rows: list[Hold]) -> list[HoldView]:
    lines: dict[UUID, list[HoldLineView]] = {row.pk: [] for row in rows}
    found = HoldLine.objects.filter(hold_id__in=list(lines)).select_related("item").order_by("item__variant_id")
    for line in found:
        view = HoldLineView(line.item.variant_id, line.quantity, line.released, line.issued)
        lines[line.hold_id].append(view)
    return [
        HoldView(row.pk, row.subject_id, row.owner_key, row.store_id, row.state, row.expires_at, tuple(lines[row.pk]))
        for row in rows
    ]


def _views(rows: QuerySet[StockItem]) -> list[StockView]:
    return [StockView(*row) for row in rows.values_list(*_STOCK)]
