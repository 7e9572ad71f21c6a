"""What crosses the border."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID


@dataclass(frozen=True, slots=True)
class EndpointView:
    """``off_because``: asked, failing or gone. ``waiting`` and ``dead`` count messages."""

    id: UUID
    name: str
    url: str
    types: tuple[str, ...]
    state: str
    off_because: str
    created_at: datetime
    failing_since: datetime | None
    next_at: datetime
    delivered_at: datetime | None
    waiting: int
    dead: int
    old_secret_until: datetime | None

    @property
    def on(self) -> bool:
        return self.state == "on"


@dataclass(frozen=True, slots=True)
class FailingView:
    """An endpoint of some firm that takes nothing, as the operator sees it. ``off``: nobody tries it any more."""

    id: UUID
    tenant_id: UUID
    name: str
    url: str
    since: datetime
    off: bool


@dataclass(frozen=True, slots=True)
class MessageView:
    """``body`` is what is posted. ``status`` 0: there was no answer, ``error`` says why."""

    id: UUID
    event_id: UUID
    seq: int
    type: str
    state: str
    made_at: datetime
    tries: int
    tried_at: datetime | None
    status: int
    answer: str
    error: str
    milliseconds: int
    body: str


@dataclass(frozen=True, slots=True)
class Issued:
    """``secret`` is shown once and cannot be read again."""

    id: UUID
    secret: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one post. ``status`` 0: no answer came, for the reason in ``error``."""

    status: int
    answer: str = ""
    error: str = ""
    milliseconds: int = 0
    retry_after: int | None = None

    @property
    def delivered(self) -> bool:
        return 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        return self.status == 410

    @property
    def absent(self) -> bool:
        """The receiver is not there, or asks for a pause: it has not looked at the message."""
        return self.status in {0, 429, 502, 503, 504}


@dataclass(frozen=True, slots=True)
class EventPage:
    """Events as CloudEvents, oldest first. ``cursor`` is given as ``after`` to read on, also later."""

    items: list[dict[str, Any]]
    cursor: int
    more: bool
