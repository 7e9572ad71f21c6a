"""Facts about journeys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from paseo.kernel.events import event


@event("journeys.contact_kept")
@dataclass(frozen=True, slots=True)
class ContactKept:
    """A contact that the stream database could not take; it is written there as soon as it can."""

    contact_id: UUID
    at: datetime
    body: dict[str, Any]

    @property
    def subject(self) -> str:
        return f"contact:{self.contact_id}"


@event("journeys.visitor_linked")
@dataclass(frozen=True, slots=True)
class VisitorLinked:
    visitor_id: UUID
    person_id: UUID
    at: datetime

    @property
    def subject(self) -> str:
        return f"person:{self.person_id}"


@event("journeys.visitor_unlinked")
@dataclass(frozen=True, slots=True)
class VisitorUnlinked:
    visitor_id: UUID
    person_id: UUID
    at: datetime
    why: str

    @property
    def subject(self) -> str:
        return f"person:{self.person_id}"
