"""What vouchers do by themselves."""

from __future__ import annotations

from datetime import datetime

from paseo.capabilities.vouchers.operations import expire_due
from paseo.platform.jobs import every


@every(seconds=600, name="vouchers.expire_due")
def expire(now: datetime) -> None:
    while expire_due(now=now) == 500:
        pass
