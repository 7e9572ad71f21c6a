from __future__ import annotations

from datetime import datetime

from paseo.platform.consent.operations import forget_old
from paseo.platform.jobs import every


@every(seconds=86400, name="consent.forget_old", longest=3600)
def forget(now: datetime) -> None:
    forget_old(now)
