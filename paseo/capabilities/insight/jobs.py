"""What insight does by itself."""

from __future__ import annotations

from datetime import datetime

from paseo.capabilities.insight.folding import PORTION, fold_new
from paseo.platform.jobs import every


@every(seconds=5, name="insight.fold")
def fold(now: datetime) -> None:
    for _ in range(50):
        if fold_new() < PORTION:
            break
