from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class NoticeKind:
    """``purpose``: "essential" always goes out; any other name needs the person's consent to it.

    ``secret``: its parameters are forgotten as soon as it was sent, and it never shows in an inbox.
    """

    key: str
    channels: tuple[str, ...] = ("inbox", "email")
    purpose: str = "essential"
    secret: bool = False


@dataclass(frozen=True)
class Words:
    subject: str
    body: str


@dataclass(frozen=True)
class InboxItem:
    id: UUID
    kind: str
    subject: str
    body: str
    at: datetime
    is_read: bool
    about: str


@dataclass(frozen=True)
class InboxPage:
    """Newest first. ``next`` is given as ``after`` to read on; None at the end."""

    items: tuple[InboxItem, ...]
    next: UUID | None


@dataclass(frozen=True)
class LetterView:
    id: UUID
    to: str
    sender: str
    subject: str
    body: str
    at: datetime


@dataclass(frozen=True)
class FailedDelivery:
    id: UUID
    kind: str
    channel: str
    attempts: int
    error: str
    at: datetime
