from __future__ import annotations

from datetime import datetime, timedelta

from paseo.platform.jobs import enqueue_once, every
from paseo.platform.webhooks import operations, sending
from paseo.platform.webhooks.tasks import send_waiting

KEEP_DELIVERED = timedelta(days=30)
KEEP_DEAD = timedelta(days=90)


@every(seconds=5, name="webhooks.send_due")
def send_due(now: datetime) -> None:
    """Wakes the sender for what has rested long enough; new messages wake it themselves."""
    if sending.is_due(now):
        enqueue_once(send_waiting)


@every(seconds=3600, name="webhooks.forget_old")
def forget_old(now: datetime) -> None:
    while operations.forget_old(delivered_before=now - KEEP_DELIVERED, dead_before=now - KEEP_DEAD):
        pass
