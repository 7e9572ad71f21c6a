"""The end of vouchers nobody used."""

from __future__ import annotations

from datetime import datetime

from paseo.capabilities.vouchers.models import Voucher
from paseo.capabilities.vouchers.states import VOUCHER
from paseo.kernel.states import NotAllowed
from paseo.platform.db.unit import operation, transition


@operation
def expire_due(*, now: datetime, limit: int = 500) -> int:
    """Marks claimed vouchers whose time is over as expired. The counters stay: a piece was issued."""
    due = (
        Voucher.objects.filter(state="claimed", valid_until__lte=now)
        .order_by("valid_until")
        .values_list("id", flat=True)
    )
    expired = 0
    for voucher_id in list(due[:limit]):
        try:
            transition(Voucher, voucher_id, VOUCHER, "expire", was="claimed", now=now, actor="job")
        except NotAllowed:
            continue
        expired += 1
    return expired
