from __future__ import annotations

from datetime import datetime

from paseo.platform.jobs import every
from paseo.platform.limits.operations import clear_full


@every(seconds=3600, name="limits.clear_full")
def clear(now: datetime) -> None:
    clear_full(now)
