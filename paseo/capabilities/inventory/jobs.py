"""What inventory does by itself."""

from __future__ import annotations

from datetime import datetime

from paseo.capabilities.inventory.operations import expire_due
from paseo.platform.jobs import every


@every(seconds=10, name="inventory.expire_due")
def free_lapsed_holds(now: datetime) -> None:
    """Batch by batch, each in its own transaction, until nothing is due."""
    while expire_due(now=now, limit=200) == 200:
        pass
