"""One line of what waits for a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from paseo.platform.ui.values import Act


@dataclass(frozen=True, slots=True)
class Problem:
    """``waits`` says for how long the oldest of the ``count`` has been so. ``store_id``: it is a shop's, to be called at
    ``phone``."""

    key: str
    since: datetime
    waits: str
    title: str
    detail: str
    act: Act
    count: int = 1
    store_id: UUID | None = None
    phone: str = ""
