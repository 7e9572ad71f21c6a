from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class EventView:
    seq: int
    id: UUID
    type: str
    version: int
    subject: str
    tenant_id: UUID | None
    place_id: UUID | None
    at: datetime
    body: dict[str, Any]

    @property
    def topics(self) -> tuple[str, ...]:
        """Where this event is announced: its subject, its store, its merchant, the city."""
        topics = [self.subject]
        if self.place_id:
            topics.append(f"store:{self.place_id}")
        if self.tenant_id:
            topics.append(f"merchant:{self.tenant_id}")
        return (*topics, "city")


@dataclass(frozen=True, slots=True)
class FailureView:
    id: UUID
    event: EventView
    reaction: str
    state: str
    attempts: int
    next_at: datetime
    first_at: datetime
    last_at: datetime
    error: str

    @property
    def sentence(self) -> str:
        """The last line of the error."""
        lines = self.error.strip().splitlines()
        return lines[-1] if lines else ""


@dataclass(frozen=True, slots=True)
class RelayView:
    holder: str
    until: datetime | None
    delivered: int
    skipped: int
    failed: int
    pending: int
    oldest_pending_at: datetime | None
    waiting: int
    dead: int
