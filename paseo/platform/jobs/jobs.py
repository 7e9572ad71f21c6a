"""Sweeps of the platform's own tables."""

from __future__ import annotations

from datetime import datetime, timedelta

from paseo.platform.jobs.registry import every
from paseo.platform.outbox import operations as outbox


@every(seconds=3600, name="outbox.forget_deliveries")
def forget_deliveries(now: datetime) -> None:
    while outbox.forget_deliveries(before=now - timedelta(days=2)):
        pass
