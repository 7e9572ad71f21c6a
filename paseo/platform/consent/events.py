"""Facts this package publishes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from paseo.kernel.events import event


@event("consent.consent_given")
@dataclass(frozen=True)
class ConsentGiven:
    purpose: str
    text_version: int
    at: datetime
    person_id: UUID | None = None
    visitor_id: UUID | None = None

    @property
    def subject(self) -> str:
        return f"person:{self.person_id}" if self.person_id else f"visitor:{self.visitor_id}"


@event("consent.consent_withdrawn")
@dataclass(frozen=True)
class ConsentWithdrawn:
    purpose: str
    at: datetime
    person_id: UUID | None = None
    visitor_id: UUID | None = None

    @property
    def subject(self) -> str:
        return f"person:{self.person_id}" if self.person_id else f"visitor:{self.visitor_id}"


@event("consent.person_erased")
@dataclass(frozen=True)
class PersonErased:
    """The id is all that is left; it no longer leads to a name."""

    person_id: UUID
    at: datetime

    @property
    def subject(self) -> str:
        return f"person:{self.person_id}"
