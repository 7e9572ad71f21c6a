"""What nobody paid for in time goes back to the shelf.

Holds are looked for with SKIP LOCKED: one that is being converted at this moment belongs to its buyer.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet

from paseo.capabilities.inventory import statements
from paseo.capabilities.inventory.models import Hold, HoldLine
from paseo.capabilities.inventory.states import ACTIVE, EXPIRED
from paseo.platform.db.unit import operation


@operation
def expire_due(*, now: datetime, limit: int = 500) -> int:
    """Ends up to ``limit`` lapsed holds and frees their goods; the number of holds ended or finished."""
    return _expire(_lapsed(now), now, limit)


def free_expired_of_buyer(owner_key: str, now: datetime) -> int:
    """Ends the lapsed holds of one buyer, so that their slots are free."""
    return _expire(Hold.objects.filter(owner_key=owner_key, state=ACTIVE, expires_at__lte=now), now, 100)


def free_expired_of_items(item_ids: Sequence[UUID], now: datetime) -> int:
    """Frees what lapsed holds keep of these items, which the caller has locked; other items of the holds stay for
    ``expire_due``, since locking them now could run against somebody else's order."""
    keeping = HoldLine.objects.filter(item_id__in=item_ids, quantity__gt=F("released") + F("issued"))
    holds = Hold.objects.filter(
        Q(state=EXPIRED) | Q(state=ACTIVE, expires_at__lte=now), id__in=keeping.values("hold_id")
    )
    ids = _locked(holds, 1000)
    if ids:
        _end(ids, now)
        statements.free(ids, item_ids)
    return len(ids)


def _lapsed(now: datetime) -> QuerySet[Hold]:
    unfinished = HoldLine.objects.filter(hold__state=EXPIRED, quantity__gt=F("released") + F("issued"))
    return Hold.objects.filter(
        Q(state=ACTIVE, expires_at__lte=now) | Q(state=EXPIRED, id__in=unfinished.values("hold_id"))
    )


def _expire(holds: QuerySet[Hold], now: datetime, limit: int) -> int:
    ids = _locked(holds, limit)
    if ids:
        _end(ids, now)
        statements.free(ids)
    return len(ids)


def _locked(holds: QuerySet[Hold], limit: int) -> list[UUID]:
    return list(holds.select_for_update(skip_locked=True).order_by("expires_at").values_list("id", flat=True)[:limit])


def _end(ids: Sequence[UUID], now: datetime) -> None:
    Hold.objects.filter(id__in=ids, state=ACTIVE).update(state=EXPIRED, slot=None, changed_at=now)
