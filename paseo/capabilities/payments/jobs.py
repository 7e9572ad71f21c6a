"""What payments does by itself."""

from __future__ import annotations

from datetime import datetime

from paseo.capabilities.payments import operations
from paseo.platform.jobs import every


@every(seconds=5, name="payments.send_refunds")
def send_refunds(now: datetime) -> None:
    operations.send_refunds(now=now)


@every(seconds=300, name="payments.expire_due")
def expire_due(now: datetime) -> None:
    operations.expire_due(now=now)
