"""What ledger does by itself."""

from __future__ import annotations

from datetime import datetime

from paseo.capabilities.ledger.operations import make_checkpoints
from paseo.platform.jobs import every


@every(seconds=600, name="ledger.make_checkpoints")
def keep_balances_quick(now: datetime) -> None:
    make_checkpoints(now=now)
