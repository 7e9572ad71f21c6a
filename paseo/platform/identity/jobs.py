from __future__ import annotations

from datetime import datetime

from paseo.platform.identity.operations import clear_expired_sessions, clear_old_codes
from paseo.platform.jobs import every


@every(seconds=3600, name="identity.clear_old")
def clear(now: datetime) -> None:
    clear_expired_sessions(now)
    clear_old_codes(now)
