"""Sweeps of the platform's own tables."""

from __future__ import annotations

from datetime import datetime, timedelta

from paseo.platform.jobs.auditing import look_at_everything
from paseo.platform.jobs.registry import every
from paseo.platform.jobs.tasks import enqueue_once
from paseo.platform.outbox import operations as outbox


@every(seconds=3600, name="outbox.forget_deliveries")
def forget_deliveries(now: datetime) -> None:
    while outbox.forget_deliveries(before=now - timedelta(days=2)):
        pass


@every(seconds=86400, name="audit.look")
def look(now: datetime) -> None:
    """A task of its own: over months of orders it takes longer than a sweep may."""
    enqueue_once(look_at_everything)
