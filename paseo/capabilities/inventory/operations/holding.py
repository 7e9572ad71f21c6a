"""Keeping goods for an order that is not paid yet."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import NoReturn
from uuid import UUID

from django.conf import settings

from paseo.capabilities.inventory import statements
from paseo.capabilities.inventory.models import Hold, HoldLine, StockItem
from paseo.capabilities.inventory.operations.expiry import free_expired_of_buyer, free_expired_of_items
from paseo.capabilities.inventory.refusals import HoldExists, HoldExpired, LastOneGone, NoHold, TooManyHolds
from paseo.capabilities.inventory.states import ACTIVE, CONVERTED, LIVING
from paseo.capabilities.inventory.values import Demand, HoldLineView, HoldView, Shortage, summed
from paseo.kernel.ids import new_id
from paseo.platform.db.inserting import insert
from paseo.platform.db.unit import operation, unit

LONGEST_HOLD = timedelta(hours=2)


@operation
def hold(
    *,
    subject_id: UUID,
    owner_key: str,
    store_id: UUID,
    demands: Iterable[Demand],
    expires_at: datetime,
    now: datetime,
    limit: int | None = None,
) -> HoldView:
    """Keeps all demanded goods for the order ``subject_id`` until ``expires_at``, or none of them.

    Quantities are base units. Variants that are missing in this store's stock, or not tracked, never run out.
    ``owner_key`` names the buyer ("visitor:…"); "" is nobody and has no limit. ``limit`` defaults to HOLDS_PER_BUYER.
    The same call again returns the same hold.

    Refuses ``LastOneGone`` (with every shortage), ``TooManyHolds``, ``HoldExists`` (the order keeps other goods).
    """
    wanted = summed(demands)
    row = Hold(
        id=new_id(),
        subject_id=subject_id,
        owner_key=owner_key,
        store_id=store_id,
        state=ACTIVE,
        expires_at=min(expires_at, now + LONGEST_HOLD),
        created_at=now,
        changed_at=now,
    )
    most = (settings.PASEO["HOLDS_PER_BUYER"] if limit is None else limit) if owner_key else 0
    if not _opened(row, most, now) and (known := _replayed(subject_id, store_id, wanted, now, most)):
        return known
    return _filled(row, wanted, now)


@operation
def extend(*, subject_id: UUID, expires_at: datetime, now: datetime) -> datetime:
    """Keeps the goods longer, at most two hours from the first moment; the instant until which they are kept.

    Never shortens. Refuses ``HoldExpired`` and ``NoHold``.
    """
    row = Hold.objects.filter(subject_id=subject_id, state=ACTIVE, expires_at__gt=now).first()
    if row is None:
        _explain(subject_id)
    until = max(row.expires_at, min(expires_at, row.created_at + LONGEST_HOLD))
    if not Hold.objects.filter(pk=row.pk, state=ACTIVE, expires_at__gt=now).update(expires_at=until, changed_at=now):
        _explain(subject_id)
    return until


def reacquire(*, subject_id: UUID, expires_at: datetime, now: datetime) -> HoldView:
    """Takes the goods of a lapsed hold again, because its payment came after all. The buyer's limit does not count.

    All or none. Its refusals can be caught inside the caller's own unit, which then goes on without the goods:
    ``LastOneGone``, ``NoHold``; ``HoldExists`` when the hold was converted long ago.
    """
    with unit(savepoint=True):
        latest = Hold.objects.filter(subject_id=subject_id).order_by("-created_at", "-id").first()
        if latest is None:
            raise NoHold()
        if latest.state == ACTIVE:
            # Nobody freed it yet: the goods are still kept.
            changed = Hold.objects.filter(pk=latest.pk, state=ACTIVE).update(
                expires_at=max(latest.expires_at, expires_at), changed_at=now
            )
            if changed:
                latest.expires_at = max(latest.expires_at, expires_at)
                return _view(latest, _lines(latest.pk))
        if latest.state in LIVING:
            raise HoldExists()
        wanted = {line.variant_id: line.quantity for line in _lines(latest.pk)}
        row = Hold(
            id=new_id(),
            subject_id=subject_id,
            owner_key=latest.owner_key,
            store_id=latest.store_id,
            state=ACTIVE,
            expires_at=expires_at,
            created_at=now,
            changed_at=now,
        )
        if not statements.open_hold(row, 0):
            raise HoldExists()
        return _filled(row, dict(sorted(wanted.items())), now)


def _opened(row: Hold, most: int, now: datetime) -> bool:
    """Writes the hold row. Slots of lapsed holds are freed before the buyer is refused."""
    for _ in range(most + 1):
        if statements.open_hold(row, most):
            return True
        if not most or Hold.objects.filter(subject_id=row.subject_id, state__in=LIVING).exists():
            return False
        full = Hold.objects.filter(owner_key=row.owner_key, state=ACTIVE, slot__isnull=False).count() >= most
        if full and not free_expired_of_buyer(row.owner_key, now):
            return False
    return False


def _replayed(subject_id: UUID, store_id: UUID, wanted: Mapping[UUID, int], now: datetime, most: int) -> HoldView:
    known = Hold.objects.filter(subject_id=subject_id, state__in=LIVING).first()
    if known is None:
        raise TooManyHolds(limit=most)
    lines = _lines(known.pk)
    kept = {line.variant_id: line.quantity for line in lines}
    same = all(kept.get(variant_id, n) == n for variant_id, n in wanted.items()) and kept.keys() <= wanted.keys()
    if known.store_id != store_id or not same:
        raise HoldExists()
    if known.state == ACTIVE and known.expires_at <= now:
        raise HoldExpired()
    return _view(known, lines)


def _filled(row: Hold, wanted: Mapping[UUID, int], now: datetime) -> HoldView:
    taken = statements.take(row.store_id, wanted) if wanted else {}
    if len(taken) < len(wanted):
        taken |= _second_try(row.store_id, {key: n for key, n in wanted.items() if key not in taken}, now)
    insert(
        [
            HoldLine(hold_id=row.pk, item_id=item_id, quantity=wanted[variant_id])
            for variant_id, item_id in taken.items()
        ]
    )
    return _view(row, tuple(HoldLineView(key, wanted[key], 0, 0) for key in wanted if key in taken))


def _second_try(store_id: UUID, missed: Mapping[UUID, int], now: datetime) -> dict[UUID, UUID]:
    """Of what was not taken: untracked goods pass; for the rest, lapsed holds are freed and it is tried once more."""
    items = _tracked(store_id, missed)
    if not items:
        return {}
    short = {item.variant_id: missed[item.variant_id] for item in items}
    free_expired_of_items([item.pk for item in items], now)
    taken = statements.take(store_id, dict(sorted(short.items())))
    if len(taken) < len(short):
        raise LastOneGone(
            shortages=tuple(
                Shortage(
                    item.variant_id,
                    short[item.variant_id],
                    max(0, item.on_hand - item.allocated - item.held - item.safety),
                )
                for item in _tracked(store_id, short)
                if item.variant_id not in taken
            )
        )
    return taken


def _tracked(store_id: UUID, variants: Iterable[UUID]) -> list[StockItem]:
    return list(StockItem.objects.filter(store_id=store_id, variant_id__in=list(variants), tracked=True).order_by("id"))


def _explain(subject_id: UUID) -> NoReturn:
    state = (
        Hold.objects.filter(subject_id=subject_id).order_by("-created_at", "-id").values_list("state", flat=True)[:1]
    )
    found = next(iter(state), None)
    if found is None:
        raise NoHold()
    if found == CONVERTED:
        raise HoldExists()
    raise HoldExpired()


def _lines(hold_id: UUID) -> tuple[HoldLineView, ...]:
    rows = HoldLine.objects.filter(hold_id=hold_id).order_by("item__variant_id")
    return tuple(HoldLineView(*row) for row in rows.values_list("item__variant_id", "quantity", "released", "issued"))


def _view(row: Hold, lines: tuple[HoldLineView, ...]) -> HoldView:
    return HoldView(row.pk, row.subject_id, row.owner_key, row.store_id, row.state, row.expires_at, lines)
