from __future__ import annotations

from datetime import datetime, timedelta

from paseo.platform.idempotency.replay import forget
from paseo.platform.jobs import every

KEPT = timedelta(days=7)


@every(seconds=3600, name="idempotency.forget")
def forget_old_answers(now: datetime) -> None:
    while forget(before=now - KEPT):
        pass
