"""What people do at the shelf: receive, count, correct, decide what is counted at all."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db.models import F

from paseo.capabilities.directory import queries as directory
from paseo.capabilities.inventory.events import StockChanged
from paseo.capabilities.inventory.models import Movement, StockItem
from paseo.capabilities.inventory.refusals import Promised, ReasonDoesNotFit
from paseo.capabilities.inventory.values import MovementKind, Reason
from paseo.kernel.errors import StaleRequest
from paseo.platform.db.unit import add, operation
from paseo.platform.outbox import emit


@operation
def track(*, store_id: UUID, variant_id: UUID, now: datetime, safety: int = 0) -> None:
    """From now on this variant is counted in this store: without stock it cannot be ordered. Again: sets safety."""
    _open(store_id, variant_id)
    StockItem.objects.filter(store_id=store_id, variant_id=variant_id).update(tracked=True, safety=_whole(safety))


@operation
def untrack(*, store_id: UUID, variant_id: UUID, now: datetime) -> None:
    """From now on this variant never runs out here. What is already held or promised ends as usual."""
    StockItem.objects.filter(store_id=store_id, variant_id=variant_id).update(tracked=False)


@operation
def set_safety(*, store_id: UUID, variant_id: UUID, safety: int, now: datetime) -> None:
    """Keeps the last ``safety`` units for people who stand in the shop."""
    StockItem.objects.filter(store_id=store_id, variant_id=variant_id).update(safety=_whole(safety))


@operation
def receive(
    *,
    store_id: UUID,
    variant_id: UUID,
    quantity: int,
    now: datetime,
    actor: str = "",
    note: str = "",
    reason: Reason = Reason.DELIVERED,
) -> int:
    """Goods arrived; the number on hand afterwards. The first delivery starts the counting of this variant."""
    if quantity < 1:
        raise ReasonDoesNotFit(delta=quantity)
    _open(store_id, variant_id)
    return _change(store_id, variant_id, quantity, MovementKind.RECEIVE, reason, note, actor, None, now)


@operation
def open_stock(*, store_id: UUID, counts: Mapping[UUID, int], now: datetime, actor: str = "", note: str = "") -> int:
    """Starts counting variants that were not counted in this store yet, with what is there; how many were started.

    Variants that are counted already stay as they are: their number is known better here than in a file.
    """
    known = StockItem.objects.filter(store_id=store_id, variant_id__in=list(counts)).values_list(
        "variant_id", flat=True
    )
    skip = set(known)
    items = [
        StockItem(store_id=store_id, variant_id=variant_id, on_hand=_whole(counts[variant_id]))
        for variant_id in sorted(counts)
        if variant_id not in skip
    ]
    StockItem.objects.bulk_create(items, batch_size=500)
    kind, reason = MovementKind.RECEIVE, Reason.DELIVERED
    add(
        *(
            Movement(item_id=item.pk, kind=kind, delta=item.on_hand, reason=reason, note=note, actor=actor, at=now)
            for item in items
            if item.on_hand
        )
    )
    return len(items)


@operation
def take_back(
    *, store_id: UUID, variant_id: UUID, quantity: int, subject_id: UUID | None, now: datetime, actor: str = ""
) -> int:
    """A customer brought goods back that can be sold again; the number on hand afterwards."""
    if quantity < 1:
        raise ReasonDoesNotFit(delta=quantity)
    _open(store_id, variant_id)
    kind, reason = MovementKind.RETURN, Reason.RETURNED
    return _change(store_id, variant_id, quantity, kind, reason, "", actor, subject_id, now)


@operation
def adjust(
    *,
    store_id: UUID,
    variant_id: UUID,
    delta: int,
    reason: Reason,
    now: datetime,
    actor: str = "",
    note: str = "",
) -> int:
    """The books were wrong by ``delta``, for a reason; the number on hand afterwards.

    Refuses ``Promised`` when customers were promised more than would be left, ``ReasonDoesNotFit``.
    """
    if delta == 0 or reason.sign * delta < 0:
        raise ReasonDoesNotFit(delta=delta, reason=reason.text)
    _open(store_id, variant_id)
    return _change(store_id, variant_id, delta, MovementKind.ADJUST, reason, note, actor, None, now)


@operation
def count(
    *,
    store_id: UUID,
    variant_id: UUID,
    counted: int,
    now: datetime,
    reason: Reason = Reason.CORRECTION,
    actor: str = "",
    note: str = "",
) -> int:
    """Somebody counted; the difference to the books. See ``stock_take``."""
    counts = {variant_id: counted}
    return stock_take(store_id=store_id, counts=counts, reason=reason, now=now, actor=actor, note=note)[variant_id]


@operation
def stock_take(
    *,
    store_id: UUID,
    counts: Mapping[UUID, int],
    now: datetime,
    reason: Reason = Reason.CORRECTION,
    actor: str = "",
    note: str = "",
) -> dict[UUID, int]:
    """Somebody counted the shelf: variant id to what is there. Variant id to the difference, zero included.

    A reason that can only add (or only take away) is kept where it fits and is a correction where it does not.
    Refuses ``Promised`` when less is there than customers were promised, and then saves none of the counts.
    """
    differences = {}
    for variant_id in sorted(counts):
        counted = _whole(counts[variant_id])
        _open(store_id, variant_id)
        differences[variant_id] = _counted(store_id, variant_id, counted, reason, note, actor, now)
    return differences


def _counted(
    store_id: UUID, variant_id: UUID, counted: int, reason: Reason, note: str, actor: str, now: datetime
) -> int:
    items = StockItem.objects.filter(store_id=store_id, variant_id=variant_id)
    for _ in range(20):
        item = items.select_for_update().get()
        if counted < item.allocated + item.held:
            raise Promised(variant_id=variant_id, promised=item.allocated + item.held, counted=counted)
        delta = counted - item.on_hand
        if not items.filter(on_hand=item.on_hand, allocated=item.allocated, held=item.held).update(on_hand=counted):
            continue
        if delta:
            fitting = reason if reason.sign * delta >= 0 else Reason.CORRECTION
            _write(item.pk, store_id, variant_id, MovementKind.COUNT, delta, counted, fitting, note, actor, None, now)
        return delta
    raise StaleRequest()


def _change(
    store_id: UUID,
    variant_id: UUID,
    delta: int,
    kind: MovementKind,
    reason: Reason,
    note: str,
    actor: str,
    subject_id: UUID | None,
    now: datetime,
) -> int:
    items = StockItem.objects.filter(store_id=store_id, variant_id=variant_id)
    enough = items.filter(on_hand__gte=F("allocated") + F("held") - delta)
    if not enough.update(on_hand=F("on_hand") + delta):
        item = items.get()
        raise Promised(variant_id=variant_id, promised=item.allocated + item.held, counted=item.on_hand + delta)
    item = items.get()
    _write(item.pk, store_id, variant_id, kind, delta, item.on_hand, reason, note, actor, subject_id, now)
    return item.on_hand


def _write(
    item_id: UUID,
    store_id: UUID,
    variant_id: UUID,
    kind: MovementKind,
    delta: int,
    on_hand: int,
    reason: Reason,
    note: str,
    actor: str,
    subject_id: UUID | None,
    now: datetime,
) -> None:
    add(
        Movement(
            item_id=item_id,
            kind=kind,
            delta=delta,
            reason=reason,
            note=note[:300],
            actor=actor,
            subject_id=subject_id,
            at=now,
        )
    )
    card = directory.stores([store_id]).get(store_id)
    emit(
        StockChanged(store_id, variant_id, str(kind), delta, on_hand, str(reason), actor),
        tenant_id=card.merchant_id if card else None,
        place_id=store_id,
    )


def _open(store_id: UUID, variant_id: UUID) -> None:
    StockItem.objects.bulk_create([StockItem(store_id=store_id, variant_id=variant_id)], ignore_conflicts=True)


def _whole(n: int) -> int:
    if n < 0:
        raise ReasonDoesNotFit(delta=n)
    return n
