"""What crosses the border."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class PersonView:
    """``email`` is None once the person was erased."""

    id: UUID
    email: str | None
    name: str
    phone: str
    locale: str
    created_at: datetime
    erased_at: datetime | None

    @property
    def label(self) -> str:
        """The name, or the address, or nothing for somebody who was erased."""
        return self.name or self.email or ""


@dataclass(frozen=True)
class SessionView:
    """``handle`` names the session without being a key to it."""

    handle: UUID
    device: str
    started_at: datetime | None
    seen_at: datetime | None
    is_current: bool


@dataclass(frozen=True)
class Security:
    has_password: bool
    has_second_factor: bool
    recovery_codes_left: int


@dataclass(frozen=True)
class FactorSetup:
    """``secret`` for typing, ``uri`` for the QR code."""

    secret: str
    uri: str


@dataclass(frozen=True)
class SignedIn:
    """Told to every hook after a sign-in. ``joins_journey``: the person agreed to keep what this device did so far."""

    person_id: UUID
    visitor_id: UUID | None
    joins_journey: bool
    is_new: bool
    locale: str
    at: datetime
