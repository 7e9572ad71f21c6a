from __future__ import annotations

from datetime import datetime

from paseo.platform.jobs import every
from paseo.platform.notices.sending import send_due


@every(seconds=20, name="notices.send_due")
def send(now: datetime) -> None:
    """Second tries, and what a worker that died had taken. First tries are tasks."""
    send_due(now)
