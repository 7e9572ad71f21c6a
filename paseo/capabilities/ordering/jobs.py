"""What ordering does by itself."""

from __future__ import annotations

from datetime import datetime

from paseo.capabilities.ordering import operations
from paseo.platform.jobs import every


@every(seconds=15, name="ordering.sweep")
def sweep(now: datetime) -> None:
    operations.sweep(now=now)


@every(seconds=30, name="ordering.finish_stuck")
def finish_stuck(now: datetime) -> None:
    operations.finish_stuck(now=now)


@every(seconds=3600, name="ordering.forget_old_carts")
def forget_old(now: datetime) -> None:
    operations.forget_old(now=now)
