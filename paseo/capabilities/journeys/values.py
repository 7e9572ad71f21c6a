"""What crosses the border of journeys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from paseo.capabilities.journeys.kinds import KINDS
from paseo.capabilities.journeys.modes import MODE_KEYS, MODES, Classified, Met, Mode, Step, classify, mode_of

__all__ = [
    "KINDS",
    "MODES",
    "MODE_KEYS",
    "AnonymousStep",
    "Classified",
    "ContactView",
    "LinkView",
    "Met",
    "Mode",
    "NewContact",
    "Step",
    "Touch",
    "Touches",
    "classify",
    "mode_of",
]


@dataclass(frozen=True, slots=True)
class ContactView:
    seq: int
    id: UUID
    at: datetime
    kind: str
    visitor_id: UUID | None
    person_id: UUID | None
    touchpoint_id: UUID | None
    campaign: str
    store_id: UUID | None
    merchant_id: UUID | None
    subject_id: UUID | None
    channel: str
    mode: str = ""
    amount_minor: int = 0
    currency: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NewContact:
    """A contact to be recorded. ``contact_id`` makes a repetition harmless; without it every call is a new contact."""

    kind: str
    at: datetime
    visitor_id: UUID | None = None
    person_id: UUID | None = None
    touchpoint_id: UUID | None = None
    campaign: str = ""
    store_id: UUID | None = None
    merchant_id: UUID | None = None
    subject_id: UUID | None = None
    channel: str = ""
    mode: str = ""
    amount_minor: int = 0
    currency: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)
    contact_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Touch:
    """A contact at a touchpoint, as attribution sees it."""

    contact_id: UUID
    touchpoint_id: UUID
    campaign: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Touches:
    """First and last touch within the window; the same one when there was only one."""

    first: Touch | None = None
    last: Touch | None = None


@dataclass(frozen=True, slots=True)
class LinkView:
    """One step of the merge history of a visitor or a person."""

    visitor_id: UUID
    person_id: UUID
    at: datetime
    since: datetime | None
    until: datetime | None
    undone_at: datetime | None
    undone_why: str

    @property
    def active(self) -> bool:
        return self.undone_at is None


@dataclass(frozen=True, slots=True)
class AnonymousStep:
    """One step of a path without who it was: kind, moment, touchpoint."""

    kind: str
    at: datetime
    touchpoint_id: UUID | None
    channel: str
