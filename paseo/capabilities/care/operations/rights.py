"""Who may review what: one right per consumed line."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from paseo.capabilities.care.models import Review, ReviewRight
from paseo.capabilities.care.rules import DAYS_TO_REVIEW
from paseo.capabilities.care.values import ConsumedLine
from paseo.kernel.ids import new_id
from paseo.platform.db.unit import operation


@operation
def grant_rights(
    *, order_id: UUID, store_id: UUID, merchant_id: UUID, owner: str, lines: Sequence[ConsumedLine], now: datetime
) -> None:
    """One right for each line that was handed over, in one INSERT. Repeating it changes nothing."""
    ReviewRight.objects.bulk_create(
        [
            ReviewRight(
                id=new_id(),
                order_id=order_id,
                line_id=line.line_id,
                store_id=store_id,
                merchant_id=merchant_id,
                owner=owner,
                variant_id=line.variant_id,
                names=dict(line.names),
                consumed_at=now,
                expires_at=now + timedelta(days=DAYS_TO_REVIEW),
            )
            for line in lines
        ],
        ignore_conflicts=True,
    )


@operation
def end_rights(*, order_id: UUID, now: datetime) -> int:
    """The order was taken back whole: rights that were not used end now. What was written stays. Returns how many."""
    used = Review.objects.filter(right__order_id=order_id).values("right_id")
    return ReviewRight.objects.filter(order_id=order_id, expires_at__gt=now).exclude(id__in=used).update(expires_at=now)
